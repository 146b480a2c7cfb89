/**
 * The code of the Lambda functions: one file each with only what it uses, and the config beside them. Whoever installed
 * shirase has the files as they were built; in this repository they are made when they are asked for.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Config } from "@shirase/core/config";

/** Each has a file of its name, with a `handler`. */
const FUNCTIONS = ["intake", "deliver", "tick", "door"] as const;
/** What the functions read at their start. */
const CONFIG_FILE = "config.json";

/** Where the built package has them; and, for the paths in source maps, where they are as good as made. */
const BUILT = join(import.meta.dirname, "..", "dist", "functions");

/**
 * Writes the code of a config's functions into a folder, which is made.
 *
 * @returns what tells this code from any other: the same for the same code and config, wherever it is made.
 */
export async function writeFunctionCode(folder: string, config: Config): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const isBuilt = import.meta.url.endsWith(".js") && existsSync(BUILT);
  if (isBuilt) cpSync(BUILT, folder, { recursive: true });
  else await bundleFunctions(folder);
  writeFileSync(join(folder, CONFIG_FILE), JSON.stringify(config));
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 32);
}

type File = { readonly path: string; readonly contents: Uint8Array };
/** Made once: sources do not change while a command runs. */
let bundled: Promise<readonly File[]> | undefined;

/** Makes the functions' files out of the sources. Only in this repository, where esbuild is. */
export async function bundleFunctions(folder: string): Promise<void> {
  bundled ??= bundle();
  const files = await bundled;
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of files) writeFileSync(join(folder, basename(path)), contents);
}

async function bundle(): Promise<readonly File[]> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: FUNCTIONS.map((name) => join(import.meta.dirname, "lambda", `${name}.ts`)),
    outdir: BUILT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    conditions: ["@shirase/source"],
    mainFields: ["module", "main"],
    // Packages in the old format ask for Node's own modules by `require`, which such a file does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: "error",
    write: false,
  });
  return outputFiles;
}
