import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Config } from "./config.ts";
import { readConfig } from "./config-file.ts";
import { customerPatternWarnings } from "./pattern-warnings.ts";

const ROOT = join(import.meta.dirname, "../../..");

const label = (...labels: readonly string[]): object => ({ detail: { findings: { Severity: { Label: labels } } } });
const AT = "detail.findings.Severity.Label";

suite("patterns of a customer, alone and together", () => {
  const cases: ReadonlyArray<readonly [why: string, customer: object, want: readonly string[]]> = [
    ["neither pattern nor filter", {}, []],
    ["a filter within what is told", { filter: label("CRITICAL") }, []],
    [
      "a filter that wants what is never told",
      { filter: label("MEDIUM") },
      ["filter-never-matches customers[0].filter"],
    ],
    [
      "what is told can be widened; of OCSF the filter still keeps back what ASFF has",
      { filter: label("MEDIUM"), severities: ["MEDIUM"] },
      [],
    ],
    [
      "a filter that wants more than is told",
      { filter: label("HIGH", "MEDIUM") },
      [`filter-wants-more customers[0].filter.${AT}[1]`],
    ],
    [
      "closings are not told, so a filter of theirs never matches",
      { filter: { detail: { findings: { RecordState: ["ARCHIVED"] } } } },
      ["filter-never-matches customers[0].filter"],
    ],
    [
      "a filter of an account that is not the customer's",
      { filter: { account: ["999999999999"] } },
      ["filter-never-matches customers[0].filter"],
    ],
    ["one of the customer's", { filter: { account: ["222222222222"] } }, ["hint filter-without-effect"]],
    [
      "a region that is not forwarded",
      { filter: { region: ["us-east-1", "eu-west-1"] } },
      ["filter-wants-more customers[0].filter.region[0]"],
    ],
    [
      "a source that is not the customer's",
      { filter: { source: ["aws.guardduty"] } },
      ["filter-never-matches customers[0].filter"],
    ],
    [
      "fields of Security Hub are not GuardDuty's",
      { sources: ["guardduty"], filter: { detail: { findings: { ProductName: ["Macie"] } } } },
      ["filter-never-matches customers[0].filter"],
    ],
    [
      "a field that events may have several values of",
      { filter: { detail: { findings: { Resources: { Type: ["AwsS3Bucket", "AwsIamRole"] } } } } },
      [],
    ],
    ["OCSF's words in a filter of OCSF", { filter: { detail: { findings: { severity: ["Critical"] } } } }, []],
    [
      "ASFF's words in OCSF's field",
      { filter: { detail: { findings: { severity: ["CRITICAL"] } } } },
      [
        "pattern-impossible-value customers[0].filter.detail.findings.severity[0]",
        "filter-never-matches customers[0].filter",
      ],
    ],
    [
      "the mistake of 2020 in a filter",
      { filter: { detail: { findings: { Compliance: { Status: [{ "anything-but": ["PASSED"] }] } } } } },
      ["pattern-anything-but-optional customers[0].filter.detail.findings.Compliance.Status[0]"],
    ],
    [
      "a wildcard in the relay's filter costs nothing",
      { filter: { detail: { findings: { Title: [{ wildcard: "S3*public*" }] } } } },
      [],
    ],
    [
      "in a rule it counts",
      { delivery: "amazon-q", filter: { detail: { findings: { Title: [{ wildcard: "S3*public*" }] } } } },
      ["hint pattern-wildcard-quota"],
    ],
    ["a pattern of one's own for all that is wanted", { pattern: { source: ["aws.securityhub"] } }, []],
    [
      "a pattern of one's own for less than the customer's severities",
      { severities: ["CRITICAL", "HIGH"], pattern: { source: ["aws.securityhub"], ...label("CRITICAL") } },
      ["severity-not-forwarded customers[0].severities"],
    ],
    [
      "for less than the defaults': a hint",
      { pattern: { source: ["aws.securityhub"], ...label("CRITICAL") } },
      ["hint severity-not-forwarded"],
    ],
    [
      "with alternatives of its own",
      {
        severities: ["CRITICAL", "LOW"],
        pattern: {
          source: ["aws.securityhub"],
          detail: { findings: { $or: [{ Severity: { Label: ["CRITICAL"] } }, { severity: ["Critical", "Fatal"] }] } },
        },
      },
      ["severity-not-forwarded customers[0].severities"],
    ],
    [
      "for fewer sources",
      { sources: ["security-hub", "guardduty"], pattern: { source: ["aws.securityhub"] } },
      ["source-not-forwarded customers[0].sources[1]"],
    ],
    [
      "the pattern of 2020 knows two severities",
      { pattern: "classic", severities: ["HIGH", "MEDIUM"] },
      ["severity-not-forwarded customers[0].severities"],
    ],
    [
      "and one source",
      { pattern: "classic", sources: ["security-hub", "health"] },
      ["source-not-forwarded customers[0].sources[1]"],
    ],
    [
      "a filter and a pattern of one's own that exclude each other",
      {
        pattern: { source: ["aws.securityhub"], detail: { findings: { ProductName: ["Config"] } } },
        filter: { detail: { findings: { ProductName: ["GuardDuty"] } } },
      },
      ["filter-never-matches customers[0].filter"],
    ],
    [
      "a label in other letters",
      { pattern: { source: ["aws.securityhub"], ...label("High", "CRITICAL", "HIGH") } },
      [`pattern-impossible-value customers[0].pattern.${AT}[0]`],
    ],
  ];
  for (const [why, customer, want] of cases) {
    test(why, () => {
      const found = warningsOf(customer)
        .filter(({ code }) => code !== "filter-drops-kind") // They have a table of their own.
        .map(({ kind, code, path }) => (kind === "hint" ? `hint ${code}` : `${code} ${path}`));
      assert.deepEqual(found, want);
    });
  }

  const ocsf = "Findings Imported V2";
  const kinds: ReadonlyArray<readonly [why: string, customer: object, dropped: readonly string[]]> = [
    ["a filter of ASFF's keys lets no OCSF through", { filter: label("CRITICAL") }, [ocsf]],
    [
      "with an alternative for OCSF it does",
      { filter: { $or: [label("CRITICAL"), { detail: { findings: { severity: ["Critical"] } } }] } },
      [],
    ],
    [
      "absence counts as well",
      { filter: { detail: { findings: { ProductName: [{ "anything-but": "Macie" }, { exists: false }] } } } },
      [],
    ],
    ["a filter of the envelope is for all kinds", { filter: { account: ["222222222222"] } }, []],
    [
      "a filter of findings lets nothing of GuardDuty's own events through",
      { sources: ["security-hub", "guardduty"], filter: label("CRITICAL") },
      [ocsf, "GuardDuty Finding"],
    ],
    [
      "what the customer's own pattern keeps back is no matter",
      {
        filter: label("CRITICAL"),
        pattern: { source: ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"] },
      },
      [],
    ],
    ["nothing passes at all: that is said alone", { filter: label("MEDIUM") }, []],
  ];
  for (const [why, customer, dropped] of kinds) {
    test(why, () => {
      const found = warningsOf(customer).filter(({ code }) => code === "filter-drops-kind");
      assert.deepEqual(
        found.map(({ message }) => /^lets through nothing of (.*?): /.exec(message)?.[1]),
        dropped,
      );
    });
  }

  test("what never occurs is said once", () => {
    const found = warningsOf({ filter: label("HIGH", "High") }).map(({ code }) => code);
    assert.deepEqual(found, ["pattern-impossible-value", "filter-drops-kind"]);
  });

  test("says what the filter wants and what is told", () => {
    const [never] = warningsOf({ filter: label("MEDIUM") });
    assert.equal(
      never?.message,
      `matches nothing that acme is told of: ${AT} would have to be "MEDIUM" and ("CRITICAL" or "HIGH") at once.`,
    );
    const [more] = warningsOf({ filter: label("HIGH", "MEDIUM") });
    assert.equal(
      more?.message,
      `wants "MEDIUM", but acme is told nothing of that kind: ${AT} is "CRITICAL" or "HIGH" there.`,
    );
  });

  test("the examples and the demo give nothing to say", () => {
    const files = globSync(["examples/**/shirase.yaml", "packages/shirase/demo/shirase.yaml"], { cwd: ROOT });
    assert.ok(files.length > 2, files.join(", "));
    for (const file of files) {
      const read = readConfig(readFileSync(join(ROOT, file), "utf8"), file);
      assert.ok("config" in read);
      const { config } = read;
      const found = config.customers.flatMap((customer, index) =>
        customerPatternWarnings(config, customer, `customers[${index}]`),
      );
      assert.deepEqual(found, [], file);
    }
  });
});

function warningsOf(over: object): ReturnType<typeof customerPatternWarnings> {
  const config = Config.parse({
    hub: { account: "111111111111", region: "eu-west-1" },
    slack: { workspace: "T0123456789" },
    customers: [{ id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...over }],
  });
  const [customer] = config.customers;
  assert.ok(customer);
  const said = customerPatternWarnings(config, customer, "customers[0]");
  const japanese = customerPatternWarnings(config, customer, "customers[0]", "ja");
  const named = ({ kind, code, path }: (typeof said)[number]) => ({ kind, code, path });
  assert.deepEqual(japanese.map(named), said.map(named));
  for (const { message, fix } of japanese) assert.match(`${message} ${fix}`, /[ぁ-ん].*。 .*[ぁ-ん].*。$/);
  return said;
}
