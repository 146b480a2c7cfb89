/** Fields of AWS's own events: values they cannot have, types they are not, absences that `anything-but` misses. */
import { accepts } from "./accepts.ts";
import { excludeEachOther, isTextTest } from "./alternative-relations.ts";
import { ENVELOPE, type KnownField, looksLikeRegion, SHAPES, type Shape } from "./known-fields.ts";
import type { Raw } from "./lint.ts";
import type { Alternative, Leaf, Pattern } from "./matcher-types.ts";
import { nearestText } from "./near-text.ts";
import { shown } from "./shown.ts";
import { firstRules, type RuleByPath } from "./some-rules.ts";

/** The kinds of events that a field is asked of: by the sources and detail-types that stand beside it. */
export type Context = { readonly shapes: ReadonlySet<Shape>; readonly rules: readonly RuleByPath[] };

const MOST_RULES = 500;
const DETAIL = "detail.";

/** For each field the events it may be asked of, over all choices of `$or`. */
export function contextsOf(pattern: Pattern): ReadonlyMap<Leaf, Context> {
  const contexts = new Map<Leaf, { readonly shapes: Set<Shape>; readonly rules: RuleByPath[] }>();
  for (const rule of firstRules(pattern, MOST_RULES).rules) {
    const shapes = SHAPES.filter((shape) => isAskedOf(rule, shape));
    for (const leaf of rule.values()) {
      const context = contexts.get(leaf) ?? { shapes: new Set(), rules: [] };
      contexts.set(leaf, context);
      for (const shape of shapes) context.shapes.add(shape);
      context.rules.push(rule);
    }
  }
  return contexts;
}

function isAskedOf(rule: RuleByPath, { source, detailTypes }: Shape): boolean {
  return allowsText(rule.get("source"), [source]) && allowsText(rule.get("detail-type"), detailTypes);
}

function allowsText(leaf: Leaf | undefined, texts: readonly string[]): boolean {
  return (
    leaf === undefined || texts.some((text) => leaf.alternatives.some((one) => accepts(one, { kind: "string", text })))
  );
}

/** Everything that is odd about a field for what is known of it. */
export function lintFields(leaf: Leaf, context: Context): readonly Raw[] {
  const { path, place } = leaf;
  if (path === "detail-type") return lintDetailType(leaf, context);
  if (path === "source") return lintSource(leaf);
  const envelope = ENVELOPE.get(path);
  if (envelope) return lintKnown(leaf, [envelope]);
  if (!path.startsWith(DETAIL)) return lintTopLevel(leaf);
  const name = path.slice(DETAIL.length);
  const known = [...context.shapes].flatMap(({ fields }) => fields.get(name) ?? []);
  const odd = known.length > 0 ? lintKnown(leaf, known) : lintUnknown(leaf, name, context);
  return [
    ...odd,
    ...(known.length > 0 ? [] : lintSparse(leaf, name, context)),
    ...lintInList(leaf, name, context, place),
  ];
}

function lintDetailType({ alternatives, place }: Leaf, { rules }: Context): readonly Raw[] {
  return alternatives.flatMap((one, index): readonly Raw[] => {
    if (one.op !== "string" || rules.some((rule) => isDetailTypeOf(one.text, rule))) return [];
    const own = SHAPES.filter(({ source }) => rules.some((rule) => allowsText(rule.get("source"), [source])));
    const suggestion = nearestText(
      one.text,
      own.flatMap(({ detailTypes }) => detailTypes),
    );
    const owner = SHAPES.find(({ detailTypes }) => detailTypes.includes(one.text))?.source;
    const facts = { value: shown(one), ...(suggestion ? { suggestion: JSON.stringify(suggestion) } : {}) };
    const path = `${place}[${index}]`;
    if (owner) return [{ kind: "warning", code: "detail-type-of-another", path, facts: { ...facts, by: owner } }];
    return suggestion ? [{ kind: "warning", code: "unknown-detail-type", path, facts }] : [];
  });
}

function isDetailTypeOf(text: string, rule: RuleByPath): boolean {
  return SHAPES.some(
    ({ source, detailTypes }) => detailTypes.includes(text) && allowsText(rule.get("source"), [source]),
  );
}

