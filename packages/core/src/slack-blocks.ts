/** The few kinds of Slack block that our messages are made of, and how much of Slack's limit they use. */
import type { JsonObject } from "./event.ts";
import { SLACK } from "./limits.ts";
import { plain } from "./slack-text.ts";

/** A headline: plain text, so that nothing in it can be markup. Cut to what a header takes. */
export function header(text: string): JsonObject {
  return { type: "header", text: plainText(plain(text, SLACK.headerChars)) };
}

/** @param text - mrkdwn, at most 3,000 characters. */
export function section(text: string): JsonObject {
  return { type: "section", text: mrkdwn(text) };
}

/** Small print. @param lines - mrkdwn, at most ten. */
export function context(lines: readonly string[]): JsonObject {
  return { type: "context", elements: lines.map(mrkdwn) };
}

/** `verbatim`: an address in a text stays text; only our links are links. */
export function mrkdwn(text: string): JsonObject {
  return { type: "mrkdwn", text, verbatim: true };
}

/** `emoji: false`: `:tada:` in a title stays as written. */
export function plainText(text: string): JsonObject {
  return { type: "plain_text", text, emoji: false };
}

/** Lines gathered into sections of at most 3,000 characters each. */
export function sectionsOf(lines: readonly string[]): readonly JsonObject[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last === undefined || last.length + 1 + line.length > SLACK.sectionChars) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts.map(section);
}
