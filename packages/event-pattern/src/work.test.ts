/**
 * Input that somebody made to hurt costs work in proportion to its size. Work is counted, not timed: bytes that are
 * looked at, values, tests that are asked. Four times the input may cost four times the work and a little.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { EventValues } from "./event-values.ts";
import type { Element, Placed } from "./fields.ts";
import type { Alternative, Leaf } from "./matcher-types.ts";
import { WantedPaths } from "./path-numbers.ts";
import { newPathNode, nodeAt } from "./path-tree.ts";
import { ruleHolds } from "./rule.ts";
import { RuleIndex } from "./rule-index.ts";
import { scanEvent } from "./scan.ts";
import { ZEROS } from "./skip.ts";
import { readWildcard, wildcardMatches } from "./wildcard.ts";

const TIMES = 4;
const A_LITTLE = 1.05;

function assertLinear(work: (size: number) => number, size: number): void {
  const small = work(size);
  const large = work(size * TIMES);
  assert.ok(small > 0);
  assert.ok(
    large <= small * TIMES * A_LITTLE,
    `${TIMES} times the size costs ${(large / small).toFixed(2)} times the work`,
  );
}

const list = (size: number, item: (index: number) => string): string =>
  `[${Array.from({ length: size }, (_, index) => item(index)).join(",")}]`;

suite("reading an event looks at each byte a few times at most", () => {
  const cases: ReadonlyArray<readonly [why: string, event: (size: number) => string]> = [
    ["a long text that nobody wants", (size) => `{"z":"${"z".repeat(size)}"}`],
    ["a long text that is wanted", (size) => `{"a":"${"a".repeat(size)}"}`],
    ["nothing but escapes", (size) => `{"z":"${"\\\\".repeat(size)}","a":"${"\\u0061".repeat(size)}"}`],
    ["other scripts", (size) => `{"z":"${"語".repeat(size)}","a":"${"語".repeat(size)}"}`],
    ["a long key", (size) => `{"${"k".repeat(size)}":1,"${"k.".repeat(size)}":1,"${"\\n".repeat(size)}":1}`],
    ["deep lists, many of them", (size) => `{"a":${list(size, () => `${"[".repeat(90)}${"]".repeat(90)}`)}}`],
    [
      "deep objects that nobody wants",
      (size) => `{"z":${list(size, () => `${'{"z":'.repeat(90)}1${"}".repeat(90)}`)}}`,
    ],
    ["one key again and again", (size) => `{${Array.from({ length: size }, () => '"a":"x"').join(",")}}`],
    [
      "keys that begin and end alike",
      (size) => `{${Array.from({ length: size }, (_, index) => `"b${1e6 + index}b":1`).join(",")}}`,
    ],
    [
      "numbers",
      (size) => `{"a":${list(size, (index) => `${1e6 + index}.5e1`)},"z":${list(size, (index) => `-${1e6 + index}`)}}`,
    ],
    ["white space", (size) => `{${" ".repeat(size)}"a"${"\n".repeat(size)}:[1,${"\t".repeat(size)}2]}`],
  ];
  for (const [why, event] of cases) {
    test(why, () => assertLinear((size) => bytesLookedAt(event(size)), 100));
  }

  test("keys that begin and end alike, all of them wanted", () => {
    const keys = (size: number): readonly string[] => Array.from({ length: size }, (_, index) => `b${1e6 + index}b`);
    const eventOf = (size: number): string => `{${keys(size).map((key) => `"${key}":"x"`)}}`;
    assertLinear((size) => bytesLookedAt(eventOf(size), keys(size)), 100);
  });

  test("and not more than four times each, whatever is wanted", () => {
    for (const [, event] of cases) {
      const text = event(50);
      assert.ok(bytesLookedAt(text) <= 4 * new TextEncoder().encode(text).length);
    }
  });
});

/** A look at four bytes at once counts as one. */
function bytesLookedAt(text: string, paths: readonly string[] = ["a", "b1b.c", "k.k"]): number {
  const encoded = new TextEncoder().encode(text);
  const room = new Uint8Array(encoded.length + ZEROS);
  room.set(encoded);
  let looks = 0;
  const bytes = new Proxy(room, {
    get: (target, key) => {
      looks += 1;
      return Reflect.get(target, key);
    },
  });
  const view = new DataView(room.buffer);
  const words = new Proxy(view, {
    get: () => (at: number, isLittleEndian: boolean) => {
      looks += 1;
      return view.getInt32(at, isLittleEndian);
    },
  });
  const root = newPathNode();
  for (const [number, path] of paths.entries()) nodeAt(root, path).path = number;
  const source = { bytes, words, ascii: undefined, decode: undefined };
  assert.ok(scanEvent(source, root, new EventValues()));
  return looks;
}

suite("elements are chosen in steps that grow with their number, not with the ways to combine them", () => {
  const field = (path: string, text: string): Leaf => leafOf(path, [{ op: "string", text }]);
  const absent = (path: string): Leaf => leafOf(path, [{ op: "exists", wanted: false }]);
  const cases: ReadonlyArray<readonly [why: string, leaves: readonly Leaf[], values: (size: number) => Placing]> = [
    ["no element has both", [field("b", "x"), field("c", "y")], (size) => apart(size, ["b", "c"])],
    [
      "of five fields every element has one",
      ["b", "c", "d", "e", "f"].map((path) => field(path, "x")),
      (size) => apart(size, ["b", "c", "d", "e", "f"]),
    ],
    ["absence where every element has the field", [field("b", "x"), absent("c")], (size) => together(size, ["b", "c"])],
    ["values in no element", [field("b", "x"), field("c", "y")], (size) => loose(size, ["b", "c"])],
  ];
  for (const [why, leaves, values] of cases) {
    test(why, () => assertLinear((size) => valuesLookedAt(leaves, values(size)), 300));
  }
});

