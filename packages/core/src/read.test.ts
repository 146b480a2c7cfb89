import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventSamples, sampleEvent } from "@shirase/testkit/events";
import fc from "fast-check";
import { type Envelope, type JsonObject, readEnvelope } from "./event.ts";
import type { Finding, Seen, Severity } from "./finding.ts";
import { READ } from "./limits.ts";
import { readFindings } from "./read.ts";

function envelope(source: string, detailType: string, detail: JsonObject): Envelope {
  const read = readEnvelope({
    id: "e1",
    source,
    "detail-type": detailType,
    account: "222222222222",
    region: "ap-northeast-1",
    time: "2026-11-20T01:12:13Z",
    resources: [],
    detail,
  });
  if ("problem" in read) throw new Error(read.problem.message);
  return read.event;
}

function only(event: Envelope): Finding {
  const [finding, ...others] = readFindings(event);
  assert.ok(finding && others.length === 0, `expected one finding, got ${others.length + (finding ? 1 : 0)}`);
  return finding;
}

function asff(finding: JsonObject): Finding {
  return only(envelope("aws.securityhub", "Security Hub Findings - Imported", { findings: [finding] }));
}

function sample(file: string): Finding {
  const read = readEnvelope(sampleEvent(file));
  if ("problem" in read) throw new Error(read.problem.message);
  return only(read.event);
}

suite("severity", () => {
  const cases: ReadonlyArray<readonly [why: string, finding: JsonObject, want: Severity]> = [
    ["the label counts", { Severity: { Label: "MEDIUM", Normalized: 90 } }, "MEDIUM"],
    ["in any letters", { Severity: { Label: "Critical" } }, "CRITICAL"],
    ["without a label the old number does", { Severity: { Normalized: 70 } }, "HIGH"],
    ["39 is still low", { Severity: { Normalized: 39 } }, "LOW"],
    ["0 is informational", { Severity: { Normalized: 0 } }, "INFORMATIONAL"],
    ["then the provider's", { FindingProviderFields: { Severity: { Label: "LOW" } } }, "LOW"],
    ["then its own word", { Severity: { Original: "HIGH" } }, "HIGH"],
    ["what has none is not hidden", {}, "HIGH"],
    ["nor what has nonsense", { Severity: [["x"]] }, "HIGH"],
  ];
  for (const [why, finding, want] of cases) test(`${why} (${want})`, () => assert.equal(asff(finding).severity, want));

  const scores: ReadonlyArray<readonly [score: number, want: Severity]> = [
    [9.5, "CRITICAL"],
    [8.9, "HIGH"],
    [7, "HIGH"],
    [6.9, "MEDIUM"],
    [4, "MEDIUM"],
    [3.9, "LOW"],
    [1, "LOW"],
  ];
  for (const [score, want] of scores) {
    test(`GuardDuty's ${score} is ${want}`, () => {
      assert.equal(only(envelope("aws.guardduty", "GuardDuty Finding", { severity: score })).severity, want);
    });
  }

  const words: ReadonlyArray<readonly [why: string, file: string, want: Severity]> = [
    ["an attack sequence", "guardduty/03-attack-sequence-critical.json", "CRITICAL"],
    ["an abuse report has no severity, but means someone else is at work", "health/04-abuse.json", "CRITICAL"],
    ["a key in public", "trustedadvisor/01-error.json", "CRITICAL"],
    ["Macie's High", "macie/01-credentials.json", "HIGH"],
    ["a notice about the distant future", "health/05-page-2-of-3.json", "MEDIUM"],
  ];
  for (const [why, file, want] of words) test(`${why} (${want})`, () => assert.equal(sample(file).severity, want));
});

