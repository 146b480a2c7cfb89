/**
 * What is odd about a customer's patterns, alone and together: a filter that wants MEDIUM where only CRITICAL and HIGH
 * are told, a pattern of one's own that lets nothing of a source through, and what lint says of each.
 *
 * Only what is certain is said. Two patterns that could both match an event with several severities in one finding are
 * at odds all the same: no such event comes (`needsList.isSingle`, @shirase/event-pattern).
 *
 * Not here: what EventBridge would refuse (pattern-fault.ts), and whether an event is told (route.ts).
 */
import { covers, type Disagreement, intersects, lint, type Pattern, parsePattern } from "@shirase/event-pattern";
import type { Config, Customer } from "./config.ts";
import { type ConfigWarning, warnIn } from "./config-warning.ts";
import type { Severity } from "./finding.ts";
import { type Alternative, toldAlternatives } from "./presets.ts";
import { type ResolvedCustomer, resolveCustomer } from "./resolved-customer.ts";
import { either, lintSentence, type WarningFacts } from "./text/warning-words.ts";
import type { Language } from "./text/wording.ts";

const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"];

/** Everything odd about one customer's pattern and filter. @param at - the customer's place, `customers[0]`. */
export function customerPatternWarnings(
  config: Config,
  customer: Customer,
  at: string,
  language: Language = "en",
): readonly ConfigWarning[] {
  const resolved = resolveCustomer(config, customer);
  const use = resolved.delivery === "relay" ? "filter" : "rule";
  return [
    ...lintWarnings(customer.pattern, { at: `${at}.pattern`, use: "rule", language }),
    ...lintWarnings(customer.filter, { at: `${at}.filter`, use, language }),
    ...unforwarded(customer, resolved, at, language),
    ...filterWarnings(resolved, at, language),
  ];
}

type Linted = { readonly at: string; readonly use: "rule" | "filter"; readonly language: Language };

/** A filter of the relay's is no rule: quotas of rules do not concern it. */
function lintWarnings(pattern: unknown, { at, use, language }: Linted): readonly ConfigWarning[] {
  if (typeof pattern !== "object" || pattern === null) return [];
  return lint(parsed(pattern), { language })
    .filter(({ code }) => use === "rule" || !code.startsWith("wildcard-"))
    .map(({ kind, code, path, message, fix }) => ({
      kind,
      code: `pattern-${code}`,
      path: `${at}${path.slice(1)}`,
      message: lintSentence(kind, message, language),
      fix,
    }));
}

/** Sources and severities that the customer's own pattern, or the one of 2020, keeps back. */
function unforwarded(
  customer: Customer,
  resolved: ResolvedCustomer,
  at: string,
  language: Language,
): readonly ConfigWarning[] {
  if (resolved.patternName !== "custom" && resolved.patternName !== "classic") return [];
  const warn = warnIn(language);
  const own: object = JSON.parse(resolved.pattern);
  const spoke = parsed(own);
  const told = (sources: ResolvedCustomer["sources"], severities: readonly Severity[]) =>
    atOdds(spoke, toldTo(resolved, toldAlternatives(sources, severities), own));
  const silent = resolved.sources.filter((source) => told([source], SEVERITIES));
  const others = resolved.sources.filter((source) => !silent.includes(source));
  const unheard = others.length === 0 ? [] : resolved.severities.filter((severity) => told(others, [severity]));
  const isOwn = customer.severities !== undefined;
  return [
    ...silent.map((source) => {
      const path = `${at}.sources[${resolved.sources.indexOf(source)}]`;
      const facts = { customer: customer.id, value: source, ...clashOf(told([source], SEVERITIES), language) };
      return warn("warning", "source-not-forwarded", path, facts);
    }),
    ...unheard.map((severity) => {
      const facts = { customer: customer.id, value: severity, ...clashOf(told(others, [severity]), language) };
      // What the defaults say is meant for everybody: that a pattern wants less of it may well be the point.
      if (!isOwn) return warn("hint", "severity-not-forwarded", `${at}.pattern`, facts);
      return warn("warning", "severity-not-forwarded", `${at}.severities`, { ...facts, own: "yes" });
    }),
  ];
}