function lintSource({ alternatives, place }: Leaf): readonly Raw[] {
  const sources = new Set(SHAPES.map(({ source }) => source));
  return alternatives.flatMap((one, index): readonly Raw[] => {
    if (one.op !== "string" || sources.has(one.text) || REAL_SOURCES.has(one.text)) return [];
    const suggestion = nearestText(one.text.replace(/^(?:aws\.)?/i, "aws."), sources);
    if (suggestion === undefined) return [];
    const facts = { value: shown(one), suggestion: JSON.stringify(suggestion) };
    return [{ kind: "warning", code: "unknown-source", path: `${place}[${index}]`, facts }];
  });
}

/** Sources that look like another one's slip and are none. */
const REAL_SOURCES: ReadonlySet<string> = new Set([
  ...[
    "aws.inspector",
    "aws.ecs",
    "aws.ecr",
    "aws.eks",
    "aws.ssm",
    "aws.s3",
    "aws.sns",
    "aws.sqs",
    "aws.rds",
    "aws.dms",
  ],
  ...["aws.emr", "aws.kms", "aws.acm", "aws.iam", "aws.ebs", "aws.cur", "aws.ce", "aws.mq", "aws.fms", "aws.dlm"],
]);

/** `detailType`, `Source`: near to a key of the envelope, and not it. */
function lintTopLevel({ path, place }: Leaf): readonly Raw[] {
  const [key = ""] = path.split(".");
  const keys = [...ENVELOPE.keys(), "detail"];
  if (keys.includes(key)) {
    return [
      {
        kind: "warning",
        code: key === "detail" ? "not-a-value" : "nothing-below",
        path: place,
        facts: { field: path },
      },
    ];
  }
  const suggestion = nearestText(key, keys);
  return suggestion
    ? [{ kind: "warning", code: "unknown-field", path: place, facts: { field: path, suggestion } }]
    : [];
}

/** A path that no kind of event has, though it has one with other letters, or has something below it. */
function lintUnknown({ place, path }: Leaf, name: string, { shapes }: Context): readonly Raw[] {
  const paths = [...shapes].flatMap(({ fields }) => [...fields.keys()]);
  if (paths.some((one) => one.startsWith(`${name}.`))) {
    return [{ kind: "warning", code: "not-a-value", path: place, facts: { field: path } }];
  }
  const twin = paths.find((one) => one.toLowerCase() === name.toLowerCase());
  const facts = { field: path, suggestion: `${DETAIL}${twin}` };
  return twin === undefined ? [] : [{ kind: "warning", code: "unknown-field", path: place, facts }];
}

/** A field of a kind of event that has few fields for certain, and this is none of them. */
function lintSparse(leaf: Leaf, name: string, { shapes }: Context): readonly Raw[] {
  const sparse = [...shapes].filter(({ isSparse, fields }) => isSparse && isBelowSame(name, fields));
  return sparse.length > 0 && sparse.length === shapes.size ? lintPresence(leaf, "sometimes") : [];
}

function isBelowSame(name: string, fields: ReadonlyMap<string, KnownField>): boolean {
  const [first = ""] = name.split(".");
  return [...fields.keys()].some((path) => path.startsWith(`${first}.`));
}

function lintKnown(leaf: Leaf, known: readonly KnownField[]): readonly Raw[] {
  const presence = known.every((one) => one.presence === "sometimes")
    ? "sometimes"
    : known.every((one) => one.presence !== "always")
      ? "usually"
      : "always";
  return [
    ...lintPresence(leaf, presence),
    ...leaf.alternatives.flatMap((one, index) => lintValue(one, `${leaf.place}[${index}]`, known)),
  ];
}

/** `anything-but` does not hold where the field is missing: the mistake of the pattern that everybody copied in 2020. */
function lintPresence(
  { alternatives, mayBeAbsent, place, path }: Leaf,
  presence: KnownField["presence"],
): readonly Raw[] {
  if (mayBeAbsent || presence === "always") return [];
  const index = alternatives.findIndex(({ op }) => op.startsWith("anything-but"));
  const one = alternatives[index];
  if (one === undefined) return [];
  const kind = presence === "sometimes" ? "warning" : "hint";
  return [
    { kind, code: "anything-but-optional", path: `${place}[${index}]`, facts: { field: path, value: shown(one) } },
  ];
}

