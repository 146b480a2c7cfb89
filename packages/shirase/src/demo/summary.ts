/** An event in a few words for the demo's terminal: account, region, what, how bad. */
import { readEnvelope } from "@shirase/core/event";
import { readFindings } from "@shirase/core/read";

/** @example summaryOf(event) // "222222222222 ap-northeast-1 EC2.19 CRITICAL" */
export function summaryOf(value: unknown): string {
  const read = readEnvelope(value);
  if ("problem" in read) return "no event";
  const [finding] = readFindings(read.event);
  if (!finding) return `${read.event.account} ${read.event.region} ${read.event.detailType}`;
  const verb = finding.seen === "failing" ? finding.severity : "fixed";
  return `${finding.accountId} ${finding.region} ${finding.cause} ${verb}`;
}
