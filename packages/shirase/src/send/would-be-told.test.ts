/** Which finding is imported for which customer: as mild as it can be, and not at all where nobody would hear of it. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { decide } from "@shirase/core/decide";
import { readEnvelope } from "@shirase/core/event";
import { prepare } from "@shirase/core/prepare";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { asffFault } from "@shirase/testkit/asff-fault";
import { archived, importedEvent, type Shape, testFinding } from "./test-finding.ts";
import { type Told, wouldBeTold } from "./would-be-told.ts";

const NOW = new Date("2026-11-20T03:00:00.123Z");
const PLACE = { accountId: "222222222222", region: "ap-northeast-1" };

function configOf(more: object, hub: object = {}): Config {
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1", ...hub },
    slack: { workspace: "T0123456789" },
    customers: [
      { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...more },
      { id: "globex", name: "Globex", accounts: ["333333333333"], slack: { channel: "C0GLOBEX000" } },
    ],
  });
}

function told(more: object, hub?: object): Told {
  const config = configOf(more, hub);
  const [entry] = config.customers;
  assert.ok(entry);
  return wouldBeTold(config, resolveCustomer(config, entry), PLACE, NOW);
}

const imported = { source: ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"] };

suite("the finding for a customer", () => {
  const q = { delivery: "amazon-q" };
  const rows: ReadonlyArray<readonly [why: string, customer: object, want: Shape | RegExp]> = [
    ["lifecycle takes the mildest severity that is told", {}, { severity: "HIGH", isCheck: false }],
    ["alerts as well", q, { severity: "HIGH", isCheck: false }],
    ["classic drops what is no check", { pattern: "classic" }, { severity: "HIGH", isCheck: true }],
    ["classic by Amazon Q", { ...q, pattern: "classic" }, { severity: "HIGH", isCheck: true }],
    [
      "the mildest of all where all are told",
      { severities: ["CRITICAL", "INFORMATIONAL"] },
      { severity: "INFORMATIONAL", isCheck: false },
    ],
    [
      "classic knows two severities, whatever is told",
      { pattern: "classic", severities: ["MEDIUM", "CRITICAL"] },
      { severity: "CRITICAL", isCheck: true },
    ],
    [
      "and nothing when neither is told",
      { pattern: "classic", severities: ["MEDIUM"] },
      /does not match the pattern classic/,
    ],
    [
      "a pattern of one's own that wants a check",
      { pattern: { ...imported, detail: { findings: { Compliance: { Status: ["FAILED"] } } } } },
      { severity: "HIGH", isCheck: true },
    ],
    [
      "a pattern of one's own that wants what only AWS writes",
      { pattern: { ...imported, detail: { findings: { ProductName: ["GuardDuty"] } } } },
      /does not match the pattern custom: .*ProductName/,
    ],
    [
      "the new Security Hub's events do not come of an import",
      { pattern: { source: ["aws.securityhub"], "detail-type": ["Findings Imported V2"] } },
      /pattern custom: .*detail-type/,
    ],
    [
      "a filter that lets it pass",
      { filter: { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }] } } } },
      { severity: "HIGH", isCheck: false },
    ],
    [
      "a filter that does not, at the relay",
      { filter: { detail: { findings: { ProductName: ["Security Hub"] } } } },
      /filter holds it back: .*ProductName/,
    ],
    [
      "a filter that does not, in Amazon Q's rule",
      { ...q, filter: { detail: { findings: { ProductName: ["Security Hub"] } } } },
      /filter holds it back: .*ProductName/,
    ],
    ["a customer without Security Hub", { sources: ["guardduty"] }, /does not match the pattern lifecycle/],
    [
      "a pattern that asks for it, and a bus that does not let it in",
      { ...q, sources: ["guardduty"], pattern: imported },
      /add security-hub to its sources/,
    ],
  ];
  for (const [why, customer, want] of rows) {
    test(why, () => {
      const answer = told(customer);
      if (want instanceof RegExp) return assert.match("because" in answer ? answer.because : "it is told", want);
      assert.deepEqual(answer, { shape: want });
    });
  }

  test("the hub's buses make no difference", () => {
    for (const buses of ["per-customer", "shared", "default"]) assert.ok("shape" in told({}, { buses }), buses);
  });
});

suite("the finding itself", () => {
  const shapes: readonly Shape[] = [
    { severity: "HIGH", isCheck: false },
    { severity: "CRITICAL", isCheck: true },
  ];
  for (const language of ["en", "ja"] as const) {
    for (const shape of shapes) {
      test(`is what Security Hub takes (${language}, ${shape.severity}), archived as well`, () => {
        const parts = { ...PLACE, mark: "shirase-k7m2x9qd", shape, language, partition: "aws" } as const;
        const finding = testFinding(parts, NOW);
        assert.equal(asffFault(finding), undefined);
        assert.match(finding.Title, /shirase.*shirase-k7m2x9qd/);
        const gone = archived(finding, NOW);
        assert.equal(asffFault(gone), undefined);
        assert.deepEqual([gone.Id, gone.ProductArn, gone.RecordState], [finding.Id, finding.ProductArn, "ARCHIVED"]);
        assert.ok(gone.UpdatedAt > finding.UpdatedAt, "an import that is not newer is ignored");
      });
    }
  }

  test("calls nobody, is a problem of its own each time, and closes when it is archived", () => {
    const config = configOf({ slack: { channel: "C0ACME00000", mention: { HIGH: "here" } } });
    const shape = { severity: "HIGH", isCheck: false } as const;
    const make = (mark: string): ReturnType<typeof testFinding> =>
      testFinding({ ...PLACE, mark, shape, language: "en", partition: "aws" }, NOW);
    const read = (finding: ReturnType<typeof testFinding>): ReturnType<typeof decide> => {
      const envelope = readEnvelope(importedEvent(finding, PLACE.region));
      assert.ok("event" in envelope);
      return decide(envelope.event, {}, prepare(config), NOW);
    };
    const [first, second, gone] = [make("shirase-bbbbbbbb"), make("shirase-cccccccc")].flatMap((one, index) =>
      index === 0 ? [read(one)] : [read(one), read(archived(one, NOW))],
    );
    assert.ok(first && second && gone && "verdicts" in first && "verdicts" in second && "verdicts" in gone);
    assert.equal(first.verdicts[0]?.finding.isSample, true);
    assert.notEqual(first.verdicts[0]?.finding.key, second.verdicts[0]?.finding.key);
    assert.equal(second.verdicts[0]?.finding.key, gone.verdicts[0]?.finding.key);
    assert.equal(gone.verdicts[0]?.finding.seen, "passing");
  });

  test("belongs to the partition that it is in", () => {
    const parts = {
      accountId: "222222222222",
      region: "cn-north-1",
      mark: "shirase-k7m2x9qd",
      language: "en",
    } as const;
    const shape = { severity: "HIGH", isCheck: false } as const;
    const { ProductArn } = testFinding({ ...parts, shape, partition: "aws-cn" }, NOW);
    assert.equal(ProductArn, "arn:aws-cn:securityhub:cn-north-1:222222222222:product/222222222222/default");
  });
});
