/**
 * `npm run golden` (and `npm run docs`): writes golden files, the JSON Schema and the generated references anew from
 * the code, by running the unit tests with GOLDEN=1. Read the diff before you commit it.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const test = join(import.meta.dirname, "test.ts");
const env = { ...process.env, GOLDEN: "1" };
const args = ["--conditions=@shirase/source", test, "unit"];
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