/** A filter against what would be told without it. */
function filterWarnings(customer: ResolvedCustomer, at: string, language: Language): readonly ConfigWarning[] {
  const { filter } = customer;
  if (filter === undefined) return [];
  const warn = warnIn(language);
  const spoke = parsed(JSON.parse(customer.pattern));
  const told = toldTo(customer, toldAlternatives(customer.sources, customer.severities), filter);
  const path = `${at}.filter`;
  const never = atOdds(parsed(filter), told) ?? beside(parsed(filter), customer, spoke);
  if (never) {
    const facts = { customer: customer.id, ...clashOf(never, language) };
    return [warn("warning", "filter-never-matches", path, facts)];
  }
  const parts = partsOf(filter).flatMap(({ steps, shown, pattern }): readonly ConfigWarning[] => {
    const apart = atOdds(parsed(pattern), told) ?? beside(parsed(pattern), customer, spoke);
    if (apart === undefined) return [];
    const there = either(apart.other.slice(0, MOST_VALUES), language);
    const facts = { customer: customer.id, value: shown, path: apart.path, there };
    return [warn("warning", "filter-wants-more", `${path}${steps}`, facts)];
  });
  const others = [...parts, ...droppedKinds(customer, filter, path, language)];
  return others.length > 0 ? others : withoutEffect(customer, told, path, language);
}

/** Kinds of events of which nothing passes the filter, though others pass: OCSF's findings, if it speaks of ASFF's keys. */
function droppedKinds(
  customer: ResolvedCustomer,
  filter: object,
  path: string,
  language: Language,
): readonly ConfigWarning[] {
  const own: object = JSON.parse(customer.pattern);
  const isForwarded = (kind: Alternative) =>
    beside(parsed(own), customer, toldTo(customer, [kind], own) ?? parsed(own)) === undefined;
  return toldAlternatives(customer.sources, customer.severities).flatMap((kind): readonly ConfigWarning[] => {
    const apart = atOdds(parsed(filter), toldTo(customer, [kind], filter));
    if (apart === undefined || !isForwarded(kind)) return [];
    const name = either(kind["detail-type"] ?? kind.source, language);
    return [warnIn(language)("hint", "filter-drops-kind", path, { kind: name, path: apart.path })];
  });
}

/** Presets let through all that is told; other patterns may not. */
function beside(filter: Pattern, { patternName }: ResolvedCustomer, spoke: Pattern): Disagreement | undefined {
  return patternName === "custom" || patternName === "classic" ? atOdds(filter, spoke) : undefined;
}

function withoutEffect(
  customer: ResolvedCustomer,
  told: Pattern | undefined,
  path: string,
  language: Language,
): readonly ConfigWarning[] {
  if (told === undefined || customer.filter === undefined) return [];
  if (covers(parsed(customer.filter), told).answer !== "yes") return [];
  return [warnIn(language)("hint", "filter-without-effect", path, { customer: customer.id })];
}

/** The field on which two patterns can never agree; undefined when they can, or when nobody knows. */
function atOdds(one: Pattern, other: Pattern | undefined): Disagreement | undefined {
  if (other === undefined) return undefined;
  const met = intersects(one, other);
  if (met.answer === "no") return met.because;
  return met.answer === "yes" && met.needsList?.isSingle ? met.needsList : undefined;
}

const MOST_VALUES = 4;

/** The field that is at odds, and what each of the two asks of it. */
function clashOf(apart: Disagreement | undefined, language: Language): WarningFacts {
  if (apart === undefined) return {};
  const [one, there] = [apart.one, apart.other].map((list) => {
    const text = either(list.slice(0, MOST_VALUES), language);
    return list.length > 1 ? `(${text})` : text;
  });
  return { path: apart.path, one: one ?? "", there: there ?? "" };
}

