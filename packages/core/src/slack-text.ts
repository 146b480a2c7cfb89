/**
 * Hostile text made fit for Slack. Everything a finding says passes through here exactly once, on its way into a block.
 *
 * Slack knows three special characters, `&` `<` `>`: escaped, `<!channel>` and `<https://evil|aws.amazon.com>` are plain
 * words. What is left are tricks on the eye: text that runs backwards, characters without width, control codes; they
 * are taken out. Limits count characters after escaping, and a cut never leaves half a character or half an entity.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping
 */

/**
 * Control codes, characters without width, line separators, and everything that turns the direction of text. Joiners
 * are among them: without them an emoji of four people reads as four emoji, with them `ad min` reads as `admin`.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const ELLIPSIS = "…";

/** One line, without anything unseen, as it would be read. Not escaped: for plain_text, terminals and fallbacks. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, " ").replace(UNSEEN, "").replace(/ {2,}/g, " ").trim();
}

/** At most `most` UTF-16 units; what was cut ends in an ellipsis. */
export function cut(text: string, most: number): string {
  return fit(text, most, (character) => character);
}

/** For a plain_text object, where nothing is markup: one line, cut. */
export function plain(text: string, most: number): string {
  return cut(oneLine(text), most);
}

/** For a plain_text object that may have several lines: each cleaned, empty ones left out, at most twelve. */
export function plainLines(text: string, most: number): string {
  const lines = text.split("\n", 50).map(oneLine);
  return cut(
    lines
      .filter((line) => line !== "")
      .slice(0, 12)
      .join("\n"),
    most,
  );
}

/** For mrkdwn: one line, escaped, cut to `most` characters as Slack counts them. */
export function escaped(text: string, most: number): string {
  return fit(oneLine(text), most, (character) => ENTITIES[character] ?? character);
}

/**
 * For mrkdwn, as code: shown as it is, so that `*` and `_` in a name are no markup. A backtick would end it and becomes
 * a look-alike. Nothing at all for an empty text, because Slack shows two backticks then.
 */
export function code(text: string, most: number): string {
  const inside = escaped(text.replaceAll("`", "ˋ"), most - 2);
  return inside === "" ? "" : `\`${inside}\``;
}

/**
 * A link. The address must have passed {@link httpLink}; the label is ours or was made by {@link escaped}.
 *
 * @returns only the label when the address has no place in Slack's link markup.
 */
export function link(url: string, label: string): string {
  return /[<>|\s]/.test(url) ? label : `<${url.replaceAll("&", "&amp;")}|${label}>`;
}

/** A mention as the config names it: a user group (S…), a person (U…, W…), `here` or `channel`. */
export function mention(who: string): string {
  if (who === "here" || who === "channel") return `<!${who}>`;
  return who.startsWith("S") ? `<!subteam^${who}>` : `<@${who}>`;
}

/** Cuts between characters, never inside one, counting each as `encode` writes it. */
function fit(text: string, most: number, encode: (character: string) => string): string {
  let kept = "";
  let keptBeforeEllipsis = "";
  for (const character of text) {
    const next = kept + encode(character);
    if (next.length > most) return `${keptBeforeEllipsis.trimEnd()}${ELLIPSIS}`;
    if (next.length < most) keptBeforeEllipsis = next;
    kept = next;
  }
  return kept;
}
