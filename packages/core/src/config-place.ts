/**
 * Where a fault stands and how it is worded: a fault knows its path, a person wants a line, a column and the very
 * words of the file. All of them are cut from a copy of the text in which secrets are blotted out.
 */
import type { ConfigFault } from "./config-fault.ts";
import { type ConfigProblem, printable } from "./config-problem.ts";
import { nodeAt, type Path, type Span, spanOf, type YamlText } from "./config-yaml.ts";
import { blotOut, findLiteralSecrets } from "./literal-secrets.ts";
import { nearestName } from "./nearest-name.ts";

const LONGEST_QUOTE = 60;

/** The text as it may be shown. */
export type ShownText = {
  readonly fileName: string;
  /** As long as the file's own text, so that offsets hold in both. */
  readonly text: string;
  /** Offset of each line's first character, in order. */
  readonly lineStarts: readonly number[];
};

/** A fault with its place in the text. */
export type Placed = Span &
  Pick<ConfigProblem, "expected" | "got" | "sentence" | "fix" | "suggestion"> & { readonly path: Path };

/** The text as it may be shown: its secrets blotted out, and these other parts as well. */
export function showText(fileName: string, text: string, hidden: readonly Span[]): ShownText {
  const shown = blotOut(text, [...findLiteralSecrets(text), ...hidden]);
  const lineStarts = [0, ...[...shown.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return { fileName, text: shown, lineStarts };
}

/** Finds a fault's place and says it in a sentence. */
export function placeFault(fault: ConfigFault, yaml: YamlText, shown: ShownText): Placed {
  const span = spanOf(yaml, fault.path, fault.on);
  const written = shown.text.slice(span.start, span.end);
  const got = fault.got ?? describeValue(fault.path, yaml, shown);
  const suggestion = fault.allowed ? nearestName(unquoted(written), fault.allowed) : undefined;
  const said = fault.sentence ?? `expected ${fault.expected}, got ${got}`;
  const line = fault.other ? ` (line ${lineOf(spanOf(yaml, fault.other, "value").start, shown)})` : "";
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
function describeValue(path: Path, yaml: YamlText, shown: ShownText): string {
  const node = nodeAt(yaml, path);
  if (!node) return "nothing";
  const value: unknown = node.toJSON();
  if (value === null) return describeNothing(spanOf(yaml, path, "value").start, shown);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return describeMapping(Object.keys(value));
  const [start, end] = node.range ?? [0, 0];
  const written = unquoted(shown.text.slice(start, end));
  const quote = written.length > LONGEST_QUOTE ? `${written.slice(0, LONGEST_QUOTE)}…` : written;
  if (typeof value === "string") return `"${printable(quote.replaceAll(/\s+/g, " "))}"`;
  return `${quote}, which YAML reads as ${typeof value === "boolean" ? "true or false" : "a number"}`;
}

function describeMapping(keys: readonly string[]): string {
  if (keys.length === 0) return "an empty mapping";
  return keys.length > 6
    ? "a mapping"
    : `a mapping with ${keys.map((key) => clean(key.slice(0, LONGEST_QUOTE))).join(", ")}`;
}

/** `channel: #acme` is an empty value and a comment: the commonest way to get nothing. */
function describeNothing(start: number, shown: ShownText): string {
  const rest = /^[^\r\n]*/.exec(shown.text.slice(start))?.[0] ?? "";
  return /^\s*#\S/.test(rest) ? "nothing: what follows # is a comment, unless it is in quotes" : "nothing";
}

/** What to write, with the very words of the file: account ids that are numbers, lists that are single values. */
function shapeFix(fault: ConfigFault, yaml: YamlText, shown: ShownText): string | undefined {
  const node = nodeAt(yaml, fault.path);
  if (!node || fault.sentence !== undefined) return undefined;
  const value: unknown = node.toJSON();
  const written = shown.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
  if (typeof value === "number" && /^\d{12}$/.test(written) && /account/.test(fault.expected)) {
    return `Write it in quotes: "${written}".`;
  }
  if (typeof value === "string" && /^\d+$/.test(value) && /AWS account id/.test(fault.expected)) {
    return `It has ${value.length} digits. Tools that take it for a number lose leading zeros.`;
  }
  const isSingle = typeof value === "string" || typeof value === "number";
  if (isSingle && fault.expected.startsWith("a list") && written.length <= LONGEST_QUOTE) {
    return `Put it in brackets, also when it is only one: [${written}].`;
  }
  return undefined;
}

/** What a scalar says, without the quotes around it. */
export function unquoted(written: string): string {
  return written.trim().replace(/^(["'])(.*)\1$/s, "$2");
}

/** The problem as it is told. */
export function placeProblem({ start, end, path, ...said }: Placed, shown: ShownText): ConfigProblem {
  const line = lineOf(start, shown);
  const lineStart = shown.lineStarts[line - 1] ?? 0;
  const lineText = shown.text.slice(lineStart, shown.lineStarts[line]).replace(/\r?\n$/, "");
  const column = start - lineStart + 1;
  const markLength = Math.max(1, Math.min(end - start, lineText.length - column + 1));
  return { file: shown.fileName, line, column, path: clean(pathText(path)), ...said, lineText, markLength };
}

/** The line, from 1, that an offset is on: the last one that begins at or before it. */
function lineOf(offset: number, { lineStarts }: ShownText): number {
  let from = 0;
  let to = lineStarts.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) from = middle;
    else to = middle;
  }
  return from + 1;
}

function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Keys are shown as they are parsed, so a key that is a secret has to be blotted out here. */
function clean(text: string): string {
  return printable(blotOut(text, findLiteralSecrets(text)));
}
