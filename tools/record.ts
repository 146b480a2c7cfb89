/**
 * `npm run record`: the crossing on localemu once more, writing what arrives at the hub into
 * packages/testkit/events/crossing for the tests that need no emulator. Every id and time is new: read the diff for
 * what else is.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const crossing = join(import.meta.dirname, "..", "packages", "shirase", "src", "crossing.emulator.test.ts");
const env = { ...process.env, RECORD_CROSSING: "1" };
const args = ["--conditions=@shirase/source", "--test", crossing];
process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit", env }).status ?? 1;
