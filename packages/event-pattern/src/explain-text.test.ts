/** The sentences, as in the golden files. GOLDEN=1 writes them anew. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { explain } from "./explain.ts";
import { type ExplanationLanguage, explainShort, explainText } from "./explain-text.ts";
import { parsePattern } from "./parse.ts";

const GOLDEN = join(import.meta.dirname, "__golden__");

const cases: ReadonlyArray<readonly [why: string, pattern: string, event: string]> = [
  [
    "every field holds",
    '{"source":["aws.ec2"],"detail":{"state":["stopped"]}}',
    '{"source":"aws.ec2","detail":{"state":"stopped"}}',
  ],
  [
    "one field fails",
    '{"source":["aws.ec2"],"detail":{"state":["stopped","terminated"]}}',
    '{"source":"aws.ec2","detail":{"state":"running"}}',
  ],
  [
    "two fields fail, one of them absent",
    '{"source":["aws.ec2"],"detail":{"state":["stopped"]}}',
    '{"source":"aws.s3"}',
  ],
  ["absent as wanted", '{"a":[{"exists":false}],"b":["x"]}', '{"b":"x"}'],
  ["present against the wish", '{"a":[{"exists":false}]}', '{"a":[1,2]}'],
  ["many values and many alternatives", '{"a":["b","c","d","e","f","g"]}', '{"a":[1,2,3,4,5,6,6,6]}'],
  [
    "no element has both",
    '{"detail":{"findings":{"Severity":{"Label":["CRITICAL","HIGH"]},"RecordState":["ACTIVE"]}}}',
    '{"detail":{"findings":[{"Severity":{"Label":"CRITICAL"},"RecordState":"ARCHIVED"},{"Severity":{"Label":"LOW"},"RecordState":"ACTIVE"}]}}',
  ],
  [
    "the nearest of several branches",
    '{"$or":[{"a":["1"],"b":["1"]},{"a":["2"]}],"c":["1"]}',
    '{"a":"1","b":"2","c":"1"}',
  ],
  [
    "three fields of which any two share an element, and all three none",
    '{"a":{"b":["1"],"c":["1"],"d":["1"]}}',
    '{"a":[{"b":"1","c":"1"},{"c":"1","d":"1"},{"b":"1","d":"1"}]}',
  ],
  [
    "many alternatives, the nearest first",
    '{"source":["aws.securityhub"],"detail":{"findings":{"$or":[{"Severity":{"Label":["CRITICAL","HIGH"]}},{"Compliance":{"Status":["PASSED"]},"Title":[{"prefix":"S3"}]},{"RecordState":["ARCHIVED"]},{"Workflow":{"Status":["RESOLVED"]}},{"Sample":[true]},{"Region":["eu-west-1"]}]}}}',
    '{"source":"aws.securityhub","detail":{"findings":[{"Severity":{"Label":"LOW"},"RecordState":"ACTIVE","Compliance":{"Status":"FAILED"}}]}}',
  ],
  [
    "the 2020 pattern and a finding without Compliance",
    '{"source":["aws.securityhub"],"detail-type":["Security Hub Findings - Imported"],"detail":{"findings":{"Compliance":{"Status":[{"anything-but":["PASSED"]}]},"RecordState":["ACTIVE"],"Severity":{"Label":["CRITICAL","HIGH"]}}}}',
    '{"source":"aws.securityhub","detail-type":"Security Hub Findings - Imported","detail":{"findings":[{"RecordState":"ACTIVE","Severity":{"Label":"HIGH"}}]}}',
  ],
  ["letters of another case", '{"detail":{"severity":["CRITICAL","HIGH"]}}', '{"detail":{"severity":"High"}}'],
  ["a text that should be a number", '{"detail":{"severity":[8]}}', '{"detail":{"severity":"8"}}'],
  ["spaces around it", '{"source":["aws.ec2"]}', '{"source":"aws.ec2 "}'],
  [
    "absent only in the elements that other fields are not in",
    '{"r":{"id":["i-1"],"tag":[{"exists":false}]}}',
    '{"r":[{"id":"i-1","tag":"x"},{"id":"i-2"}]}',
  ],
  [
    "every operator",
    '{"a":["x",5,{"prefix":"x"},{"numeric":[">=",1,"<",2]}],"b":[{"cidr":"10.0.0.0/8"},{"anything-but":["y"]}]}',
    "{}",
  ],
];

suite("explanations in sentences", () => {
  for (const language of ["en", "ja"] as const) {
    test(`are as in explain.${language}.txt (GOLDEN=1 rewrites it)`, () => {
      const text = cases.map(([why, pattern, event]) => section(why, pattern, event, language)).join("\n");
      const path = join(GOLDEN, `explain.${language}.txt`);
      mkdirSync(GOLDEN, { recursive: true });
      if (process.env["GOLDEN"] === "1") writeFileSync(path, text);
      assert.equal(text, readFileSync(path, "utf8"));
    });
  }
});

function section(why: string, patternText: string, event: string, language: ExplanationLanguage): string {
  const read = parsePattern(patternText);
  assert.ok("pattern" in read);
  const explanation = explain(read.pattern, event);
  const short = explainShort(explanation, language);
  return `=== ${why}\n${patternText}\n${event}\n\n${explainText(explanation, language)}\n\nin short: ${short}\n`;
}
