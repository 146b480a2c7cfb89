/**
 * Which of the sample events leave an account under which preset. The events are those of the testkit, one file for
 * each thing that the services say (packages/testkit/events/index.json tells their stories).
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { matches, parsePattern } from "@shirase/event-pattern";
import { SOURCES, type Source } from "./config.ts";
import { SEVERITIES, type Severity } from "./finding.ts";
import { type Preset, presetPattern, presetPatterns } from "./presets.ts";

const EVENTS = join(import.meta.dirname, "..", "..", "testkit", "events");
const USUAL: readonly Severity[] = ["CRITICAL", "HIGH"];

function sample(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(EVENTS, `${file}.json`), "utf8")) as Record<string, unknown>;
}

function patternOf(text: string) {
  const parsed = parsePattern(text);
  assert.ok("pattern" in parsed, "problems" in parsed ? JSON.stringify(parsed.problems) : "");
  return parsed.pattern;
}

function leaves(preset: Preset, event: object, severities = USUAL, sources: readonly Source[] = SOURCES): boolean {
  return matches(patternOf(presetPattern(preset, sources, severities)), event);
}

suite("which events leave the account", () => {
  type Answers = readonly [classic: boolean, alerts: boolean, lifecycle: boolean];
  const cases: ReadonlyArray<readonly [why: string, file: string, want: Answers]> = [
    ["a control fails for the first time", "securityhub/lifecycle/01-new", [true, true, true]],
    ["told again after 18 h", "securityhub/lifecycle/02-reimport-18h", [true, true, true]],
    ["somebody is on it: no new alert", "securityhub/lifecycle/03-notified", [true, false, true]],
    ["somebody suppressed it", "securityhub/lifecycle/04-suppressed", [true, false, true]],
    ["fixed, and INFORMATIONAL by now", "securityhub/lifecycle/05-passed", [false, false, true]],
    ["failing again", "securityhub/lifecycle/06-reopened", [true, true, true]],
    ["the resource is gone", "securityhub/lifecycle/07-archived-resource-deleted", [false, false, true]],
    ["GuardDuty in ASFF has no Compliance", "securityhub/products/guardduty", [false, true, true]],
    ["nor has Inspector", "securityhub/products/inspector", [false, true, true]],
    ["nor what a customer imports", "securityhub/products/custom-default-product", [false, true, true]],
    ["a button in the console is no finding", "securityhub/custom-action", [false, false, false]],
    ["an insight is none either", "securityhub/insight-results", [false, false, false]],
    ["the new Security Hub, failing", "securityhub-v2/01-compliance-new", [false, true, true]],
    ["the new Security Hub, suppressed", "securityhub-v2/03-compliance-suppressed", [false, false, true]],
    ["the new Security Hub, fixed", "securityhub-v2/04-compliance-resolved", [false, false, true]],
    ["the new Security Hub, GuardDuty", "securityhub-v2/05-detection-guardduty", [false, true, true]],
    ["the new Security Hub, an exposure", "securityhub-v2/07-exposure", [false, true, true]],
    ["GuardDuty itself", "guardduty/01-new", [false, true, true]],
    ["GuardDuty, CRITICAL", "guardduty/03-attack-sequence-critical", [false, true, true]],
    ["Inspector, to be patched", "inspector2/01-active", [false, true, true]],
    ["Inspector, patched", "inspector2/02-closed", [false, false, true]],
    ["Access Analyzer, open", "access-analyzer/01-active", [false, true, true]],
    ["Access Analyzer, closed", "access-analyzer/02-resolved", [false, false, true]],
    ["Macie", "macie/01-credentials", [false, true, true]],
    ["Health, something is broken", "health/01-issue-open", [false, true, true]],
    ["Health, it is over", "health/02-issue-closed", [false, false, true]],
    ["Health, something is planned", "health/03-scheduled-retirement", [false, true, true]],
    ["Health, abuse", "health/04-abuse", [false, true, true]],
    ["Config, not compliant", "config/01-non-compliant", [false, true, true]],
    ["Config, compliant again", "config/02-compliant", [false, false, true]],
    ["CloudWatch, alarm", "cloudwatch/01-alarm", [false, true, true]],
    ["CloudWatch, ok", "cloudwatch/02-ok", [false, false, true]],
    ["Trusted Advisor", "trustedadvisor/01-error", [false, true, true]],
    ["money", "ce/01-anomaly", [false, true, true]],
  ];
  for (const [why, file, want] of cases) {
    test(`${why} (${file})`, () => {
      const event = sample(file);
      const got = (["classic", "alerts", "lifecycle"] as const).map((preset) => leaves(preset, event));
      assert.deepEqual(got, want);
    });
  }
});

suite("presetPattern", () => {
  test("classic is the pattern of 2020, byte for byte, whatever is asked for", () => {
    const classic =
      '{"source":["aws.securityhub"],"detail-type":["Security Hub Findings - Imported"],"detail":{"findings":{' +
      '"Compliance":{"Status":[{"anything-but":["PASSED"]}]},"RecordState":["ACTIVE"],' +
      '"Severity":{"Label":["CRITICAL","HIGH"]}}}}';
    assert.equal(presetPattern("classic", ["health"], ["LOW"]), classic);
  });

  test("only what was declared leaves", () => {
    const event = sample("guardduty/01-new");
    assert.equal(leaves("lifecycle", event, USUAL, ["guardduty"]), true);
    assert.equal(leaves("lifecycle", event, USUAL, ["security-hub"]), false);
  });

  test("severities that were not asked for stay at home", () => {
    const event = sample("securityhub/same-cause/01-standard-cis");
    assert.equal(leaves("lifecycle", event, ["HIGH"]), true);
    assert.equal(leaves("lifecycle", event, ["CRITICAL"]), false);
    assert.equal(leaves("alerts", event, ["CRITICAL"]), false);
  });

  test("Config rules that Security Hub made are left to Security Hub", () => {
    const event = sample("config/01-non-compliant");
    const detail = { ...(event["detail"] as object), configRuleName: "securityhub-s3-bucket-public-read-1a2b" };
    assert.equal(leaves("lifecycle", { ...event, detail }), false);
  });

  const bands: ReadonlyArray<readonly [why: string, score: number, want: Severity | undefined]> = [
    ["the worst of all", 10, "CRITICAL"],
    ["the first that is CRITICAL", 9, "CRITICAL"],
    ["the last that is HIGH", 8.9, "HIGH"],
    ["the first that is HIGH", 7, "HIGH"],
    ["MEDIUM", 5, "MEDIUM"],
    ["LOW", 1, "LOW"],
    ["below the scale", 0.5, undefined],
  ];
  for (const [why, severity, want] of bands) {
    test(`GuardDuty's numbers: ${why} (${severity})`, () => {
      const event = { source: "aws.guardduty", "detail-type": "GuardDuty Finding", detail: { severity } };
      const heard = SEVERITIES.filter((one) => leaves("alerts", event, [one], ["guardduty"]));
      assert.deepEqual(heard, want ? [want] : []);
    });
  }

  test("neighbouring ranges become one, others stay apart", () => {
    assert.match(presetPattern("alerts", ["guardduty"], ["CRITICAL", "HIGH"]), /\[\{"numeric":\[">=",7\]\}\]/);
    assert.match(
      presetPattern("alerts", ["guardduty"], ["CRITICAL", "MEDIUM"]),
      /\[\{"numeric":\[">=",4,"<",7\]\},\{"numeric":\[">=",9\]\}\]/,
    );
  });

  test("a source that has nothing so mild is left out, and the pattern is still one", () => {
    patternOf(presetPattern("lifecycle", ["macie", "guardduty"], ["INFORMATIONAL"]));
  });
});

suite("presetPatterns", () => {
  const every = [
    { preset: "alerts", severities: SEVERITIES },
    { preset: "lifecycle", severities: SEVERITIES },
    { preset: "lifecycle", severities: ["CRITICAL", "MEDIUM", "INFORMATIONAL"] },
  ] as const;
  for (const { preset, severities } of every) {
    test(`${preset} with every source and ${severities.length} severities fits into a rule`, () => {
      for (const pattern of presetPatterns(preset, SOURCES, severities)) assert.ok(pattern.length <= 2048);
    });
  }

  for (const preset of ["classic", "alerts", "lifecycle"] as const) {
    test(`${preset}: shirase's own events always leave`, () => {
      const patterns = presetPatterns(preset, ["security-hub"], USUAL).map(patternOf);
      for (const source of ["shirase.test", "shirase.heartbeat"]) {
        const event = { source, "detail-type": "anything", detail: {} };
        assert.equal(patterns.filter((pattern) => matches(pattern, event)).length, 1);
      }
    });
  }
});
