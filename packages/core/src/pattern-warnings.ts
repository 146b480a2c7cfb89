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
import type { ConfigWarning } from "./config-warnings.ts";
import type { Severity } from "./finding.ts";
import { type Alternative, toldAlternatives } from "./presets.ts";
import { type ResolvedCustomer, resolveCustomer } from "./resolved-customer.ts";

const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"];

/** Everything odd about one customer's pattern and filter. @param at - the customer's place, `customers[0]`. */
export function customerPatternWarnings(config: Config, customer: Customer, at: string): readonly ConfigWarning[] {
  const resolved = resolveCustomer(config, customer);
  return [
    ...lintWarnings(customer.pattern, `${at}.pattern`, "rule"),
    ...lintWarnings(customer.filter, `${at}.filter`, resolved.delivery === "relay" ? "filter" : "rule"),
    ...unforwarded(customer, resolved, at),
    ...filterWarnings(resolved, at),
  ];
}

/** A filter of the relay's is no rule: quotas of rules do not concern it. */
function lintWarnings(pattern: unknown, at: string, use: "rule" | "filter"): readonly ConfigWarning[] {
  if (typeof pattern !== "object" || pattern === null) return [];
  return lint(parsed(pattern))
    .filter(({ code }) => use === "rule" || !code.startsWith("wildcard-"))
    .map(({ kind, code, path, message, fix }) => ({
      kind,
      code: `pattern-${code}`,
      path: `${at}${path.slice(1)}`,
      message: `${kind === "warning" ? "is likely not what is meant" : "could be said better"}: ${message}.`,
      fix,
    }));
}

/** Sources and severities that the customer's own pattern, or the one of 2020, keeps back. */
function unforwarded(customer: Customer, resolved: ResolvedCustomer, at: string): readonly ConfigWarning[] {
  if (resolved.patternName !== "custom" && resolved.patternName !== "classic") return [];
  const own: object = JSON.parse(resolved.pattern);
  const spoke = parsed(own);
  const told = (sources: ResolvedCustomer["sources"], severities: readonly Severity[]) =>
    atOdds(spoke, toldTo(resolved, toldAlternatives(sources, severities), own));
  const silent = resolved.sources.filter((source) => told([source], SEVERITIES));
  const others = resolved.sources.filter((source) => !silent.includes(source));
  const unheard = others.length === 0 ? [] : resolved.severities.filter((severity) => told(others, [severity]));
  const isOwn = customer.severities !== undefined;
  return [
    ...silent.map((source): ConfigWarning => {
      const index = resolved.sources.indexOf(source);
      return {
        kind: "warning",
        code: "source-not-forwarded",
        path: `${at}.sources[${index}]`,
        message: `is ${source}, but ${customer.id}'s pattern forwards nothing of it${wordsOf(told([source], SEVERITIES))}.`,
        fix: "Let the pattern through what is wanted, or take the source out.",
      };
    }),
    ...unheard.map((severity): ConfigWarning => {
      return {
        // What the defaults say is meant for everybody: that a pattern wants less of it may well be the point.
        kind: isOwn ? "warning" : "hint",
        code: "severity-not-forwarded",
        path: isOwn ? `${at}.severities` : `${at}.pattern`,
        message: `${isOwn ? "wants" : "leaves out"} ${severity}, but ${customer.id}'s pattern forwards none${wordsOf(told(others, [severity]))}.`,
        fix: isOwn
          ? `Add ${severity} to the pattern, or take it out of the severities.`
          : `Add ${severity} to the pattern, or say which severities ${customer.id} wants.`,
      };
    }),
  ];
}

