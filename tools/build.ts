/**
 * `npm run build`: each published package as ESM with types in its dist/. With `--check` also what a user would get:
 * packed tarballs looked at by publint and are-the-types-wrong, then installed into an empty folder and run.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunctions } from "../packages/relay/src/function-code.ts";

const ROOT = join(import.meta.dirname, "..");
const BIN = join(ROOT, "node_modules", ".bin");
/** In the order they need each other's types. */
const PUBLISHED = ["event-pattern", "fake-slack", "core", "infra", "cdk", "relay", "shirase"] as const;

/** A config whose relay runs on Lambda. */
const ON_AWS = {
  hub: { account: "111111111111", region: "ap-northeast-1", relay: "aws" },
  slack: { workspace: "T0123456789", token: { ssm: "/shirase/slack-token" } },
  customers: [{ id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" } }],
};

for (const name of PUBLISHED) build(name);
// What `shirase deploy` puts on Lambda: whoever installs shirase has no esbuild.
await bundleFunctions(join(ROOT, "packages", "relay", "dist", "functions"));
if (process.argv.includes("--check")) check();

function build(name: string): void {
  const folder = join(ROOT, "packages", name);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  // No source condition here: types come from the other packages' dist, as they will for whoever installs them.
  const emit = ["--noEmit", "false", "--rootDir", "src", "--outDir", "dist", "--customConditions", "none"];
  const outputs = ["--declaration", "--declarationMap", "false", "--sourceMap", "false"];
  run(join(BIN, "tsc"), ["-p", "tsconfig.json", ...emit, ...outputs], folder);
  cpSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
}

function check(): void {
  const folder = mkdtempSync(join(tmpdir(), "shirase-pack-"));
  try {
    const tarballs = PUBLISHED.map((name) => pack(name, folder));
    for (const tarball of tarballs) lookAt(tarball);
    tryAsUser(folder, tarballs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pack(name: string, folder: string): string {
  const where = join(ROOT, "packages", name);
  const out = execFileSync(npm(), ["pack", "--json", "--pack-destination", folder], { cwd: where }).toString("utf8");
  const answer: unknown = JSON.parse(out);
  const [first] = Array.isArray(answer) ? answer : Object.values(answer as object);
  return join(folder, String(first.filename).replace("@", "").replace("/", "-"));
}

function lookAt(tarball: string): void {
  run(join(BIN, "publint"), ["run", tarball, "--strict"], ROOT);
  // Every package is ESM for Node; CommonJS users of it are told so by Node itself.
  const isCommand = tarball.includes("/shirase-0") || /\/shirase-\d/.test(tarball);
  if (!isCommand) run(join(BIN, "attw"), [tarball, "--profile", "esm-only", "--quiet"], ROOT);
}

/** Installs the tarballs where nothing else is and runs the command once. */
function tryAsUser(folder: string, tarballs: readonly string[]): void {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  run(npm(), ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", ...tarballs], folder);
  const command = join(folder, "node_modules", ".bin", "shirase");
  if (!existsSync(command)) throw new Error("the packed `shirase` brings no command");
  run(command, ["--version"], folder);
  const use =
    'import { matches, parsePattern } from "@shirase/event-pattern"; console.log(typeof matches, typeof parsePattern)';
  run(process.execPath, ["--input-type=module", "--eval", use], folder);
  run(
    command,
    ["synth", "--config", join(ROOT, "examples", "three-customers", "shirase.yaml"), "--out", "out"],
    folder,
  );
  writeFileSync(join(folder, "on-aws.json"), JSON.stringify(ON_AWS));
  run(command, ["synth", "--config", "on-aws.json", "--only", "relay", "--out", "on-aws"], folder);
  if (!existsSync(join(folder, "on-aws", "relay", "intake.mjs"))) throw new Error("synth wrote no code of functions");
  for (const file of ["app.ts", "shirase.yaml"]) cpSync(join(ROOT, "examples", "cdk-app", file), join(folder, file));
  run(process.execPath, ["app.ts"], folder);
}

function npm(): string {
  return process.platform === "win32" ? "npm.cmd" : "npm";
}

function run(file: string, args: readonly string[], cwd: string): void {
  const done = spawnSync(file, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (done.status === 0) return;
  throw new Error(
    `${file.split("/").at(-1)} ${args.join(" ")} failed in ${cwd}: ${done.error?.message ?? `exit ${done.status}`}`,
  );
}
