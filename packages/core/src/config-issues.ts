/**
 * What zod says of a config, turned into faults a person can act on: missing keys of one mapping become one fault, a
 * union blames the alternative that was meant, an unknown key learns which keys there are and where it belongs.
 */
import type { z } from "zod";
import type { ConfigFault } from "./config-fault.ts";
import { type JsonSchema, keysAt, placesOfKey } from "./config-schema.ts";
import type { Path } from "./config-yaml.ts";
import { nearestName } from "./nearest-name.ts";

type Issue = z.core.$ZodIssue;

/** What the translation looks things up in. */
export type IssueContext = {
  /** Asked only when a key is not known: making it costs more than reading a file. */
  readonly schema: () => JsonSchema;
  readonly value: unknown;
};

/** The faults behind zod's issues, in no particular order. */
export function faultsOf(issues: readonly Issue[], context: IssueContext): readonly ConfigFault[] {
  const flat = issues.flatMap((issue) => settleUnions(issue, []));
  const isMissing = (issue: Issue) => issue.path.length > 0 && isAbsent(context.value, pathOf(issue));
  const unknown = flat.flatMap((issue) => unknownKeys(issue, context.schema));
  const wanted = new Set(
    unknown.flatMap(({ path, allowed = [] }) => {
      const meant = nearestName(String(path.at(-1)), allowed);
      return meant === undefined ? [] : [JSON.stringify([...path.slice(0, -1), meant])];
    }),
  );
  // A key that is there under a misspelt name is not missing as well.
  const missing = flat.filter((issue) => isMissing(issue) && !wanted.has(JSON.stringify(issue.path)));
  const others = flat.filter((issue) => issue.code !== "unrecognized_keys" && !isMissing(issue));
  return [...unknown, ...missingKeys(missing), ...others.map(wrongValue)];
}

/** A union's issue replaced by those of the alternative that was most likely meant, or by the union's own. */
function settleUnions(issue: Issue, around: Path): readonly Issue[] {
  const path = [...around, ...pathOf(issue)];
  if (issue.code !== "invalid_union") return [{ ...issue, path }];
  const isOfKind = (issues: readonly Issue[]) =>
    issues.every((one) => one.path.length > 0 || !["invalid_type", "invalid_value"].includes(one.code));
  const meant = issue.errors.filter(isOfKind);
  // Alternatives that know the keys that are there come before those that do not.
  const knowing = meant.filter((issues) => issues.every((one) => one.code !== "unrecognized_keys"));
  const [chosen, second] = knowing.length > 0 ? knowing : meant;
  const strangers = second && knowing.length === 0 ? keysNobodyKnows(meant) : [];
  if (strangers.length > 0) return [{ code: "unrecognized_keys", keys: strangers, path, message: issue.message }];
  if (!chosen || second) return [{ ...issue, path }];
  return chosen.flatMap((one) => settleUnions(one, path));
}

/** Keys that no alternative knows: misspelt ones, where others that are known contradict each other. */
function keysNobodyKnows(alternatives: readonly (readonly Issue[])[]): string[] {
  const unknown = alternatives.map((issues) =>
    issues.flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : [])),
  );
  return (unknown[0] ?? []).filter((key) => unknown.every((keys) => keys.includes(key)));
}

function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
}

/** Is there nothing at all at this path, though there is a mapping around it? An empty value is not nothing. */
function isAbsent(value: unknown, path: Path): boolean {
  let here: unknown = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return false;
    if (!Object.hasOwn(here, step)) return true;
    here = (here as Readonly<Record<string | number, unknown>>)[step];
  }
  return here === undefined;
}

function unknownKeys(issue: Issue, makeSchema: () => JsonSchema): readonly ConfigFault[] {
  if (issue.code !== "unrecognized_keys") return [];
  const parent = pathOf(issue);
  const schema = makeSchema();
  const allowed = keysAt(schema, parent);
  return issue.keys.map((key) => ({
    path: [...parent, key],
    on: "key",
    expected: allowed.length > 0 ? `one of the keys ${allowed.join(", ")}` : "no such key",
    sentence: "there is no such key here",
    fix: nearestName(key, allowed) === undefined ? placeFor(key, schema, allowed) : "",
    allowed,
  }));
}

function placeFor(key: string, schema: JsonSchema, allowed: readonly string[]): string {
  if (key === "<<") return "Merge keys (<<) are not read: write the keys out, or put common ones under `defaults`.";
  const places = placesOfKey(schema, key);
  if (places.length > 0 && places.length <= 3) {
    return `\`${key}\` belongs ${places.map((place) => (place === "" ? "at the top" : `under ${place}`)).join(" or ")}.`;
  }
  return allowed.length > 0 ? `Keys that are known here: ${allowed.join(", ")}.` : "";
}

function missingKeys(issues: readonly Issue[]): readonly ConfigFault[] {
  const byParent = Map.groupBy(issues, (issue) => JSON.stringify(issue.path.slice(0, -1)));
  return [...byParent.values()].flatMap((group): readonly ConfigFault[] => {
    const [first] = group;
    if (!first) return [];
    const names = [...new Set(group.map((issue) => String(issue.path.at(-1))))];
    const { expected } = wordsOf(first);
    const isOne = names.length === 1;
    return [
      {
        path: pathOf(first).slice(0, -1),
        on: "key",
        expected: isOne ? `the key ${names[0]}` : `the keys ${names.join(", ")}`,
        got: "nothing",
        sentence: isOne ? `the key \`${names[0]}\` is missing` : `the keys ${enumerate(names)} are missing`,
        fix: isOne ? `Add it: ${expected}.` : "",
      },
    ];
  });
}

function enumerate(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

function wrongValue(issue: Issue): ConfigFault {
  const fault: ConfigFault = { path: pathOf(issue), on: "value", ...wordsOf(issue) };
  const allowed = allowedOf(issue);
  return allowed ? { ...fault, allowed } : fault;
}

/** The schema's messages are "expected\nfix" (config-values.ts); zod's own have no line break. */
function wordsOf(issue: Issue): Pick<ConfigFault, "expected" | "fix" | "sentence"> {
  if (issue.code === "custom" && typeof issue.params?.["sentence"] === "string") {
    return { expected: issue.message, fix: String(issue.params["fix"] ?? ""), sentence: issue.params["sentence"] };
  }
  const [expected = "", fix] = issue.message.split("\n");
  // A number that is too small or too large is a number: the line that is shown says which.
  const isNumber = (issue.code === "too_small" || issue.code === "too_big") && issue.origin === "number";
  if (fix !== undefined) return { expected, fix, ...(isNumber && { sentence: `expected ${expected}` }) };
  return { expected: "a value that JSON knows: text, a number, true, false, null, a list or a mapping", fix: "" };
}

function allowedOf(issue: Issue): readonly string[] | undefined {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union") {
    return issue.errors.flat().flatMap((one) => (one.code === "invalid_value" ? one.values.map(String) : []));
  }
  if (issue.code !== "custom") return undefined;
  const { allowed, isTimeZone } = issue.params ?? {};
  if (isTimeZone === true) return ["UTC", ...Intl.supportedValuesOf("timeZone")];
  return Array.isArray(allowed) ? allowed.map(String) : undefined;
}