type Placing = ReadonlyArray<readonly [path: string, text: string, element: Element | undefined]>;

/** Each element has "x" at one of the paths, and something else at the others. */
function apart(size: number, paths: readonly string[]): Placing {
  return Array.from({ length: size }).flatMap((_, index) =>
    paths.map((path, place) => [path, index % paths.length === place ? "x" : "n", elementAt(index)] as const),
  );
}

function together(size: number, paths: readonly string[]): Placing {
  return Array.from({ length: size }).flatMap((_, index) =>
    paths.map((path) => [path, "x", elementAt(index)] as const),
  );
}

function loose(size: number, paths: readonly string[]): Placing {
  return Array.from({ length: size }).flatMap(() => paths.map((path) => [path, "x", undefined] as const));
}

function elementAt(index: number): Element {
  return { array: 0, index, within: undefined };
}

function valuesLookedAt(leaves: readonly Leaf[], placing: Placing): number {
  let looks = 0;
  const fields = new Map<string, Placed[]>();
  for (const [path, text, element] of placing) {
    const value: Placed = {
      kind: "string",
      text,
      get element() {
        looks += 1;
        return element;
      },
    };
    fields.set(path, [...(fields.get(path) ?? []), value]);
  }
  assert.equal(ruleHolds(leaves, fields), false);
  return looks;
}

suite("rules that wait for something else are not looked at", () => {
  const cases: ReadonlyArray<
    readonly [why: string, want: readonly number[], rule: (index: number, asked: () => void) => readonly Leaf[]]
  > = [
    [
      "each for a value of its own",
      [7],
      (index, asked) => [
        leafOf("k", [{ op: "string", text: `k${index}` }]),
        leafOf("w", [counted({ op: "wildcard", text: "*", pieces: ["", ""] }, asked)]),
      ],
    ],
    [
      "each for a prefix of its own",
      [7],
      (index, asked) => {
        const text = `p${1e6 + index}`;
        return [leafOf("p", [counted({ op: "prefix", text, utf8: text }, asked)])];
      },
    ],
    [
      "all for one value, and one more test that all have in common",
      [],
      (index, asked) => [
        leafOf("k", [{ op: "string", text: "k7" }]),
        leafOf("w", [counted({ op: "wildcard", text: "z*", pieces: ["z", ""] }, asked)]),
        leafOf("p", [counted({ op: "anything-but-strings", texts: new Set([`p${index}`]) }, asked)]),
      ],
    ],
  ];
  for (const [why, want, rule] of cases) {
    test(why, () => {
      const few = asking(rule, 100);
      assert.ok(few.looks <= 5, `${few.looks} looks at a test`);
      assert.deepEqual(few.found, want);
      assert.deepEqual(asking(rule, 400), few);
    });
  }
});

/** How often the tests of so many rules are asked for one event, once all rules are settled; and which hold. */
function asking(
  rule: (index: number, asked: () => void) => readonly Leaf[],
  count: number,
): { readonly looks: number; readonly found: readonly number[] } {
  let looks = 0;
  const paths = new WantedPaths();
  const index = new RuleIndex<number>(paths);
  for (let each = 0; each < count; each += 1) {
    index.add(
      each,
      rule(each, () => {
        looks += 1;
      }),
    );
  }
  index.match(new EventValues());
  looks = 0;
  const values = new EventValues();
  for (const [path, text] of Object.entries({ k: "k7", w: "w", p: "p1000007" })) {
    values.add(paths.use(path), "string", text, undefined);
  }
  const found = index.match(values);
  return { looks, found };
}

/** Somebody looks at what kind it is whenever it is asked. */
function counted<A extends Alternative>(alternative: A, asked: () => void): A {
  return new Proxy(alternative, {
    get: (target, key) => {
      if (key === "op") asked();
      return Reflect.get(target, key);
    },
  });
}

function leafOf(path: string, alternatives: readonly Alternative[]): Leaf {
  const mayBeAbsent = alternatives.some((one) => one.op === "exists" && !one.wanted);
  return { kind: "leaf", path, alternatives, mayBeAbsent, place: "$" };
}

suite("a wildcard goes through a text once", () => {
  const cases: ReadonlyArray<
    readonly [why: string, pattern: (size: number) => string, text: (size: number) => string]
  > = [
    ["that almost fits", () => "*a*a*a*a*b", (size) => "a".repeat(size)],
    ["with as many stars as letters", (size) => `${"*a".repeat(size)}*b`, (size) => "a".repeat(size)],
    ["of pieces that begin alike", () => "*aab*aab*aab*c", (size) => "aa".repeat(size)],
  ];
  for (const [why, pattern, text] of cases) {
    test(why, () => assertLinear((size) => lettersPassed(pattern(size), text(size)), 200));
  }
});

function lettersPassed(pattern: string, text: string): number {
  let passed = 0;
  const counting = {
    length: text.length,
    startsWith: (piece: string) => text.startsWith(piece),
    endsWith: (piece: string) => text.endsWith(piece) || piece === "b" || piece === "c",
    indexOf: (piece: string, from: number) => {
      const found = text.indexOf(piece, from);
      passed += (found < 0 ? text.length : found) - from + piece.length;
      return found;
    },
  };
  const read = readWildcard(pattern);
  assert.ok("pieces" in read);
  // @ts-expect-error: no string, but all of one that is used.
  wildcardMatches(read.pieces, counting);
  return passed;
}
