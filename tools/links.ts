/**
 * Links of a Markdown page that lead nowhere: to a file that is not there, or to a heading that its page does not have.
 * Pages outside the repository are not asked. Pure: the caller says which files there are and what is in them.
 */
import { posix } from "node:path";

/** What is asked about the repository; paths are relative to its root, with slashes. */
export type Pages = {
  readonly isThere: (path: string) => boolean;
  /** The text of a Markdown page that is there. */
  readonly read: (path: string) => string;
};

/** A link that leads nowhere. */
export type DeadLink = { readonly line: number; readonly target: string; readonly why: string };

/** Markdown's own links and images, and the HTML that GitHub lets through; a reference's definition last. */
const LINKS = [
  /\]\(\s*<?([^()\s<>]+(?:\([^()\s]*\))?)>?(?:\s+"[^"]*")?\s*\)/g,
  /<(?:img|source|a)\s[^>]*?\b(?:src|srcset|href)="([^"\s]+)/g,
  /^\s{0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s|$)/g,
];

/**
 * Every dead link of a page.
 *
 * @param page - where the page is: links are relative to it.
 */
export function deadLinks(page: string, pages: Pages): readonly DeadLink[] {
  const dead: DeadLink[] = [];
  for (const [index, line] of proseOf(pages.read(page)).entries()) {
    for (const target of targetsIn(line)) {
      const why = whyDead(page, target, pages);
      if (why !== undefined) dead.push({ line: index + 1, target, why });
    }
  }
  return dead;
}

function targetsIn(line: string): readonly string[] {
  return LINKS.flatMap((form) => [...line.matchAll(form)].map((found) => found[1] ?? ""));
}

function whyDead(page: string, target: string, pages: Pages): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return undefined;
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page : posix.normalize(posix.join(posix.dirname(page), decodeURI(file)));
  if (file.startsWith("/") || path.startsWith("..")) return "leads out of the repository";
  if (!pages.isThere(path)) return `${path} is not there`;
  if (anchor === undefined || !path.endsWith(".md")) return undefined;
  if (anchorsOf(pages.read(path)).has(decodeURI(anchor))) return undefined;
  return `${path} has no heading #${anchor}`;
}

/**
 * The anchors GitHub gives a page's headings: small letters, spaces as hyphens, other punctuation gone, a number after
 * what is there already. Letters of any script stay.
 */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of proseOf(markdown, { keepCode: true })) {
    for (const [, name] of line.matchAll(/<a\s[^>]*?\b(?:id|name)="([^"]+)"/g)) anchors.add(name ?? "");
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy += 1) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}

function slugOf(heading: string): string {
  const words = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1");
  return words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
    .replaceAll(" ", "-");
}

/** The page's lines, those of code blocks empty, so that numbers stay true. Code within a line holds no links either. */
function proseOf(markdown: string, { keepCode = false } = {}): readonly string[] {
  let fence: string | undefined;
  return markdown.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || line.trim().startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      return "";
    }
    if (fence !== undefined) return "";
    return keepCode ? line : line.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, (code) => "`".repeat(code.length));
  });
}
