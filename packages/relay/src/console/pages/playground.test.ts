/** What the playground writes for a config is read back by the config's own reader, whatever the pattern says. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readConfig } from "@shirase/core/config-file";
import { parsePattern } from "@shirase/event-pattern";
import fc from "fast-check";
import { viewOf } from "../frame.ts";
import { playgroundAnswer } from "./playground.ts";

const VIEW = viewOf({
  language: "en",
  timezone: "UTC",
  now: new Date("2026-11-20T02:00:00Z"),
  token: "",
  who: undefined,
  mayAct: true,
  seesAll: true,
  path: "/playground",
});
const HEAD = 'hub: { account: "111111111111", region: ap-northeast-1 }\nslack: { workspace: T0123456789 }\n';
const REST = '    name: Globex\n    accounts: ["444444444444"]\n    slack: { channel: C0GLOBEX000 }\n';

/** The texts of its snippets, as a person copies them. */
function snippetsOf(patternText: string): readonly string[] {
  const html = playgroundAnswer(
    { customers: [], customerId: "globex", eventText: "{}", patternText, days: 7, remembered: [], isCut: false },
    VIEW,
  ).toString();
  return [...html.matchAll(/<pre[^>]*>([^<]*)<\/pre>/g)].map(([, text = ""]) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&"),
  );
}

/** Both ways of use, read back. */
function readBack(pattern: object): void {
  const [filter = "", silence = "", ...more] = snippetsOf(JSON.stringify(pattern));
  assert.deepEqual(more, []);
  const [filtered, silenced] = [filter, silence].map((text) => readConfig(`${HEAD}${text}${REST}`, "shirase.yaml"));
  assert.ok(filtered && "config" in filtered, JSON.stringify(filtered));
  assert.ok(silenced && "config" in silenced, JSON.stringify(silenced));
  assert.deepEqual(filtered.config.customers[0]?.filter, pattern);
  assert.deepEqual(silenced.config.customers[0]?.silences?.[0]?.match, pattern);
}

suite("what the playground writes for a config", () => {
  const hostile = [
    "</pre><script>alert(1)</script>",
    "a: b # c",
    "- x\n- y",
    "\u202eevil\u2066",
    "'\"`",
    "*anchor &amp; <b>",
    "{{ }}",
    "\t\r\n",
    "!!js/function",
    "~",
    "null",
    "\u2028",
    "%TAG",
    "@x",
    "長い値",
  ];
  for (const text of hostile) {
    test(`says ${JSON.stringify(text)} as it was typed`, () => readBack({ detail: { title: [text] }, source: [text] }));
  }

  test("says any field and any value", () => {
    const words = fc.oneof(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), fc.constantFrom(...hostile));
    const fields = words.filter((name) => name !== "__proto__" && name !== "$or");
    fc.assert(
      fc.property(fields, fields, words, (outer, inner, value) => {
        const pattern = { [outer]: { [inner]: [value, { prefix: value }] } };
        fc.pre("pattern" in parsePattern(JSON.stringify(pattern)));
        readBack(pattern);
      }),
      { numRuns: 150 },
    );
  });

  test("says nothing when a key is given twice", () => {
    assert.deepEqual(snippetsOf('{"source":["a"],"source":["b"]}'), []);
    assert.deepEqual(snippetsOf('{"detail":{"x":["a"],"x":["b"]}}'), []);
  });
});