/** A verdict stands only if it holds for every kind of event that has the field. */
function lintValue(one: Alternative, path: string, known: readonly KnownField[]): readonly Raw[] {
  const verdicts = known.map((field) => verdictOn(one, field));
  const [first] = verdicts;
  if (first === undefined || verdicts.some((verdict) => verdict === undefined)) return [];
  const allowed = [...new Set(known.flatMap(({ values }) => values ?? []))];
  const slip = textsOf(one).find((text) => !allowed.includes(text));
  const meant = slip === undefined ? undefined : nearestText(slip, allowed);
  const facts = {
    value: shown(one),
    allowed: allowed.join(", "),
    ...(meant ? { suggestion: JSON.stringify(meant) } : {}),
  };
  return [{ kind: "warning", code: first, path, facts }];
}

type Verdict =
  | "impossible-value"
  | "refuses-nothing"
  | "number-as-text"
  | "text-as-number"
  | "boolean-as-text"
  | "account-id"
  | "region-name";

function verdictOn(one: Alternative, field: KnownField): Verdict | undefined {
  if (field.kind === "number") return isForText(one) ? "number-as-text" : impossible(one, field);
  if (field.kind === "boolean") return isForText(one) || isForNumbers(one) ? "boolean-as-text" : undefined;
  if (isForNumbers(one)) return "text-as-number";
  if (field.kind === "account") return textsOf(one).some((text) => !/^\d{12}$/.test(text)) ? "account-id" : undefined;
  if (field.kind === "region") return textsOf(one).some((text) => !looksLikeRegion(text)) ? "region-name" : undefined;
  return impossible(one, field);
}

function isForText(one: Alternative): boolean {
  const tests = ["string", "address", "cidr", "anything-but-strings", "anything-but"];
  return isTextTest(one) || tests.includes(one.op);
}

function isForNumbers({ op }: Alternative): boolean {
  return op === "number" || op === "numeric" || op === "anything-but-numbers";
}

/** The texts that an alternative names one by one. */
function textsOf(one: Alternative): readonly string[] {
  if (one.op === "string" || one.op === "address") return [one.text];
  return one.op === "anything-but-strings" ? [...one.texts] : [];
}

function impossible(one: Alternative, { kind, values, range }: KnownField): Verdict | undefined {
  if (one.op === "exists") return undefined;
  const isOutside = range !== undefined && excludeEachOther(one, between(range));
  if (isOutside) return "impossible-value";
  if (values === undefined) return undefined;
  const scalar = kind === "number" ? "number" : "string";
  const refused = refusedBy(one);
  if (refused.length > 0) return refused.every((text) => values.includes(text)) ? undefined : "refuses-nothing";
  const isSome = (test: Alternative) => values.some((text) => accepts(test, { kind: scalar, text }));
  if (one.op === "anything-but") return one.tests.every(isSome) ? undefined : "refuses-nothing";
  return isSome(one) ? undefined : "impossible-value";
}

function refusedBy(one: Alternative): readonly string[] {
  if (one.op === "anything-but-strings") return [...one.texts];
  return one.op === "anything-but-numbers" ? [...one.values].map(String) : [];
}

function between([low, high]: readonly [number, number]): Alternative {
  return { op: "numeric", low: { value: low, isOpen: false }, high: { value: high, isOpen: false } };
}

/** `exists: false` below a list of several objects: of ALL of them, unless a field before it has chosen one. */
function lintInList({ mayBeAbsent, path }: Leaf, name: string, { shapes }: Context, place: string): readonly Raw[] {
  if (!mayBeAbsent) return [];
  const list = [...shapes].flatMap(({ lists }) => lists).find((one) => name.startsWith(`${one}.`));
  const facts = { field: path, list: `${DETAIL}${list}` };
  return list === undefined ? [] : [{ kind: "hint", code: "absent-in-list", path: place, facts }];
}
