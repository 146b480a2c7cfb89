/**
 * Colours for JSON that somebody types: a text of the same letters lies behind the field, and follows it. The field stays
 * what it is, for keyboards and screen readers; without this script it is a plain field.
 */

/** What comes next in JSON; whatever else is there comes letter by letter and is wrong. */
const STRING = /"(?:[^"\\\n]|\\.)*"/.source;
const TOKEN = new RegExp(
  [
    "(?<space>\\s+)",
    `(?<key>${STRING}(?=\\s*:))`,
    `(?<text>${STRING})`,
    "(?<number>-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)",
    "(?<word>\\b(?:true|false|null)\\b)",
    "(?<mark>[{}[\\],:])",
    '(?<wrong>[^\\s{}[\\],:"]+|")',
  ].join("|"),
  "gy",
);

/** Keys that EventBridge reads as operators. */
const OPERATORS = new Set([
  "prefix",
  "suffix",
  "anything-but",
  "numeric",
  "exists",
  "cidr",
  "wildcard",
  "equals-ignore-case",
]);

/** More would make typing slow; it stays uncoloured. */
const MOST_CHARS = 30_000;

const painters = new Map();

for (const field of document.querySelectorAll(".editor > textarea")) painters.set(field, painterOf(field));

/** Marks where the answer says that something is wrong. */
export function markPlaces(field, answer) {
  const places = [...answer.querySelectorAll("[data-line]")].map(({ dataset }) => ({
    line: Number(dataset.line),
    column: Number(dataset.column),
  }));
  painters.get(field)?.(places);
}

function painterOf(field) {
  const behind = document.createElement("pre");
  behind.className = "paint";
  behind.setAttribute("aria-hidden", "true");
  field.before(behind);
  field.parentElement.classList.add("painted");
  let places = [];
  const paint = () => {
    behind.replaceChildren(...spansOf(field, places), "\n");
    follow();
  };
  const follow = () => {
    behind.scrollTop = field.scrollTop;
    behind.scrollLeft = field.scrollLeft;
  };
  field.addEventListener("input", () => {
    // What was wrong a letter ago may be right by now: the next answer says.
    places = [];
    paint();
  });
  field.addEventListener("scroll", follow);
  new ResizeObserver(follow).observe(field);
  paint();
  return (found) => {
    places = found;
    paint();
  };
}

function spansOf({ value: text, name }, places) {
  if (text.length > MOST_CHARS) return [text];
  const starts = lineStarts(text);
  const wrong = places.map(({ line, column }) => (starts[line - 1] ?? 0) + column - 1);
  const isOperator = name === "pattern" ? operatorsIn() : () => false;
  const spans = [...text.matchAll(TOKEN)].map((token) => spanOf(token, isOperator(token), wrong));
  return wrong.some((at) => at >= text.length) ? [...spans, lackingAtEnd()] : spans;
}

/** Something is missing after the last letter: nothing that stands there could be underlined. */
function lackingAtEnd() {
  const span = document.createElement("span");
  span.className = "here";
  return span;
}

/**
 * Asked of each token in turn, says whether it is an operator: a key of that name within the list of a field's values. The
 * branches of `$or` are a list of patterns, and a field may have any name.
 */
function operatorsIn() {
  const lists = [];
  let key = "";
  return ({ 0: whole, groups }) => {
    if (groups.mark === "[" || groups.mark === "{") lists.push(whole === "[" && key !== '"$or"');
    if (groups.mark === "]" || groups.mark === "}") lists.pop();
    if (groups.space === undefined && groups.mark !== ":") key = groups.key ?? "";
    if (groups.key === undefined) return false;
    return whole === '"$or"' || (lists.includes(true) && OPERATORS.has(whole.slice(1, -1)));
  };
}

function spanOf(token, isOperator, wrong) {
  const [whole] = token;
  const { space, text, key, number, word } = token.groups;
  if (space !== undefined) return whole;
  const span = document.createElement("span");
  span.textContent = whole;
  if (key !== undefined) span.className = isOperator ? "operator" : "key";
  else if (text !== undefined) span.className = "text";
  else if (number !== undefined || word !== undefined) span.className = "value";
  else if (token.groups.wrong !== undefined) span.className = "wrong";
  if (wrong.some((at) => at >= token.index && at < token.index + whole.length)) span.classList.add("here");
  return span;
}

function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