/**
 * The events a customer is told of as one pattern, from its accounts and regions. Of a field that the other pattern names
 * and that this kind of event never has, it says that it is absent: OCSF has no Severity.Label.
 */
function toldTo(
  { accounts, regions }: ResolvedCustomer,
  alternatives: readonly Alternative[],
  against: object = {},
): Pattern | undefined {
  const named = leavesOf(against, true).map(({ keys }) => keys);
  const patterns = alternatives.map((alternative) => {
    const foreign = named.filter((keys) => !canHave(alternative, keys));
    const whole = { ...alternative, account: accounts.map(({ id }) => id), region: regions };
    return foreign.reduce<object>((pattern, keys) => withAbsent(pattern, keys), whole);
  });
  const [first, ...others] = patterns;
  if (first === undefined) return undefined;
  return parsed(others.length === 0 ? first : { $or: patterns });
}

/** ASFF's keys begin with a capital, OCSF's do not; other events have no findings. */
function canHave({ source, "detail-type": types }: Alternative, keys: readonly string[]): boolean {
  const [detail, findings, name = ""] = keys;
  if (detail !== "detail") return true;
  const isFindings = findings === "findings";
  if (!source.includes("aws.securityhub")) return !isFindings;
  const isOcsf = types?.some((type) => type.endsWith("V2")) ?? false;
  return isFindings && /^[A-Z]/.test(name) !== isOcsf;
}

function withAbsent(pattern: object, [key = "", ...rest]: readonly string[]): object {
  const below: unknown = Object.hasOwn(pattern, key) ? Object.entries(pattern).find(([one]) => one === key)?.[1] : {};
  if (typeof below !== "object" || below === null || Array.isArray(below)) return pattern;
  const absent = rest.length === 0 ? [{ exists: false }] : withAbsent(below, rest);
  return { ...pattern, [key]: absent };
}

type LeafOfValue = { readonly keys: readonly string[]; readonly list: readonly unknown[] };

/** The fields of a pattern that is still a value; those in the alternatives of `$or` only if asked for. */
function leavesOf(value: object, withOr: boolean, keys: readonly string[] = []): readonly LeafOfValue[] {
  return Object.entries(value).flatMap(([key, below]: [string, unknown]): readonly LeafOfValue[] => {
    if (key === "$or" && Array.isArray(below)) {
      return withOr ? below.flatMap((branch: object) => leavesOf(branch, withOr, keys)) : [];
    }
    if (Array.isArray(below)) return [{ keys: [...keys, key], list: below }];
    return typeof below === "object" && below !== null ? leavesOf(below, withOr, [...keys, key]) : [];
  });
}

type Part = { readonly steps: string; readonly shown: string; readonly pattern: object };

/**
 * The pattern with one alternative of one field alone, for each field that names several values. Of what lint says that
 * it never occurs nothing more needs to be said.
 */
function partsOf(filter: object): readonly Part[] {
  const odd = new Set(lint(parsed(filter)).map(({ path }) => path.slice(1)));
  return leavesOf(filter, false).flatMap(({ keys, list }) => {
    if (list.length < 2) return [];
    return list.flatMap((item, index): readonly Part[] => {
      const steps = `${keys.map((key) => `.${key}`).join("")}[${index}]`;
      if (typeof item === "object" || odd.has(steps)) return [];
      return [{ steps, shown: JSON.stringify(item), pattern: replaced(filter, keys, [item]) }];
    });
  });
}

function replaced(value: object, [key = "", ...rest]: readonly string[], list: readonly unknown[]): object {
  return Object.fromEntries(
    Object.entries(value).map(([one, below]: [string, unknown]) => {
      if (one !== key) return [one, below];
      return [one, rest.length > 0 && typeof below === "object" && below !== null ? replaced(below, rest, list) : list];
    }),
  );
}

/** A pattern that config has found valid. */
function parsed(value: object): Pattern {
  const read = parsePattern(JSON.stringify(value));
  if ("pattern" in read) return read.pattern;
  throw new Error(`not an event pattern: ${read.problems[0]?.message}`);
}
