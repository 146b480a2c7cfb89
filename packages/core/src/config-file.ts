/**
 * Reads `shirase.yaml`: its text becomes a Config, or everything that is wrong with it, each with its place.
 *
 * Three judges look at the text: one for secrets (literal-secrets.ts), one for YAML (config-yaml.ts), and for what is
 * in it the schema and the rules between keys. All problems are told at once, in the order of the file, one a place.
 * What is shown of the file is cut from a copy in which secrets are blotted out, so no message can leak one.
 *
 * Not here: finding and opening the file, which is I/O.
 */
import { Config } from "./config.ts";
import { faultsOf } from "./config-issues.ts";
import { type Placed, placeFault, placeProblem, type ShownText, showText, unquoted } from "./config-place.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { brokenRules } from "./config-rules.ts";
import { configJsonSchema } from "./config-schema.ts";
import { parseYaml, type Span, scalarsOf, spanOf, type YamlText } from "./config-yaml.ts";
import { isObject } from "./event.ts";
import { findLiteralSecrets } from "./literal-secrets.ts";

/** A thousand customers need a tenth of it. */
const LONGEST_TEXT = 1_000_000;
/** Enough to show that a file is full of them. */
const MOST_SECRETS = 100;
/** Nobody reads more, and finding each one's place costs. */
const MOST_FAULTS = 1000;
/** Keys whose values are not shown, whatever they look like. */
const SECRETIVE = /token|secret|passw|credential|api-?key|webhook|^key$/i;
/** Values under such keys that are plainly the address of a secret and help whoever reads the message. */
const REFERENCE = /^(?:[A-Z][A-Z0-9_]*|[./~][\w./~-]*)$/;

/** A config, or what is wrong with the file: at least one problem, in the order of the file. */
export type ConfigReading = { readonly config: Config } | { readonly problems: readonly ConfigProblem[] };

/**
 * Reads a config out of the text of a file. Never throws, whatever the text.
 *
 * @param fileName - as the reader of a message knows the file; only shown.
 * @returns the config with the schema's defaults filled in (a customer's own gaps: resolved-customer.ts), or every
 *   problem, sorted by place and with at most one for each place. No problem holds a secret's value.
 */
export function readConfig(text: string, fileName: string): ConfigReading {
  try {
    return judge(text, fileName);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Reading recurses as deep as the file nests; no config comes near what the stack can hold.
    const nested: Placed = { start: 0, end: 1, path: [], ...plain("this is nested far deeper than any config", "") };
    return { problems: [placeProblem(nested, showText(fileName, "", []))] };
  }
}

function judge(text: string, fileName: string): ConfigReading {
  if (text.length > LONGEST_TEXT) {
    const tooLong = plain(`the file has ${text.length} characters; a config has at most ${LONGEST_TEXT}`, "");
    return { problems: [placeProblem({ start: 0, end: 1, path: [], ...tooLong }, showText(fileName, "", []))] };
  }
  const yaml = parseYaml(text);
  const shown = showText(fileName, text, secretiveValues(yaml, text));
  const parsed = yaml.isComplete && isObject(yaml.value) ? Config.safeParse(yaml.value) : undefined;
  const found = [...secretsIn(yaml, text), ...yamlFaults(yaml), ...contentFaults(yaml, parsed, text, shown)];
  if (parsed?.success && found.length === 0) return { config: parsed.data };
  return { problems: onePerPlace(found).map((one) => placeProblem(one, shown)) };
}

function plain(sentence: string, fix: string): Pick<ConfigProblem, "expected" | "got" | "sentence" | "fix"> {
  return { expected: "a config", got: sentence, sentence, fix };
}

function secretsIn(yaml: YamlText, text: string): readonly Placed[] {
  const scalars = scalarsOf(yaml);
  const secrets = findLiteralSecrets(text).slice(0, MOST_SECRETS);
  return secrets.map(({ start, end, kind }) => {
    const path = scalars.find(({ span }) => span.start <= start && start < span.end)?.path;
    const place = path ? spanOf(yaml, path, "value") : { start, end };
    const isInComment = path === undefined;
    return {
      ...place,
      path: path ?? [],
      expected: "no secret in this file",
      got: kind,
      sentence: `${kind} is written out here${isInComment ? ", in a comment or a key" : ""}; this file holds references to secrets only`,
      fix: "Revoke it if the file was ever shared, keep the new one elsewhere, and write e.g. token: { env: SLACK_BOT_TOKEN }.",
    };
  });
}

function yamlFaults(yaml: YamlText): readonly Placed[] {
  return yaml.faults.slice(0, MOST_FAULTS).map(({ message, fix, ...span }) => ({
    ...span,
    path: [],
    expected: "YAML",
    got: message,
    sentence: message,
    fix,
  }));
}

type Parsed = ReturnType<typeof Config.safeParse> | undefined;

function contentFaults(yaml: YamlText, parsed: Parsed, text: string, shown: ShownText): readonly Placed[] {
  if (!yaml.isComplete) return [];
  if (!parsed) return [notAMapping(yaml, text)];
  const context = { schema: configJsonSchema, value: yaml.value };
  const ofSchema = parsed.success ? [] : faultsOf(parsed.error.issues, context);
  const faults = [...ofSchema, ...brokenRules(yaml.value)].slice(0, MOST_FAULTS);
  return faults.map((fault) => placeFault(fault, yaml, shown));
}

function notAMapping(yaml: YamlText, text: string): Placed {
  const fix = "Begin with `shirase init`, or copy examples/shirase.yaml.";
  const place = yaml.document?.contents ? spanOf(yaml, [], "value") : { start: 0, end: 1 };
  if (text.trim() === "") return { ...place, path: [], ...plain("the file is empty", fix) };
  if (yaml.value === null) return { ...place, path: [], ...plain("the file holds nothing but comments", fix) };
  const kind = Array.isArray(yaml.value) ? "a list" : "a single value";
  const expected = "a mapping with hub, slack, defaults, customers";
  const hint = typeof yaml.value === "string" && yaml.value.includes(":") ? "A space belongs after each colon." : fix;
  return { ...place, path: [], expected, got: kind, sentence: `expected ${expected}, got ${kind}`, fix: hint };
}

/** Values under keys such as `token`, unless they are plainly the address of a secret. */
function secretiveValues(yaml: YamlText, text: string): readonly Span[] {
  return scalarsOf(yaml)
    .filter(({ path }) => path.some((step) => typeof step === "string" && SECRETIVE.test(step)))
    .map(({ span }) => span)
    .filter(({ start, end }) => !REFERENCE.test(unquoted(text.slice(start, end))));
}

/** The first of those at one place: the judges come in the order of what matters most. */
function onePerPlace(placed: readonly Placed[]): readonly Placed[] {
  const kept = new Map<number, Placed>();
  for (const one of placed) if (!kept.has(one.start)) kept.set(one.start, one);
  return [...kept.values()].sort((a, b) => a.start - b.start);
}
