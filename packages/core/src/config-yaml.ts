/**
 * The text of a config file as a value whose every part knows its place in the text. Says what is wrong with the YAML
 * itself in words of its own: a parser's words are for those who write parsers.
 *
 * YAML 1.2, one document, no merge keys, at most a hundred aliases: what a person needs, and no file of a kilobyte that
 * unfolds into gigabytes. Not here: what the value should look like (config.ts).
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";

/** From the top of the file to a value: keys and list indexes. */
export type Path = readonly (string | number)[];

/** A piece of the text, from `start` up to, not including, `end`. */
export type Span = { readonly start: number; readonly end: number };

/** What is wrong with the YAML. `message` holds no text of the file but names of anchors and single characters. */
export type YamlFault = Span & { readonly message: string; readonly fix: string };

/** A parsed file. `isComplete` is false when faults left so little that judging the value would only mislead. */
export type YamlText = {
  readonly value: unknown;
  readonly isComplete: boolean;
  readonly faults: readonly YamlFault[];
  /** What the parser made of it; to look up places with. */
  readonly document: Document.Parsed | undefined;
};

const MOST_ALIASES = 100;
/** Far above thousands of customers; what it stops is a page of YAML that unfolds without end. */
const MOST_PARTS = 500_000;
/** Brackets inside one another, quoted ones counted as well: nobody writes half as many. */
const DEEPEST = 100;
/** One slip makes the parser stumble over the lines after it; more than a few faults are echoes of the first. */
const MOST_FAULTS = 3;

const UNCLOSED_QUOTE = "this quote is never closed";
const TOO_DEEP = "this is nested far deeper than any config";
/** The parser's `CODE message`, in words of ours. The first that holds wins. */
const SENTENCES: readonly (readonly [says: RegExp, message: string, fix: string])[] = [
  [/call stack|stack overflow/i, TOO_DEEP, ""],
  [/^TAB_AS_INDENT/, "a tab is used for indentation; YAML allows spaces only", "Replace each tab by two spaces."],
  [
    /^BAD_INDENT Flow/,
    "this bracket or brace is never closed",
    "A list ends with ], a mapping with }, in the order in which they were opened.",
  ],
  [
    /^BAD_INDENT/,
    "this line is indented differently from its neighbours",
    "Keys of one mapping begin in the same column, and so do the dashes of one list.",
  ],
  [/^MISSING_CHAR Comments/, "# begins a comment here", 'Put the value in quotes if the # belongs to it, as in "#1".'],
  [/^MISSING_CHAR Missing closing/, UNCLOSED_QUOTE, "A text ends with the same quote that it begins with."],
  [/^MISSING_CHAR/, "a comma, a colon or a closing bracket is missing, here or above", ""],
  [/^MULTILINE_IMPLICIT_KEY/, "a colon is missing after a key, here or on the next line", ""],
  [/^MULTIPLE_DOCS/, "a second document begins here (---)", "One file holds one config: delete the line with ---."],
  [
    /^BLOCK_AS_IMPLICIT_KEY/,
    "a mapping begins where this key already has a value",
    'Put a value that holds ": " in quotes, or begin the inner mapping on a new line.',
  ],
  [/^BAD_SCALAR_START/, "a value may not begin with this character", "Put the value in quotes."],
  [/^TAG_RESOLVE_FAILED/, "tags (!name) mean nothing here", "Delete the tag, or put the value in quotes."],
  [/^NON_STRING_KEY/, "a key must be a plain word", ""],
  [/^BAD_DQ_ESCAPE/, "there is no such escape in double quotes", "Write \\\\ for a backslash, or use single quotes."],
  [
    /^UNEXPECTED_TOKEN/,
    "this does not belong here: what stands before it is already complete",
    "Look at the indentation, and at quotes that close too early.",
  ],
];