suite("seen", () => {
  const cases: ReadonlyArray<readonly [why: string, finding: JsonObject, seen: Seen, because: string]> = [
    ["a check fails", { Compliance: { Status: "FAILED" } }, "failing", "Compliance.Status FAILED"],
    ["a warning is not a pass", { Compliance: { Status: "WARNING" } }, "failing", "Compliance.Status WARNING"],
    ["no Compliance at all, as from GuardDuty", { RecordState: "ACTIVE" }, "failing", "RecordState ACTIVE"],
    ["nothing said", {}, "failing", "no state given"],
    ["it passes", { Compliance: { Status: "PASSED" } }, "passing", "Compliance.Status PASSED"],
    [
      "a pass is a pass though it was suppressed before",
      { Compliance: { Status: "PASSED" }, Workflow: { Status: "SUPPRESSED" } },
      "passing",
      "Compliance.Status PASSED",
    ],
    [
      "somebody resolved it",
      { Compliance: { Status: "FAILED" }, Workflow: { Status: "RESOLVED" } },
      "passing",
      "Workflow.Status RESOLVED",
    ],
    [
      "somebody suppressed it",
      { Compliance: { Status: "FAILED" }, Workflow: { Status: "SUPPRESSED" } },
      "suppressed",
      "Workflow.Status SUPPRESSED",
    ],
    ["it is archived", { RecordState: "ARCHIVED" }, "passing", "RecordState ARCHIVED"],
    [
      "archived by the switch to consolidated findings is no fix",
      {
        RecordState: "ARCHIVED",
        ProductFields: { "ArchivalReasons:0/ReasonCode": "CONSOLIDATED_CONTROL_FINDINGS_UPDATE" },
      },
      "retired",
      "RecordState ARCHIVED, CONSOLIDATED_CONTROL_FINDINGS_UPDATE",
    ],
    ["the old WorkflowState means nothing", { WorkflowState: "RESOLVED" }, "failing", "no state given"],
  ];
  for (const [why, finding, seen, because] of cases) {
    test(`${why} (${seen})`, () => {
      const read = asff(finding);
      assert.deepEqual([read.seen, read.seenBecause], [seen, because]);
    });
  }

  const files: ReadonlyArray<readonly [file: string, seen: Seen]> = [
    ["securityhub-v2/03-compliance-suppressed.json", "suppressed"],
    ["securityhub-v2/04-compliance-resolved.json", "passing"],
    ["inspector2/02-closed.json", "passing"],
    ["access-analyzer/02-resolved.json", "passing"],
    ["access-analyzer/03-deleted.json", "retired"],
    ["health/02-issue-closed.json", "passing"],
    ["config/02-compliant.json", "passing"],
    ["cloudwatch/02-ok.json", "passing"],
  ];
  for (const [file, seen] of files) test(`${file} is ${seen}`, () => assert.equal(sample(file).seen, seen));

  test("NOTIFIED is failing and taken on", () => {
    const finding = sample("securityhub/lifecycle/03-notified.json");
    assert.deepEqual([finding.seen, finding.isTakenOn], ["failing", true]);
  });
});

suite("what a finding says", () => {
  test("a sample has another key than the finding it imitates", () => {
    const real = sample("securityhub/products/guardduty.json");
    const imitation = sample("securityhub/products/guardduty-sample.json");
    assert.equal(imitation.isSample, true);
    assert.notEqual(imitation.key, real.key);
  });

  test("a standard's own number is not part of the title", () => {
    const title = "EC2 security groups should not allow ingress from 0.0.0.0/0 to remote server administration ports";
    assert.equal(sample("securityhub/same-cause/01-standard-cis.json").title, title);
    assert.equal(sample("securityhub/same-cause/02-standard-fsbp.json").title, title);
  });

  test("standards are short, whichever way they are written", () => {
    assert.deepEqual(sample("securityhub-v2/01-compliance-new.json").standards, [
      "aws-foundational-security-best-practices",
      "nist-800-53",
    ]);
    assert.deepEqual(sample("securityhub/same-cause/02-standard-fsbp.json").standards, [
      "aws-foundational-security-best-practices",
    ]);
  });

  test("the console link is in the finding's region, not in the envelope's", () => {
    const { consoleUrl = "" } = sample("securityhub/same-cause/05-aggregated-copy-in-home-region.json");
    assert.ok(consoleUrl.startsWith("https://us-east-1.console.aws.amazon.com/securityhub/home?region=us-east-1#"));
  });

  test("and in the partition's console", () => {
    const finding = { Id: "arn:aws-cn:securityhub:cn-north-1:222222222222:x", Region: "cn-north-1" };
    assert.ok(asff(finding).consoleUrl?.startsWith("https://cn-north-1.console.amazonaws.cn/"));
  });

  test("a remediation link must be a plain web address", () => {
    const to = (Url: string): string | undefined => asff({ Remediation: { Recommendation: { Url } } }).remediationUrl;
    assert.equal(to("https://docs.aws.amazon.com/x"), "https://docs.aws.amazon.com/x");
    assert.equal(to("javascript:alert(1)"), undefined);
    assert.equal(to("https://docs.aws.amazon.com@evil.example/"), undefined);
  });

  test("Inspector's dates are read, not replaced by the envelope's", () => {
    assert.equal(sample("inspector2/01-active.json").firstSeenAt.toISOString(), "2026-11-19T22:10:00.000Z");
  });

  test("a malformed account is the sender's: what nobody can read decides nothing", () => {
    assert.equal(asff({ AwsAccountId: "5555-5555-5555" }).accountId, "222222222222");
  });

  test("Access Analyzer counts for the owner of the resource", () => {
    const detail = { resourceOwnerAccount: "333333333333", accountId: "222222222222" };
    assert.equal(only(envelope("aws.access-analyzer", "Access Analyzer Finding", detail)).accountId, "333333333333");
  });
});

