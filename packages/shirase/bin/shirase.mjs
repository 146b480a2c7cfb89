#!/usr/bin/env node
/**
 * The `shirase` command. Needs Node 24 (its own SQLite); on an older Node it looks for the one that the npm package
 * `node` installed beside it and goes on there. In a checkout it runs the sources, as installed the built files.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const CHECKOUT_DOOR = join(PACKAGE, "..", "..", "tools", "run.mjs");
const BUILT = join(PACKAGE, "dist", "bin.js");

if (existsSync(join(PACKAGE, "src", "bin.ts")) && existsSync(CHECKOUT_DOOR)) {
  goOn(process.execPath, [CHECKOUT_DOOR, "shirase", ...process.argv.slice(2)]);
} else if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(new URL("../dist/bin.js", import.meta.url).href);
} else {
  const node = pinnedNode();
  if (node) goOn(node, [BUILT, ...process.argv.slice(2)]);
  else {
    process.stderr.write(
      `shirase: Node 24 or newer is needed, this is ${process.version}. Install it, then run this again.\n`,
    );
    process.exitCode = 1;
  }
}

function pinnedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const file = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function goOn(file, args) {
  const child = spawn(file, args, { stdio: "inherit" });
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", (error) => {
    process.stderr.write(`shirase: could not start ${file}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1);
  });
}
