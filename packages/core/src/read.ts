/**
 * What does an event say? Turns one EventBridge event into findings, whichever AWS service sent it. A new service is a
 * file in read/ and one line in READERS.
 *
 * Never throws: an event is what strangers wrote, and one that cannot be read must still be seen by somebody. An
 * empty answer means that there is nothing to tell (a heartbeat, a Config rule that Security Hub works through).
 *
 * Not here: whose event it is (owner.ts), who hears of it (decide.ts), how it is said (compose.ts).
 */
import { type Envelope, isObject } from "./event.ts";
import type { Finding } from "./finding.ts";
import { READ } from "./limits.ts";
import { readAccessAnalyzer } from "./read/access-analyzer.ts";
import { readAsff } from "./read/asff.ts";
import { readAlarm } from "./read/cloudwatch.ts";
import { readConfigRule } from "./read/config.ts";
import { readCostAnomaly } from "./read/cost.ts";
import { readGuardDuty } from "./read/guardduty.ts";
import { readHealth } from "./read/health.ts";
import { readInspector } from "./read/inspector.ts";
import { listAt } from "./read/lenient.ts";
import { readMacie } from "./read/macie.ts";
import { readOcsf } from "./read/ocsf.ts";
import { readInsight, readOther } from "./read/other.ts";
import { readTest } from "./read/test-event.ts";
import { readTrustedAdvisor } from "./read/trusted-advisor.ts";

type Reader = (event: Envelope) => readonly Finding[];

/** By `source / detail-type`, as EventBridge writes them. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["aws.securityhub / Security Hub Findings - Imported", (event) => readEach(event, readAsff)],
  ["aws.securityhub / Security Hub Findings - Custom Action", readAsked],
  ["aws.securityhub / Security Hub Insight Results", readInsight],
  ["aws.securityhub / Findings Imported V2", (event) => readEach(event, readOcsf)],
  ["aws.guardduty / GuardDuty Finding", readGuardDuty],
  ["aws.inspector2 / Inspector2 Finding", readInspector],
  ["aws.macie / Macie Finding", readMacie],
  ["aws.access-analyzer / Access Analyzer Finding", readAccessAnalyzer],
  ["aws.access-analyzer / Unused Access Finding for IAM entities", readAccessAnalyzer],
  ["aws.health / AWS Health Event", readHealth],
  ["aws.health / AWS Health Abuse Event", readHealth],
  ["aws.config / Config Rules Compliance Change", readConfigRule],
  ["aws.cloudwatch / CloudWatch Alarm State Change", readAlarm],
  ["aws.trustedadvisor / Trusted Advisor Check Item Refresh Notification", readTrustedAdvisor],
  ["aws.ce / Anomaly Detected", readCostAnomaly],
]);

/** Our own events: a sign of life, and a message somebody asked for to see whether it arrives. */
export const HEARTBEAT_SOURCE = "shirase.heartbeat";
export const TEST_SOURCE = "shirase.test";

/**
 * The findings of one event, at most 101, in the order they have in it.
 *
 * @returns none for a heartbeat and for what Security Hub says itself; otherwise at least one.
 * @throws never.
 */
export function readFindings(event: Envelope): readonly Finding[] {
  if (event.source === HEARTBEAT_SOURCE) return [];
  if (event.source === TEST_SOURCE) return readTest(event);
  const reader = READERS.get(`${event.source} / ${event.detailType}`);
  return reader ? reader(event) : [readOther(event)];
}

function readAsked(event: Envelope): readonly Finding[] {
  return readEach(event, (envelope, finding) => readAsff(envelope, finding, "asked"));
}

type ReadOne = (event: Envelope, finding: Parameters<typeof readAsff>[1]) => Finding;

/** Security Hub sends one finding an event today, but the field is an array and has held more. */
function readEach(event: Envelope, readOne: ReadOne): readonly Finding[] {
  const listed = listAt(event.detail, "findings");
  const findings = listed
    .slice(0, READ.findings)
    .map((item) => (isObject(item) ? readOne(event, item) : readOther(event, "an item of findings is no object")));
  const left = listed.length - findings.length;
  if (left > 0) return [...findings, readOther(event, `${left} more findings in this event were not read`)];
  return findings.length > 0 ? findings : [readOther(event, "the event holds no findings")];
}