suite("what nobody expects", () => {
  test("an unknown event is a plain finding with its type as the title", () => {
    const finding = only(envelope("aws.securityhub", "Security Hub Standard Results", { a: 1 }));
    assert.deepEqual([finding.kind, finding.title], ["other", "Security Hub Standard Results"]);
  });

  test("no findings, null findings and findings that are no objects are still told", () => {
    for (const findings of [[], null, "x", {}, [null], [[]], ["x"]]) {
      const event = envelope("aws.securityhub", "Security Hub Findings - Imported", { findings });
      assert.equal(only(event).kind, "other", JSON.stringify(findings));
    }
  });

  test("beyond a hundred findings the rest is counted, never dropped silently", () => {
    const findings = Array.from({ length: READ.findings + 7 }, () => ({}));
    const read = readFindings(envelope("aws.securityhub", "Security Hub Findings - Imported", { findings }));
    assert.equal(read.length, READ.findings + 1);
    assert.match(read.at(-1)?.description ?? "", /^7 more findings/);
  });

  test("two hundred resources are kept, all are counted", () => {
    const Resources = Array.from({ length: 5000 }, (_, index) => ({ Type: "AwsS3Bucket", Id: `b${index}` }));
    const finding = asff({ Resources });
    assert.deepEqual([finding.resources.length, finding.resourceCount], [READ.resources, 5000]);
  });

  test("any JSON as the detail of any event is read without throwing, into bounded findings", () => {
    const kinds = eventSamples().map(({ file }) => sampleEvent(file));
    const kind = fc.constantFrom(...kinds);
    const detail = fc.dictionary(fc.constantFrom("findings", "resource", "severity", "x"), fc.jsonValue());
    fc.assert(
      fc.property(kind, detail, (like, broken) => {
        const event = envelope(String(like["source"]), String(like["detail-type"]), broken as JsonObject);
        for (const finding of readFindings(event)) assertBounded(finding);
      }),
    );
  });

  test("a known event with any one of its values replaced by anything is read without throwing", () => {
    const kinds = eventSamples().map(({ file }) => sampleEvent(file));
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.jsonValue(), fc.nat(), (like, value, at) => {
        const detail = replaceOne(like["detail"], value, { left: 1 + (at % 60) }) as JsonObject;
        const event = envelope(String(like["source"]), String(like["detail-type"]), detail);
        for (const finding of readFindings(event)) assertBounded(finding);
      }),
    );
  });

  test("a finding twice as large takes about twice as long, not four times", () => {
    const timeOf = (count: number): number => {
      const Resources = Array.from({ length: count }, (_, index) => ({ Id: "arn:".repeat(50) + index, Type: "T" }));
      const event = envelope("aws.securityhub", "Security Hub Findings - Imported", {
        findings: [{ Title: "a:/".repeat(count * 50), Types: ["A:b/".repeat(count * 20)], Resources }],
      });
      const runs = Array.from({ length: 5 }, () => {
        const start = performance.now();
        readFindings(event);
        return performance.now() - start;
      });
      return Math.min(...runs);
    };
    timeOf(500);
    assert.ok(timeOf(4000) < 1 + 40 * timeOf(500));
  });
});

function assertBounded(finding: Finding): void {
  assert.match(finding.accountId, /^\d{12}$/);
  assert.ok(finding.title !== "" && finding.title.length <= READ.titleChars);
  assert.ok(finding.description.length <= READ.descriptionChars);
  assert.ok(finding.resources.length >= 1 && finding.resources.length <= READ.resources);
  assert.ok(finding.key.length <= 700);
  assert.ok(!Number.isNaN(finding.firstSeenAt.getTime()) && !Number.isNaN(finding.updatedAt.getTime()));
}

/** A copy with the value at one place, counted from the top, replaced. */
function replaceOne(json: unknown, value: unknown, counter: { left: number }): unknown {
  if (counter.left-- === 0) return value;
  if (Array.isArray(json)) return json.map((item) => replaceOne(item, value, counter));
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, replaceOne(item, value, counter)]));
}
