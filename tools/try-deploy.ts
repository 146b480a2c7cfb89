/**
 * `npm run try:deploy`: what `cdk deploy` would make of the example's config on AWS, without AWS. Installs and starts two
 * emulators, deploys with the CDK's own command line, puts events and says what arrived; then cleans up.
 *
 * `--keep` leaves the emulators up until Ctrl-C, to look around with the AWS CLI. Exit code 0: all is as it must be;
 * 1: something is not; 3: this machine cannot run it, with the reason.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tryAmazonQ } from "./amazon-q-trial.ts";
import { type Trial, tryHub } from "./hub-trial.ts";

const EXIT = { wrong: 1, cannot: 3, interrupted: 130 } as const;

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const cleanUps: (() => Promise<void>)[] = [];
const folder = mkdtempSync(join(tmpdir(), "shirase-try-"));
const trial: Trial = { say: console.log, onEnd: (cleanUp) => cleanUps.push(cleanUp), folder };

const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve("interrupted"));
});

console.log("Emulators on 127.0.0.1 only; nothing here touches AWS. The first run installs them: about a minute.\n");
const ended = await Promise.race([tryAll(), interrupted]);
if (ended === "done" && values.keep) {
  console.log("\nStill up: AWS_ACCESS_KEY_ID=111111111111 AWS_SECRET_ACCESS_KEY=any aws --endpoint-url … Ctrl-C ends it.");
  await interrupted;
}
for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(complain);
rmSync(folder, { recursive: true, force: true });
console.log("\nCleaned up: emulators stopped, files deleted; installed programs stay in .cache for the next time.");
// A cdk that an interruption left behind ends with its emulator; nobody waits for it.
process.exit(ended === "interrupted" ? EXIT.interrupted : process.exitCode);

async function tryAll(): Promise<"done" | "stopped"> {
  try {
    for (const part of [tryHub, tryAmazonQ]) {
      const reason = await part(trial);
      if (reason === undefined) continue;
      console.error(`This machine cannot run it: ${reason}`);
      process.exitCode = EXIT.cannot;
      return "stopped";
    }
    return "done";
  } catch (error) {
    complain(error);
    return "stopped";
  }
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = EXIT.wrong;
}
