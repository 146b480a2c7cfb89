/**
 * `npm run try:deploy`: what `cdk deploy` makes of the example's config, without AWS. Installs and starts two emulators,
 * deploys with the CDK's own command line, puts events and says what arrived; then cleans up.
 *
 * `--keep` leaves the emulators up until Ctrl-C, to look around with the AWS CLI. Exit code 0: all is as it must be;
 * 1: something is not; 3: this machine cannot run it, with the reason; 130: it was interrupted.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { tryAmazonQ } from "./amazon-q-trial.ts";
import { type Trial, tryHub } from "./hub-trial.ts";

const EXIT = { done: 0, wrong: 1, cannot: 3, interrupted: 130 } as const;
const INTRODUCTION =
  "shirase: the hub deployed with the AWS CDK, on 127.0.0.1 only. Nothing here touches AWS.\n" +
  "The first run installs two emulators and the CDK's command line into .cache: one to two minutes.\n";
const GOODBYE = "\nCleaned up: emulators stopped, files deleted. What was installed stays in .cache for the next time.";

const { values } = parseArgs({ options: { keep: { type: "boolean", default: false } } });
const cleanUps: (() => Promise<void>)[] = [];
const folder = mkdtempSync(join(tmpdir(), "shirase-try-"));
const interrupted = new Promise<number>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve(EXIT.interrupted));
});

console.log(INTRODUCTION);
const code = await Promise.race([tryAll(), interrupted]);
if (code === EXIT.done && values.keep) {
  console.log("\nStill up, until Ctrl-C.");
  await interrupted;
}
for (const cleanUp of cleanUps.reverse()) await cleanUp().catch(complain);
rmSync(folder, { recursive: true, force: true });
console.log(GOODBYE);
// What an interruption left under way would keep this process; it ends with it.
process.exit(code);

async function tryAll(): Promise<number> {
  const trial: Trial = { say: console.log, onEnd: (cleanUp) => cleanUps.push(cleanUp), folder };
  const ways: string[] = [];
  try {
    for (const part of [tryHub, tryAmazonQ]) {
      const tried = await part(trial);
      if ("skip" in tried) {
        console.error(`This machine cannot run it: ${tried.skip}`);
        return EXIT.cannot;
      }
      ways.push(`  ${tried.emulator.padEnd(10)}export AWS_ENDPOINT_URL=${tried.endpoint}`);
    }
  } catch (error) {
    complain(error);
    return EXIT.wrong;
  }
  const account = "AWS_ACCESS_KEY_ID=111111111111 AWS_SECRET_ACCESS_KEY=any";
  if (values.keep) console.log(`\nTo look around: export ${account}, and one of\n${ways.join("\n")}`);
  return EXIT.done;
}

function complain(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
}
