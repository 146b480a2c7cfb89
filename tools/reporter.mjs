/**
 * What `npm test` prints of one group: every failure whole, every skip with its reason, nothing else; then the counts
 * as one JSON line on the file that SHIRASE_COUNTS names, for tools/test.ts to add up.
 */
import { appendFileSync } from "node:fs";

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type === "test:stderr" || type === "test:stdout") continue;
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite" && type === "test:pass") continue;
    if (data.skip !== undefined) {
      counts.skipped += 1;
      yield `SKIPPED ${data.name}: ${data.skip || "no reason given"}\n`;
    } else if (type === "test:pass") {
      counts.passed += 1;
    } else if (isOwnFailure(data)) {
      counts.failed += 1;
      yield `\nFAILED ${data.name}  (${data.file ?? ""}:${data.line ?? ""})\n${indent(textOf(data.details.error))}\n`;
    }
  }
  if (process.env.SHIRASE_COUNTS) appendFileSync(process.env.SHIRASE_COUNTS, `${JSON.stringify(counts)}\n`);
}

/** A suite also fails when a test in it does; only the test itself counts. */
function isOwnFailure(data) {
  return data.details?.error?.failureType !== "subtestsFailed";
}

function textOf(error) {
  const cause = error?.cause ?? error;
  return typeof cause === "string" ? cause : (cause?.stack ?? String(cause?.message ?? cause));
}

function indent(text) {
  return text.replaceAll(/^/gm, "    ");
}
