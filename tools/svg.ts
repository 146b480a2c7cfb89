/**
 * Boxes, arrows and areas as SVG text, for the pictures in docs/images (pictures.ts). Text stays text: it is searched,
 * copied and read aloud. One file serves light and dark pages, by a media query inside it, on a ground of its own.
 *
 * Places are whole units of the picture's own width, which is chosen so that letters of 14 units are read on a page of
 * 830 pixels and, smaller, on a telephone.
 */

/** Something drawn, and every text in it with the room it has, so that a test can say what does not fit. */
export type Shape = { readonly svg: string; readonly labels: readonly Label[] };
export type Label = { readonly text: string; readonly size: number; readonly isBold: boolean; readonly room: number };

export type Point = readonly [x: number, y: number];
export type Frame = { readonly x: number; readonly y: number; readonly w: number; readonly h: number };

/** Whose it is, which decides the colour; `letters` is where things end up that could not be delivered. */
export type Owner = "customer" | "company" | "chat" | "outside";
export type BoxKind = Owner | "letters" | "ghost";

const TITLE_SIZE = 15;
const LINE_SIZE = 14;
const LINE_HEIGHT = 18;
/** Between a text and its box, on each side. */
const PADDING = 6;

type Colors = readonly [light: string, dark: string];
const GROUND: Colors = ["#ffffff", "#0d1117"];
const INK: Colors = ["#1f2328", "#e6edf3"];
const QUIET: Colors = ["#57606a", "#9da7b3"];
const TRUST: Colors = ["#bc4c00", "#ff9b50"];
const OWNERS: Readonly<Record<Owner, { readonly fill: Colors; readonly line: Colors }>> = {
  customer: { fill: ["#eaf2ff", "#0f2038"], line: ["#2f6fd0", "#6ea8fe"] },
  company: { fill: ["#e9f8ee", "#0f2a1c"], line: ["#1f7a4d", "#56c28a"] },
  chat: { fill: ["#f5eefc", "#241a36"], line: ["#7848b8", "#b794f4"] },
  outside: { fill: ["#f3f4f6", "#1a1f27"], line: ["#57606a", "#9da7b3"] },
};

/**
 * An area that belongs to somebody: its name at the left, whose it is at the right.
 *
 * @param nameX - where the name begins, when a way comes in where it would stand.
 */
export function area(frame: Frame, owner: Owner, { name, whose }: AreaWords, nameX = frame.x + 16): Shape {
  const { x, y, w } = frame;
  const end = x + w - 16;
  const style = { size: 16, isBold: true, room: end - nameX };
  const shapes = [
    text([nameX, y + 24], name, { ...style, anchor: "start" }),
    text([end, y + 24], whose, { size: LINE_SIZE, room: 0, anchor: "end", className: "quiet" }),
  ];
  // They stand on one line, so they have one room.
  const labels = [{ ...style, text: `${name}  ${whose}` }];
  return { svg: [rect(frame, `area ${owner}`, 12), all(shapes).svg].join("\n"), labels };
}

/** What an area is and whose. */
export type AreaWords = { readonly name: string; readonly whose: string };

/** A part with its name and up to two lines about it, in the middle of its frame. */
export function box(frame: Frame, kind: BoxKind, title: string, lines: readonly string[] = []): Shape {
  const { x, y, w, h } = frame;
  const room = w - 2 * PADDING;
  const top = y + h / 2 - (lines.length * LINE_HEIGHT) / 2 + 5;
  return all([
    { svg: rect(frame, `box ${kind}`, 7), labels: [] },
    text([x + w / 2, top], title, { size: TITLE_SIZE, isBold: true, room }),
    ...lines.map((line, index) =>
      text([x + w / 2, top + (index + 1) * LINE_HEIGHT], line, { size: LINE_SIZE, room, className: "quiet" }),
    ),
  ]);
}

/** From point to point. Dashed is what happens only when something could not be delivered. */
export function arrow(points: readonly Point[], { isDashed = false } = {}): Shape {
  const path = pathOf(points);
  const style = isDashed ? "way failed" : "way";
  const head = isDashed ? "head-failed" : "head";
  return { svg: `<path class="${style}" d="${path}" marker-end="url(#${head})"/>`, labels: [] };
}

/** A line that joins a way further on, without a head of its own. */
export function joining(points: readonly Point[]): Shape {
  return { svg: `<path class="way" d="${pathOf(points)}"/>`, labels: [] };
}

