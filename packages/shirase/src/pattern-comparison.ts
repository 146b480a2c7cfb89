/** How two patterns stand to each other, as data and in sentences. */
import {
  type Coverage,
  covers,
  explain,
  explainShort,
  type Intersection,
  intersects,
  shownIn,
} from "@shirase/event-pattern";
import type { PatternFile } from "./pattern-files.ts";

type Language = "en" | "ja";

/** What the two answers amount to. `apart`: no event that AWS sends matches both. */
type Relation = "same" | "wider" | "narrower" | "overlap" | "apart" | "unknown";

/** Both patterns by name, and each answer with its proof. */
export type Comparison = {
  readonly one: string;
  readonly other: string;
  readonly relation: Relation;
  readonly intersects: Intersection;
  readonly oneCoversOther: Side;
  readonly otherCoversOne: Side;
};

/** With the reason why the event that proves a "no" does not match, in both languages. */
type Side = Coverage & { readonly because?: Readonly<Record<Language, string>> };

/** Asks everything there is to ask. */
export function compare(one: PatternFile, other: PatternFile): Comparison {
  const met = intersects(one.pattern, other.pattern);
  const oneCoversOther = sideOf(one, other);
  const otherCoversOne = sideOf(other, one);
  const relation = relationOf(met, oneCoversOther, otherCoversOne);
  return { one: one.name, other: other.name, relation, intersects: met, oneCoversOther, otherCoversOne };
}

function sideOf(wide: PatternFile, narrow: PatternFile): Side {
  const coverage = covers(wide.pattern, narrow.pattern);
  if (coverage.answer !== "no") return coverage;
  const explanation = explain(wide.pattern, coverage.witness);
  return { ...coverage, because: { en: explainShort(explanation, "en"), ja: explainShort(explanation, "ja") } };
}

function relationOf(met: Intersection, one: Coverage, other: Coverage): Relation {
  if (met.answer === "no" || (met.answer === "yes" && met.needsList?.isSingle)) return "apart";
  if (one.answer === "yes") return other.answer === "yes" ? "same" : other.answer === "no" ? "wider" : "unknown";
  if (other.answer === "yes") return one.answer === "no" ? "narrower" : "unknown";
  return met.answer === "yes" && one.answer === "no" && other.answer === "no" ? "overlap" : "unknown";
}

type Words = {
  readonly relation: Readonly<Record<Relation, (one: string, other: string) => string>>;
  readonly both: string;
  readonly list: (path: string, isSingle: boolean) => string;
  readonly apart: (path: string, one: string, other: string) => string;
  readonly covers: (wide: string, narrow: string) => string;
  readonly only: (wide: string, narrow: string) => string;
  readonly unsure: (wide: string, narrow: string) => string;
  readonly unsureBoth: string;
  readonly nothing: string;
  readonly or: string;
};

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    relation: {
      same: (one, other) => `${one} and ${other} match the same events.`,
      wider: (one, other) => `${one} is wider: it matches all that ${other} matches, and more.`,
      narrower: (one, other) => `${one} is narrower: ${other} matches all that it matches, and more.`,
      overlap: (one, other) => `${one} and ${other} overlap: some events match both, some only one.`,
      apart: (one, other) => `${one} and ${other} never match the same event.`,
      unknown: (one, other) => `${one} and ${other}: it could not be decided in full.`,
    },
    both: "an event that matches both:",
    list: (path, isSingle) =>
      isSingle
        ? `Only an event with several values of ${path} would match both, and AWS sends none:`
        : `Only an event with several values of ${path} matches both:`,
    apart: (path, one, other) => `${path} would have to be ${one} and ${other} at once.`,
    covers: (wide, narrow) => `${wide} matches all that ${narrow} matches.`,
    only: (wide, narrow) => `${narrow} matches this event, ${wide} does not:`,
    unsure: (wide, narrow) => `Whether ${wide} matches all that ${narrow} matches could not be decided.`,
    unsureBoth: "Whether an event can match both could not be decided.",
    nothing: "anything",
    or: " or ",
  },
  ja: {
    relation: {
      same: (one, other) => `${one} と ${other} は同じイベントに一致します。`,
      wider: (one, other) => `${one} のほうが広く、${other} が一致するイベントすべてと、それ以外にも一致します。`,
      narrower: (one, other) =>
        `${one} のほうが狭く、${other} は ${one} が一致するイベントすべてと、それ以外にも一致します。`,
      overlap: (one, other) =>
        `${one} と ${other} は一部だけ重なります。両方に一致するイベントも、片方だけのものもあります。`,
      apart: (one, other) => `${one} と ${other} が同じイベントに一致することはありません。`,
      unknown: (one, other) => `${one} と ${other} の関係は、完全には判定できませんでした。`,
    },
    both: "両方に一致するイベント:",
    list: (path, isSingle) =>
      isSingle
        ? `両方に一致するのは ${path} に値が複数あるイベントだけで、AWS からは届きません:`
        : `両方に一致するのは ${path} に値が複数あるイベントだけです:`,
    apart: (path, one, other) => `${path} が同時に ${one} と ${other} でなければなりません。`,
    covers: (wide, narrow) => `${wide} は ${narrow} が一致するイベントすべてに一致します。`,
    only: (wide, narrow) => `${narrow} だけが一致し、${wide} は一致しないイベント:`,
    unsure: (wide, narrow) => `${wide} が ${narrow} の一致するイベントすべてに一致するかは判定できませんでした。`,
    unsureBoth: "両方に一致するイベントがあるかは判定できませんでした。",
    nothing: "任意の値",
    or: " または ",
  },
};

/** The verdict first, then what proves it, line by line. */
export function comparisonText(comparison: Comparison, lang: Language): readonly string[] {
  const words = WORDS[lang];
  const { one, other, relation, oneCoversOther, otherCoversOne } = comparison;
  return [
    words.relation[relation](one, other),
    ...meetingLines(comparison.intersects, words),
    ...sideLines(oneCoversOther, { wide: one, narrow: other, lang }),
    ...sideLines(otherCoversOne, { wide: other, narrow: one, lang }),
  ];
}

function meetingLines(met: Intersection, words: Words): readonly string[] {
  if (met.answer === "unknown") return [words.unsureBoth];
  const because = met.answer === "no" ? met.because : met.needsList;
  const wanted = (list: readonly string[]) => {
    const said = list.map((one) => shownIn(one, words === WORDS.ja ? "ja" : "en")).join(words.or);
    return list.length > 1 ? `(${said})` : said || words.nothing;
  };
  const lines = because ? [words.apart(because.path, wanted(because.one), wanted(because.other))] : [];
  if (met.answer === "no") return lines;
  const title = met.needsList ? words.list(met.needsList.path, met.needsList.isSingle) : words.both;
  return [...lines, title, `  ${met.witness}`];
}

type Of = { readonly wide: string; readonly narrow: string; readonly lang: Language };

function sideLines(side: Side, { wide, narrow, lang }: Of): readonly string[] {
  const words = WORDS[lang];
  if (side.answer === "yes") return [words.covers(wide, narrow)];
  if (side.answer === "unknown") return [words.unsure(wide, narrow)];
  return [words.only(wide, narrow), `  ${side.witness}`, ...(side.because ? [`  ${side.because[lang]}`] : [])];
}
