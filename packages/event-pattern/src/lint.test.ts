/** What lint says: each code by a pattern that has it, what must stay unmentioned, and the sentences as golden files. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type LintOptions, lint } from "./lint.ts";
import { valid } from "./made-up.contract.ts";
import { matches } from "./match.ts";
import type { Pattern } from "./matcher-types.ts";
import { parsePattern } from "./parse.ts";

const GOLDEN = join(import.meta.dirname, "__golden__");

const asff = (findings: string): string =>
  `{"source":["aws.securityhub"],"detail-type":["Security Hub Findings - Imported"],"detail":{"findings":${findings}}}`;
const of = (source: string, detail: string): string => `{"source":["${source}"],"detail":${detail}}`;
const or = (branches: number): string =>
  `"$or":[${Array.from({ length: branches }, (_, index) => `{"k${index}":["v"]}`).join(",")}]`;

type Case = readonly [why: string, pattern: string, want: readonly string[], options?: LintOptions];

const SEVERITY = "$.detail.findings.Severity.Label";

const cases: readonly Case[] = [
  [
    "the pattern of 2020: findings without Compliance never match",
    asff(
      '{"Compliance":{"Status":[{"anything-but":["PASSED"]}]},"RecordState":["ACTIVE"],"Severity":{"Label":["CRITICAL","HIGH"]}}',
    ),
    ["anything-but-optional $.detail.findings.Compliance.Status[0]"],
  ],
  ["the same, put right", asff('{"Compliance":{"Status":[{"anything-but":["PASSED"]},{"exists":false}]}}'), []],
  [
    "what Security Hub itself sets is only a hint",
    asff('{"Workflow":{"Status":[{"anything-but":"SUPPRESSED"}]}}'),
    ["hint anything-but-optional $.detail.findings.Workflow.Status[0]"],
  ],
  ["what a finding must have is no matter", asff('{"AwsAccountId":[{"anything-but":"111111111111"}]}'), []],
  [
    "a field of which nothing is known, in findings that have little for certain",
    asff('{"ProductFields":{"x":[{"anything-but":"y"}]}}'),
    ["anything-but-optional $.detail.findings.ProductFields.x[0]"],
  ],
  ["of other events nothing is known", '{"source":["my.app"],"detail":{"x":[{"anything-but":"y"}]}}', []],
  ["a label in other letters", asff('{"Severity":{"Label":["High","CRITICAL"]}}'), [`impossible-value ${SEVERITY}[0]`]],
  [
    "a beginning that no label has",
    asff('{"Severity":{"Label":[{"prefix":"CRIT"},{"prefix":"Hi"}]}}'),
    [`impossible-value ${SEVERITY}[1]`],
  ],
  [
    "refusing what never comes",
    asff('{"RecordState":[{"anything-but":"CLOSED"},{"exists":false}]}'),
    ["refuses-nothing $.detail.findings.RecordState[0]"],
  ],
  [
    "refusing a word in other letters",
    asff('{"Compliance":{"Status":[{"anything-but":["Passed"]},{"exists":false}]}}'),
    ["refuses-nothing $.detail.findings.Compliance.Status[0]"],
  ],
  ["case ignored is no mistake", asff('{"Severity":{"Label":[{"equals-ignore-case":"high"}]}}'), []],
  [
    "without a source the path tells",
    '{"detail":{"findings":{"Workflow":{"Status":["Suppressed"]}}}}',
    ["impossible-value $.detail.findings.Workflow.Status[0]"],
  ],
  [
    "OCSF has words of its own",
    '{"source":["aws.securityhub"],"detail-type":["Findings Imported V2"],"detail":{"findings":{"severity":["HIGH","Critical"],"severity_id":[7,5]}}}',
    ["impossible-value $.detail.findings.severity[0]", "impossible-value $.detail.findings.severity_id[0]"],
  ],
  [
    "a key of ASFF in OCSF",
    '{"source":["aws.securityhub"],"detail-type":["Findings Imported V2"],"detail":{"findings":{"Compliance":{"Status":["Pass"]}}}}',
    ["unknown-field $.detail.findings.Compliance.Status"],
  ],
  [
    "with both kinds of events neither is wrong",
    '{"source":["aws.securityhub"],"detail":{"findings":{"compliance":{"status":["Pass"]}}}}',
    [],
  ],
  [
    "GuardDuty's severity is a number",
    of("aws.guardduty", '{"severity":["7",{"prefix":"8"},{"numeric":[">=",7]}]}'),
    ["number-as-text $.detail.severity[0]", "number-as-text $.detail.severity[1]"],
  ],
  [
    "of at most ten",
    of("aws.guardduty", '{"severity":[{"numeric":[">=",70]}]}'),
    ["impossible-value $.detail.severity[0]"],
  ],
  ["Inspector's is a text", of("aws.inspector2", '{"severity":[9]}'), ["text-as-number $.detail.severity[0]"]],
  [
    "when either may come, either may be asked",
    '{"source":["aws.guardduty","aws.inspector2"],"detail":{"severity":[8,"HIGH"]}}',
    [],
  ],
  [
    "in $or each alternative is judged by its own source",
    '{"$or":[{"source":["aws.guardduty"],"detail":{"severity":["HIGH"]}},{"source":["aws.inspector2"],"detail":{"severity":["HIGH"]}}]}',
    ["number-as-text $.$or[0].detail.severity[0]"],
  ],
  [
    "true is no text",
    of("aws.guardduty", '{"service":{"archived":["false"]}}'),
    ["boolean-as-text $.detail.service.archived[0]"],
  ],
  ["an account with eleven digits", '{"account":["11111111111"]}', ["account-id $.account[0]"]],
  ["an account that is a number", '{"account":[111111111111]}', ["text-as-number $.account[0]"]],
  ["accounts inside a finding", asff('{"AwsAccountId":["123"]}'), ["account-id $.detail.findings.AwsAccountId[0]"]],
  ["no such region", '{"region":["ap-northeast1","eu-west-1","us-gov-west-1"]}', ["region-name $.region[0]"]],
  [
    "a detail-type with a slip",
    '{"source":["aws.securityhub"],"detail-type":["Security Hub Finding - Imported"]}',
    ["unknown-detail-type $.detail-type[0]"],
  ],
  [
    "a detail-type of another source",
    '{"source":["aws.securityhub"],"detail-type":["GuardDuty Finding"]}',
    ["detail-type-of-another $.detail-type[0]"],
  ],
  [
    "both sources are asked for",
    '{"source":["aws.securityhub","aws.guardduty"],"detail-type":["GuardDuty Finding"]}',
    [],
  ],
  ["a detail-type that nobody knows", '{"source":["aws.guardduty"],"detail-type":["GuardDuty Something New"]}', []],
  ["a source with a hyphen", '{"source":["aws.security-hub"]}', ["unknown-source $.source[0]"]],
  ["a source without aws.", '{"source":["guardduty"]}', ["unknown-source $.source[0]"]],
  ["sources of one's own", '{"source":["my.app","shirase.test","aws.ecs"]}', []],
  ["a key of the envelope in camel case", '{"detailType":["x"]}', ["unknown-field $.detailType"]],
  ["other keys are Pipes' or one's own", '{"body":{"x":["y"]}}', []],
  ["a label one level too high", asff('{"Severity":["HIGH"]}'), ["not-a-value $.detail.findings.Severity"]],
  ["absence of an object", asff('{"Compliance":[{"exists":false}]}'), ["not-a-value $.detail.findings.Compliance"]],
  ["detail itself", '{"detail":[{"exists":true}]}', ["not-a-value $.detail"]],
  ["something below source", '{"source":{"name":["x"]}}', ["nothing-below $.source.name"]],
  ["a list of tests that is empty", '{"a":[{"anything-but":{"prefix":[]}}]}', ["never-holds $.a"]],
  ["present or absent", '{"a":[{"exists":true},{"exists":false}]}', ["always-holds $.a"]],
  ["two refusals are none", '{"a":[{"anything-but":"x"},{"anything-but":"y"}]}', ["anything-but-twice $.a"]],
  [
    "one refusal and one that refuses more",
    '{"a":[{"anything-but":"x"},{"anything-but":["x","y"]}]}',
    ["hint covered-alternative $.a[1]"],
  ],
  ["the same twice", '{"a":["x","y","x"]}', ["hint duplicate-alternative $.a[2]"]],
  ["within a beginning", '{"a":["xy",{"prefix":"x"}]}', ["hint covered-alternative $.a[0]"]],
  ["absence beside anything is no repetition", '{"a":[{"exists":false},"x"]}', []],
  [
    "a branch within another",
    '{"$or":[{"a":["x"],"b":["y"]},{"a":["x"]},{"c":["z"]}]}',
    ["hint covered-branch $.$or[0]"],
  ],
  ["the same branch twice", '{"$or":[{"a":["x"]},{"a":["x"]}]}', ["hint covered-branch $.$or[1]"]],
  ["a branch that replaces what stands outside", '{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}', ["replaced-field $.a"]],
  [
    "the same key twice",
    '{"a":{"b":["x"]},"a":{"b":["y"]}}',
    ["key-twice $.a"],
    { text: '{"a":{"b":["x"]},"a":{"b":["y"]}}' },
  ],
  ["a wildcard", '{"a":[{"wildcard":"x*y"}]}', ["hint wildcard-quota $.a[0]"]],
  [
    "a wildcard that is a prefix",
    '{"a":[{"wildcard":"x*"},{"wildcard":"*y"}]}',
    ["hint wildcard-too-much $.a[0]", "hint wildcard-too-much $.a[1]"],
  ],
  ["a wildcard inside anything-but", '{"a":[{"anything-but":{"wildcard":"x*y"}}]}', ["hint wildcard-quota $.a[0]"]],
  ["Pipes have no wildcards", '{"a":[{"wildcard":"x*y"}]}', ["not-in-pipes $.a[0]"], { for: "pipes" }],
  [
    "nor tests inside anything-but",
    '{"a":[{"anything-but":{"prefix":"x"}},{"suffix":"y"},{"anything-but":"z"}]}',
    ["anything-but-twice $.a", "not-in-pipes $.a[0]", "hint covered-alternative $.a[1]"],
    { for: "pipes" },
  ],
  [
    "absence below a list of several",
    asff('{"Resources":{"Region":[{"exists":false}]}}'),
    ["hint absent-in-list $.detail.findings.Resources.Region"],
  ],
  ["too many combinations", `{${or(11)},"x":{${or(10)}},"y":{${or(10)}}}`, ["many-rules $"]],
  ["too long, as text", '{"a":["x"]}', ["long $"], { text: `{"a":["x"]${" ".repeat(2048)}}` }],
  ["a brace too many", '{"a":["x"]}', ["text-after-pattern $"], { text: '{"a":["x"]}}' }],
  ["nothing to say", '{"source":["aws.ec2"],"detail":{"state":["running"]}}', []],
];

suite("lint", () => {
  for (const [why, text, want, options] of cases) {
    test(`${why}: ${text.slice(0, 80)}`, () => {
      const found = lint(patternOf(text), options).map(({ kind, code, path }) => {
        return `${kind === "hint" ? "hint " : ""}${code} ${path}`;
      });
      assert.deepEqual(found, want);
    });
  }

  for (const language of ["en", "ja"] as const) {
    test(`sentences are as in lint.${language}.txt (GOLDEN=1 rewrites it)`, () => {
      const text = cases
        .filter(([, , want]) => want.length > 0)
        .map(([why, pattern, , options]) => section({ why, pattern, options: { ...options, language } }))
        .join("\n");
      const path = join(GOLDEN, `lint.${language}.txt`);
      mkdirSync(GOLDEN, { recursive: true });
      if (process.env["GOLDEN"] === "1") writeFileSync(path, text);
      assert.equal(text, readFileSync(path, "utf8"));
    });
  }

  test("every pattern is linted, and what is said to add nothing can be left out", () => {
    let left = 0;
    fc.assert(
      fc.property(
        valid,
        fc.array(fc.constantFrom("x", "y", "xy", 1, 2, null, true), { maxLength: 3 }),
        (one, values) => {
          for (const { code, path, message, fix } of lint(one, { text: one.text })) {
            assert.ok(message.length > 0 && fix.endsWith("."), code);
            const [, key = "", at = ""] =
              (/^(?:covered|duplicate)-alternative$/.test(code) && /^\$\.(\w+)\[(\d+)\]$/.exec(path)) || [];
            if (key === "") continue;
            const given: Record<string, unknown[]> = JSON.parse(one.text);
            const event = { [key]: values };
            const fewer = { ...given, [key]: given[key]?.filter((_, index) => String(index) !== at) };
            left += 1;
            assert.equal(matches(patternOf(JSON.stringify(fewer)), event), matches(one, event));
          }
        },
      ),
      { numRuns: 1000 },
    );
    assert.ok(left > 10, `${left} alternatives were left out`);
  });
});

function section(one: { readonly why: string; readonly pattern: string; readonly options: LintOptions }): string {
  const found = lint(patternOf(one.pattern), one.options);
  const lines = found.map(({ kind, code, path, message, fix }) => `${kind} ${code} at ${path}\n  ${message}\n  ${fix}`);
  return `=== ${one.why}\n${one.pattern.slice(0, 240)}\n\n${lines.join("\n")}\n`;
}

function patternOf(text: string): Pattern {
  const read = parsePattern(text);
  assert.ok("pattern" in read, text);
  return read.pattern;
}