/** Where one side stops relying on the other: what it is called above the line, what guards it below. */
export function border(
  y: number,
  lines: readonly string[],
  span: { readonly from: number; readonly to: number; readonly textX: number },
): Shape {
  const [title = "", ...rest] = lines;
  const { from, to, textX } = span;
  const room = to - textX;
  return all([
    { svg: `<path class="trust" d="M${from} ${y} L${to} ${y}"/>`, labels: [] },
    text([textX, y - 9], title, { size: LINE_SIZE, isBold: true, room, anchor: "start", className: "guard" }),
    ...rest.map((line, index) =>
      text([textX, y + 20 + index * LINE_HEIGHT], line, { size: LINE_SIZE, room, anchor: "start", className: "quiet" }),
    ),
  ]);
}

type TextStyle = {
  readonly size: number;
  readonly room: number;
  readonly isBold?: boolean;
  readonly anchor?: "start" | "middle" | "end";
  readonly className?: string;
};

/** One line of text at a point. */
export function text([x, y]: Point, words: string, style: TextStyle): Shape {
  const { size, room, isBold = false, anchor = "middle", className = "ink" } = style;
  const weight = isBold ? ' font-weight="600"' : "";
  const place = `x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}"${weight}`;
  return {
    svg: `<text class="${className}" ${place}>${escaped(words)}</text>`,
    labels: [{ text: words, size, isBold, room }],
  };
}

/** Several shapes as one, in the order they are painted. */
export function all(shapes: readonly Shape[]): Shape {
  return { svg: shapes.map(({ svg }) => svg).join("\n"), labels: shapes.flatMap(({ labels }) => labels) };
}

/** What a picture is called and says to whoever cannot see it. */
export type PictureHead = {
  readonly width: number;
  readonly height: number;
  readonly language: "en" | "ja";
  readonly title: string;
  readonly description: string;
};

/** The whole file. */
export function picture(head: PictureHead, shapes: readonly Shape[]): string {
  const { width, height, language, title, description } = head;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" lang="${language}" font-family="${FONTS}">
<title id="title">${escaped(title)}</title>
<desc id="description">${escaped(description)}</desc>
<style>
${styles()}
</style>
<defs>
${marker("head", "head-ink")}
${marker("head-failed", "head-quiet")}
</defs>
<rect class="ground" width="${width}" height="${height}" rx="14"/>
${all(shapes).svg}
</svg>
`;
}

/** Whatever the machine has; Japanese is in each family's own Japanese fellow. */
const FONTS =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif";

function pathOf(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join(" ");
}

function rect({ x, y, w, h }: Frame, className: string, radius: number): string {
  return `<rect class="${className}" x="${x}" y="${y}" width="${w}" height="${h}" rx="${radius}"/>`;
}

function marker(id: string, className: string): string {
  return `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path class="${className}" d="M0 0 L10 5 L0 10 z"/></marker>`;
}

function styles(): string {
  return [...rules(0), "@media (prefers-color-scheme: dark) {", ...rules(1), "}"].join("\n");
}

/** The same rules in light (0) and dark (1); no CSS variables, which some viewers of SVG do not know. */
function rules(shade: 0 | 1): readonly string[] {
  const owners = Object.entries(OWNERS).flatMap(([owner, { fill, line }]) => [
    `.area.${owner} { fill: ${fill[shade]}; stroke: ${line[shade]}; stroke-width: 1.5 }`,
    `.box.${owner} { fill: ${GROUND[shade]}; stroke: ${line[shade]}; stroke-width: 1.5 }`,
  ]);
  return [
    `.ground { fill: ${GROUND[shade]} }`,
    `.ink { fill: ${INK[shade]} }`,
    `.quiet { fill: ${QUIET[shade]} }`,
    `.guard { fill: ${TRUST[shade]} }`,
    ...owners,
    `.box.letters { fill: ${GROUND[shade]}; stroke: ${QUIET[shade]}; stroke-dasharray: 5 3 }`,
    `.box.ghost { fill: none; stroke: ${QUIET[shade]}; stroke-width: 1 }`,
    `.way { fill: none; stroke: ${INK[shade]}; stroke-width: 1.8 }`,
    `.way.failed { stroke: ${QUIET[shade]}; stroke-dasharray: 5 4 }`,
    `.head-ink { fill: ${INK[shade]} }`,
    `.head-quiet { fill: ${QUIET[shade]} }`,
    `.trust { fill: none; stroke: ${TRUST[shade]}; stroke-width: 2; stroke-dasharray: 9 5 }`,
  ];
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
