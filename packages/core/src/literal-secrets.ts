/**
 * Is there a secret in this text? Finds what looks like a token by its own shape, wherever it stands, comments
 * included: a config file is committed, mailed and pasted into chats, so it holds references and never values.
 *
 * Also blots secrets out of text that is about to be shown. Not here: where secrets may live (SecretRef in config.ts),
 * and reading them (the relay).
 */

/** A piece of text that must not be shown, from `start` up to, not including, `end`. */
export type SecretSpan = { readonly start: number; readonly end: number; readonly kind: string };

/** Each expression is bounded and has no nested repetition: the text may be hostile and large. */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ["a Slack token", /\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{6,}/g],
  ["a Slack refresh token", /\bxoxe\.[A-Za-z0-9.-]{6,}/g],
  ["a Slack app token", /\bxapp-[A-Za-z0-9-]{6,}/g],
  ["a Slack webhook address", /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{6,}/g],
  ["an AWS access key id", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ["a private key", /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g],
];

/** Everything in `text` that looks like a secret, in order, not overlapping. */
export function findLiteralSecrets(text: string): readonly SecretSpan[] {
  const found = SHAPES.flatMap(([kind, shape]) =>
    [...text.matchAll(shape)].map((hit) => ({ start: hit.index, end: hit.index + hit[0].length, kind })),
  ).sort((a, b) => a.start - b.start || b.end - a.end);
  const spans: SecretSpan[] = [];
  for (const span of found) if (span.start >= (spans.at(-1)?.end ?? 0)) spans.push(span);
  return spans;
}

/** The text with every span replaced by as many asterisks, so that columns stay what they were. Keeps line ends. */
export function blotOut(text: string, spans: readonly Pick<SecretSpan, "start" | "end">[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    parts.push(text.slice(done, from), text.slice(from, end).replaceAll(/[^\r\n]/g, "*"));
    done = end;
  }
  return parts.join("") + text.slice(done);
}
