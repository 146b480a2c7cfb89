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
import type { ConfigFault } from "./config-fault.ts";
import { faultsOf } from "./config-issues.ts";
import type { ConfigProblem } from "./config-problem.ts";
import { brokenRules } from "./config-rules.ts";
import { configJsonSchema } from "./config-schema.ts";
import { nodeAt, type Path, parseYaml, type Span, scalarsOf, spanOf, type YamlText } from "./config-yaml.ts";
import { isObject } from "./event.ts";
import { blotOut, findLiteralSecrets } from "./literal-secrets.ts";
import { nearestName } from "./nearest-name.ts";

/** A thousand customers need a tenth of it. */
const LONGEST_TEXT = 1_000_000;
/** Enough to show that a file is full of them. */
const MOST_SECRETS = 100;
const LONGEST_QUOTE = 60;
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
    return { problems: [placeProblem(nested, { fileName, shown: "" })] };
  }
}

function judge(text: string, fileName: string): ConfigReading {
  if (text.length > LONGEST_TEXT) {
    const tooLong = plain(`the file has ${text.length} characters; a config has at most ${LONGEST_TEXT}`, "");
    return { problems: [placeProblem({ start: 0, end: 1, path: [], ...tooLong }, { fileName, shown: "" })] };
  }
  const yaml = parseYaml(text);
  const shown = blotOut(text, [...findLiteralSecrets(text), ...secretiveValues(yaml, text)]);
  const parsed = yaml.isComplete && isObject(yaml.value) ? Config.safeParse(yaml.value) : undefined;
  const found = [...secretsIn(yaml, text), ...yamlFaults(yaml), ...contentFaults(yaml, parsed, text, shown)];
  if (parsed?.success && found.length === 0) return { config: parsed.data };
  return { problems: onePerPlace(found).map((one) => placeProblem(one, { fileName, shown })) };
}

/** A fault with its place in the text; `rank` decides which of two at one place is told. */
type Placed = Span &
  Pick<ConfigProblem, "expected" | "got" | "sentence" | "fix" | "suggestion"> & { readonly path: Path };

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
  return yaml.faults.map(({ message, fix, ...span }) => ({
    ...span,
    path: [],
    expected: "YAML",
    got: message,
    sentence: message,
    fix,
  }));
}

type Parsed = ReturnType<typeof Config.safeParse> | undefined;

function contentFaults(yaml: YamlText, parsed: Parsed, text: string, shown: string): readonly Placed[] {
  if (!yaml.isComplete) return [];
  if (!parsed) return [notAMapping(yaml, text)];
  const context = { schema: configJsonSchema(), value: yaml.value };
  const ofSchema = parsed.success ? [] : faultsOf(parsed.error.issues, context);
  return [...ofSchema, ...brokenRules(yaml.value)].map((fault) => placeFault(fault, yaml, shown));
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

function placeFault(fault: ConfigFault, yaml: YamlText, shown: string): Placed {
  const span = spanOf(yaml, fault.path, fault.on);
  const written = shown.slice(span.start, span.end);
  const got = fault.got ?? describeValue(fault.path, yaml, shown);
  const suggestion = fault.allowed ? nearestName(unquoted(written), fault.allowed) : undefined;
  const said = fault.sentence ?? `expected ${fault.expected}, got ${got}`;
  const line = fault.other ? ` (line ${placeOf(spanOf(yaml, fault.other, "value").start, shown).line})` : "";
  const meant = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
  return {
    ...span,
    path: fault.path,
    expected: fault.expected,
    got,
    sentence: `${said}${line}${meant}`,
    fix: suggestion === undefined ? (shapeFix(fault, yaml, shown) ?? fault.fix) : "",
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** What stands in the file, in a few words; never more than a short quotation. */
function describeValue(path: Path, yaml: YamlText, shown: string): string {
  const node = nodeAt(yaml, path);
  if (!node) return "nothing";
  const value: unknown = node.toJSON();
  if (value === null) return describeNothing(spanOf(yaml, path, "value").start, shown);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  const [start, end] = node.range ?? [0, 0];
  const written = unquoted(shown.slice(start, end));
  const quote = written.length > LONGEST_QUOTE ? `${written.slice(0, LONGEST_QUOTE)}…` : written;
  if (typeof value === "string") return `"${quote.replaceAll(/\s+/g, " ")}"`;
  return `${quote}, which YAML reads as ${typeof value === "boolean" ? "true or false" : "a number"}`;
}

/** `channel: #acme` is an empty value and a comment: the commonest way to get nothing. */
function describeNothing(start: number, shown: string): string {
  const rest = /^[^\r\n]*/.exec(shown.slice(start))?.[0] ?? "";
  return /^\s*#\S/.test(rest) ? "nothing: what follows # is a comment, unless it is in quotes" : "nothing";
}

/** What to write, with the very words of the file: account ids that are numbers, lists that are single values. */
function shapeFix(fault: ConfigFault, yaml: YamlText, shown: string): string | undefined {
  const node = nodeAt(yaml, fault.path);
  if (!node || fault.sentence !== undefined) return undefined;
  const value: unknown = node.toJSON();
  const written = shown.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
  if (typeof value === "number" && /^\d{12}$/.test(written) && /account/.test(fault.expected)) {
    return `Write it in quotes: "${written}".`;
  }
  const isSingle = typeof value === "string" || typeof value === "number";
  if (isSingle && fault.expected.startsWith("a list") && written.length <= LONGEST_QUOTE) {
    return `Put it in brackets, also when it is only one: [${written}].`;
  }
  return undefined;
}

function unquoted(written: string): string {
  return written.trim().replace(/^(["'])(.*)\1$/s, "$2");
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

type Shown = { readonly fileName: string; readonly shown: string };

function placeProblem({ start, end, path, ...said }: Placed, { fileName, shown }: Shown): ConfigProblem {
  const { line, column, lineText } = placeOf(start, shown);
  const markLength = Math.max(1, Math.min(end - start, lineText.length - column + 1));
  return { file: fileName, line, column, path: clean(pathText(path)), ...said, lineText, markLength };
}

function placeOf(
  offset: number,
  shown: string,
): { readonly line: number; readonly column: number; readonly lineText: string } {
  const before = shown.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const lineEnd = shown.indexOf("\n", offset);
  const lineText = shown.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).replace(/\r$/, "");
  return { line: before.split("\n").length, column: offset - lineStart + 1, lineText };
}

function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Keys are shown as they are parsed, so a key that is a secret has to be blotted out here. */
function clean(text: string): string {
  return blotOut(text, findLiteralSecrets(text));
}
