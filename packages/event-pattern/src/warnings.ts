/**
 * What EventBridge may refuse or what is probably not meant, though the pattern is a valid one. Quotas belong to an
 * account and can be raised, so they are no problems of the pattern.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
import { readJson } from "./json.ts";
import type { Pattern } from "./matcher-types.ts";
import { countRules } from "./rules.ts";

/** A stable name for each kind of warning. */
export type WarningCode = "long" | "many-rules" | "text-after-pattern";

/** One thing to look at. */
export type PatternWarning = {
  readonly code: WarningCode;
  /** Characters, or combinations: as many as there are. */
  readonly count: number;
  readonly message: string;
};

/** Characters of a rule's pattern, unless the account's quota was raised. */
const MOST_CHARACTERS = 2048;
/** Rules that the branches of `$or` may be combined to. */
const MOST_RULES = 1000;

/**
 * @param pattern - as {@link parsePattern} read it.
 * @param text - the text it was read from, as it would be handed to EventBridge.
 * @returns nothing when there is nothing to look at.
 */
export function patternWarnings(pattern: Pattern, text: string): readonly PatternWarning[] {
  const warnings: PatternWarning[] = [];
  if (text.length > MOST_CHARACTERS) {
    const message = `the pattern has ${text.length} characters; EventBridge takes ${MOST_CHARACTERS} unless the quota was raised`;
    warnings.push({ code: "long", count: text.length, message });
  }
  const rules = countRules(pattern.steps);
  if (rules > MOST_RULES) {
    const message = `the branches of $or can be combined in ${rules} ways; EventBridge takes ${MOST_RULES}`;
    warnings.push({ code: "many-rules", count: rules, message });
  }
  const read = readJson(text);
  const rest = "node" in read ? text.slice(read.end).trim() : "";
  if (rest !== "") {
    const shown = JSON.stringify(rest.slice(0, 20));
    const message = `the text after the pattern is not looked at: ${shown}`;
    warnings.push({ code: "text-after-pattern", count: rest.length, message });
  }
  return warnings;
}