/** Parses YAML; never throws. */
export function parseYaml(text: string): YamlText {
  try {
    const tooDeep = depthFault(text);
    if (tooDeep) return { value: undefined, isComplete: false, faults: [tooDeep], document: undefined };
    const document = parseDocument(text, {
      version: "1.2",
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false, // The parser compares each key with each other one; doubleKeys does not.
      logLevel: "error",
    });
    const isComplete = document.errors.length === 0;
    const faults = isComplete
      ? [...explainErrors(text, document), ...doubleKeys(document)]
      : explainErrors(text, document);
    const unfolded = isComplete ? unfold(document) : { value: undefined };
    if ("fault" in unfolded) return { value: undefined, isComplete: false, faults: [unfolded.fault], document };
    return { value: unfolded.value, isComplete, faults, document };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The parser recurses: a thousand opening brackets are no config, and the stack is what says so.
    const message = "this is nested far deeper than any config";
    return {
      value: undefined,
      isComplete: false,
      faults: [{ start: 0, end: 1, message, fix: "" }],
      document: undefined,
    };
  }
}

/** Where a value stands, or (`key`) the key it stands under. The nearest thing around it when it is not there. */
export function spanOf({ document }: YamlText, path: Path, on: "key" | "value"): Span {
  let span: Span = { start: 0, end: 1 };
  if (!document) return span;
  let node: Node | null = document.contents;
  for (const [index, step] of path.entries()) {
    const next = childOf(node, step, document);
    if (!next) return span;
    const isLast = index === path.length - 1;
    const pointAt = next.key && (!next.value || (isLast && on === "key")) ? next.key : (next.value ?? next.key);
    span = rangeOf(pointAt) ?? span;
    if (!isLast && next.key) span = rangeOf(next.key) ?? span;
    node = next.value;
  }
  return span;
}

/** The node at a path, aliases followed; undefined when nothing is there. */
export function nodeAt({ document }: YamlText, path: Path): Node | undefined {
  if (!document) return undefined;
  let node: Node | null = document.contents;
  for (const step of path) node = resolve(childOf(node, step, document)?.value ?? null, document);
  return node ?? undefined;
}

/** Every scalar value of the file, in order, with its path. */
export function scalarsOf({ document }: YamlText): readonly { readonly path: Path; readonly span: Span }[] {
  const found: { path: Path; span: Span }[] = [];
  const collect = (node: unknown, path: Path) => {
    if (isScalar(node)) {
      const span = rangeOf(node);
      if (span) found.push({ path, span });
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) collect(item, [...path, index]);
    } else if (isMap(node)) {
      for (const pair of node.items) collect(pair.value, [...path, keyText(pair.key)]);
    }
  };
  collect(document?.contents, []);
  return found;
}

type Child = { readonly key: Node | undefined; readonly value: Node | null };

function childOf(node: Node | null, step: string | number, document: Document): Child | undefined {
  const parent = resolve(node, document);
  if (isSeq(parent)) {
    const item = parent.items[Number(step)];
    return isPair(item) || !item ? undefined : { key: undefined, value: item as Node };
  }
  if (!isMap(parent)) return undefined;
  // The last one wins when a key is there twice, as it does in the value.
  const pair = parent.items.findLast((item) => keyText(item.key) === String(step));
  return pair ? { key: pair.key as Node, value: (pair.value as Node | null) ?? null } : undefined;
}

/** What an alias stands for; anything else is itself. */
function resolve(node: Node | null, document: Document): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

function keyText(key: unknown): string {
  if (!isScalar(key)) return "";
  return key.value === null ? "" : String(key.value);
}

function rangeOf(node: Node | null | undefined): Span | undefined {
  const range = node?.range;
  return range ? { start: range[0], end: Math.max(range[1], range[0] + 1) } : undefined;
}

function unfold(document: Document): { readonly value: unknown } | { readonly fault: YamlFault } {
  const aliasFault = badAlias(document);
  if (aliasFault) return { fault: aliasFault };
  const tooMuch = "the aliases (*) of this file unfold into more than a config may hold";
  const fault = { start: 0, end: 1, message: tooMuch, fix: "Write the values out where they belong." };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return countParts(value) > MOST_PARTS ? { fault } : { value };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { fault };
  }
}

