/**
 * What `npm test` prints of one group: every failure whole, every skip with its reason, nothing else; then the counts
 * as one JSON line on the file that SHIRASE_COUNTS names, for tools/test.ts to add up.
 */
import { appendFileSync } from "node:fs";

// biome-ignore lint/style/noDefaultExport: node:test loads a reporter by its default export.
export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    const outcome = outcomeOf(type, data);
    if (outcome === undefined) continue;
    counts[outcome] += 1;
    if (outcome === "skipped") yield `SKIPPED ${data.name}: ${data.skip || "no reason given"}\n`;
    if (outcome === "failed")
      yield `\nFAILED ${data.name}  (${placeOf(data)})\n${indent(textOf(data.details.error))}\n`;
  }
  if (process.env.SHIRASE_COUNTS) appendFileSync(process.env.SHIRASE_COUNTS, `${JSON.stringify(counts)}\n`);
}

/** Suites do not count, nor does a suite or file that failed only because a test inside it did. */
function outcomeOf(type, data) {
  if (type !== "test:pass" && type !== "test:fail") return undefined;
  if (data.skip !== undefined) return "skipped";
  if (type === "test:pass") return data.details?.type === "suite" ? undefined : "passed";
  return data.details?.error?.failureType === "subtestsFailed" ? undefined : "failed";
}

function placeOf(data) {
  return `${data.file ?? "unknown file"}:${data.line ?? "?"}`;
}

function textOf(error) {
  const cause = error?.cause ?? error;
  return typeof cause === "string" ? cause : (cause?.stack ?? String(cause?.message ?? cause));
}

function indent(text) {
  return text.replaceAll(/^/gm, "    ");
}