/** A filter against what would be told without it. */
function filterWarnings(customer: ResolvedCustomer, at: string): readonly ConfigWarning[] {
  const { filter } = customer;
  if (filter === undefined) return [];
  const spoke = parsed(JSON.parse(customer.pattern));
  const told = toldTo(customer, toldAlternatives(customer.sources, customer.severities), filter);
  const path = `${at}.filter`;
  const never = atOdds(parsed(filter), told) ?? beside(parsed(filter), customer, spoke);
  if (never) {
    return [
      {
        kind: "warning",
        code: "filter-never-matches",
        path,
        message: `matches nothing that ${customer.id} is told of${wordsOf(never)}.`,
        fix: "Want less of the filter, or forward and tell more: `pattern`, `severities`, `sources`.",
      },
    ];
  }
  const parts = partsOf(filter).flatMap(({ steps, shown, pattern }): readonly ConfigWarning[] => {
    const apart = atOdds(parsed(pattern), told) ?? beside(parsed(pattern), customer, spoke);
    if (apart === undefined) return [];
    return [
      {
        kind: "warning",
        code: "filter-wants-more",
        path: `${path}${steps}`,
        message: `wants ${shown}, but ${customer.id} is told nothing of that kind${wordsOf(apart, "told")}.`,
        fix: "Take it out of the filter, or forward and tell it: `pattern`, `severities`, `sources`.",
      },
    ];
  });
  const others = [...parts, ...droppedKinds(customer, filter, path)];
  return others.length > 0 ? others : withoutEffect(customer, told, path);
}

/** Kinds of events of which nothing passes the filter, though others pass: OCSF's findings, if it speaks of ASFF's keys. */
function droppedKinds(customer: ResolvedCustomer, filter: object, path: string): readonly ConfigWarning[] {
  const own: object = JSON.parse(customer.pattern);
  const isForwarded = (kind: Alternative) =>
    beside(parsed(own), customer, toldTo(customer, [kind], own) ?? parsed(own)) === undefined;
  return toldAlternatives(customer.sources, customer.severities).flatMap((kind): readonly ConfigWarning[] => {
    const apart = atOdds(parsed(filter), toldTo(customer, [kind], filter));
    if (apart === undefined || !isForwarded(kind)) return [];
    const name = kind["detail-type"]?.join(" or ") ?? kind.source.join(" or ");
    return [
      {
        kind: "hint",
        code: "filter-drops-kind",
        path,
        message: `lets through nothing of ${name}: ${apart.path} is what it asks for.`,
        fix: "If these shall be told as well, make the filter a $or with an alternative for them.",
      },
    ];
  });
}

/** Presets let through all that is told; other patterns may not. */
function beside(filter: Pattern, { patternName }: ResolvedCustomer, spoke: Pattern): Disagreement | undefined {
  return patternName === "custom" || patternName === "classic" ? atOdds(filter, spoke) : undefined;
}

function withoutEffect(customer: ResolvedCustomer, told: Pattern | undefined, path: string): readonly ConfigWarning[] {
  if (told === undefined || customer.filter === undefined) return [];
  if (covers(parsed(customer.filter), told).answer !== "yes") return [];
  return [
    {
      kind: "hint",
      code: "filter-without-effect",
      path,
      message: `lets through all that ${customer.id} is told of anyway.`,
      fix: "Take it out, or narrow it.",
    },
  ];
}

/** The field on which two patterns can never agree; undefined when they can, or when nobody knows. */
function atOdds(one: Pattern, other: Pattern | undefined): Disagreement | undefined {
  if (other === undefined) return undefined;
  const met = intersects(one, other);
  if (met.answer === "no") return met.because;
  return met.answer === "yes" && met.needsList?.isSingle ? met.needsList : undefined;
}

function wordsOf(apart: Disagreement | undefined, only?: "told"): string {
  if (apart === undefined) return "";
  const wanted = (list: readonly string[]) => list.slice(0, 4).join(" or ");
  const either = (list: readonly string[]) => (list.length > 1 ? `(${wanted(list)})` : wanted(list));
  if (only === "told") return `: ${apart.path} is ${wanted(apart.other)} there`;
  return `: ${apart.path} would have to be ${either(apart.one)} and ${either(apart.other)} at once`;
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