/** An alias of nothing, or of a value that it stands inside. */
function badAlias(document: Document): YamlFault | undefined {
  let found: YamlFault | undefined;
  visit(document, {
    Alias: (_, alias) => {
      const span = rangeOf(alias) ?? { start: 0, end: 1 };
      const target = alias.resolve(document);
      const isInside = target?.range && target.range[0] <= span.start && span.start < target.range[1];
      if (target && !isInside) return undefined;
      const message = target
        ? "* stands inside the very value that it refers to"
        : "* refers to an anchor (&) that does not stand before it";
      found = { ...span, message, fix: 'Put the value in quotes if you meant a plain "*".' };
      return visit.BREAK;
    },
  });
  return found;
}

/** How many values this holds when every alias is written out; stops counting soon after too many. */
function countParts(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  let count = 1;
  for (const part of Object.values(value)) {
    count += countParts(part);
    if (count > MOST_PARTS) return count;
  }
  return count;
}

function explainErrors(text: string, document: Document): readonly YamlFault[] {
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const faults = errors
    .map((error) => {
      const known = SENTENCES.find(([says]) => says.test(`${error.code} ${error.message}`));
      const span = openingOf(error, document, text) ?? wordAt(error, text);
      return { ...span, message: known?.[1] ?? lowerFirst(error.message), fix: known?.[2] ?? "" };
    })
    .sort((a, b) => a.start - b.start);
  // A quote that never closes swallows every bracket after it.
  const isQuote = errors.some(({ message }) => message.startsWith("Missing closing"));
  return faults.filter(({ message }) => !isQuote || message === UNCLOSED_QUOTE).slice(0, MOST_FAULTS);
}

function doubleKeys(document: Document): readonly YamlFault[] {
  const faults: YamlFault[] = [];
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const span = isScalar(key) ? rangeOf(key) : undefined;
        const message = "this key is there twice in the same mapping";
        const fix = "Keep one of the two, or merge what they say.";
        if (span && seen.has(keyText(key))) faults.push({ ...span, message, fix });
        seen.add(keyText(key));
      }
    },
  });
  return faults;
}

/** Parsing recurses and gets slow far before the stack ends; no config nests deeper than a dozen levels. */
function depthFault(text: string): YamlFault | undefined {
  const dashes = /(?:[-?][ \t]+){50}/.exec(text);
  if (dashes) return { start: dashes.index, end: dashes.index + 1, message: TOO_DEEP, fix: "" };
  let depth = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    depth = bracket === "[" || bracket === "{" ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return { start: index, end: index + 1, message: TOO_DEEP, fix: "" };
  }
  return undefined;
}

/** The parser notices a missing end where the next thing begins; people look for it where the thing opens. */
function openingOf(error: YAMLError, document: Document, text: string): Span | undefined {
  const isQuote = error.message.startsWith("Missing closing");
  if (!isQuote && !error.message.startsWith("Flow ")) return undefined;
  let opening: Span | undefined;
  visit(document, {
    Node: (_, node) => {
      const start = node.range?.[0];
      const isOpener = start !== undefined && (isQuote ? /["']/ : /[[{]/).test(text.charAt(start));
      const isClosed = /["'\]}]/.test(text.charAt((node.range?.[1] ?? 0) - 1)) && (node.range?.[1] ?? 0) - 1 !== start;
      if (isOpener && start <= error.pos[0] && !isClosed) opening = { start, end: start + 1 };
    },
  });
  return opening;
}

function wordAt(error: YAMLError, text: string): Span {
  const start = Math.max(0, Math.min(error.pos[0], text.length - 1));
  const word = /^[\w.-]{2,}/.exec(text.slice(start, start + 200))?.[0] ?? "";
  return { start, end: Math.max(error.pos[1], start + Math.max(1, word.length)) };
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
