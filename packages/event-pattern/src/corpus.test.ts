/** The public corpus: 2,000 pairs with event-ruler's answers, one by one and all patterns together. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { matches } from "./match.ts";
import { createMatcher } from "./matcher.ts";
import { parsePattern } from "./parse.ts";

type Answer = { readonly match: boolean } | { readonly error: string; readonly phase: "pattern" | "event" };
type Row = {
  readonly id: number;
  readonly tags: readonly string[];
  readonly pattern: string;
  readonly event: string;
  readonly want: Answer;
  readonly alsoOk?: Answer;
};

const CORPUS = join(import.meta.dirname, "../../../bench/patterns/public.jsonl.gz");
const rows: readonly Row[] = gunzipSync(readFileSync(CORPUS))
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line): Row => JSON.parse(line));

/** Where event-ruler answers by accident and we do not; each with its reason in SEMANTICS.md. */
const DIFFERENT_ON_PURPOSE: ReadonlyMap<number, string> = new Map([
  [930, "a CIDR block never holds a number: event-ruler reads 12345678 as the digits of 18.52.86.120"],
]);

suite("public corpus", () => {
  test("every pair is answered as event-ruler does, but for those named", () => {
    const different = rows.filter((row) => {
      const got = answer(row);
      return !isSame(got, row.want) && !(row.alsoOk && isSame(got, row.alsoOk));
    });
    assert.deepEqual(
      different.map(({ id }) => id),
      [...DIFFERENT_ON_PURPOSE.keys()],
    );
  });

  test("every refusal begins with event-ruler's words", () => {
    const unlike = rows.flatMap((row) => {
      const got = answer(row);
      if (!("error" in row.want) || !("error" in got)) return [];
      return got.error.startsWith(row.want.error.slice(0, 20)) ? [] : [got.error];
    });
    // event-ruler names the rule; a pattern has no name.
    assert.deepEqual(unlike, ["Size of rule exceeds max value of 256: it names 257 fields"]);
  });

  test("an answer does not depend on the patterns beside it", () => {
    const valid = rows.filter((row) => "match" in row.want);
    const different = inGroupsOf(200, valid).flatMap((group) => {
      const matcher = createMatcher();
      for (const row of group) matcher.add(row.id, row.pattern);
      return group.filter((row) => !isSame({ match: matcher.match(row.event).includes(row.id) }, row.want));
    });
    assert.deepEqual(
      different.map(({ id }) => id),
      [...DIFFERENT_ON_PURPOSE.keys()],
    );
  });
});

function inGroupsOf<T>(size: number, items: readonly T[]): readonly (readonly T[])[] {
  return items.flatMap((_, index) => (index % size === 0 ? [items.slice(index, index + size)] : []));
}

function answer(row: Row): Answer {
  const read = parsePattern(row.pattern);
  if ("problems" in read) return { error: read.problems[0]?.message ?? "", phase: "pattern" };
  try {
    return { match: matches(read.pattern, row.event) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), phase: "event" };
  }
}

function isSame(got: Answer, want: Answer): boolean {
  if ("match" in want) return "match" in got && got.match === want.match;
  return "error" in got && got.phase === want.phase;
}
