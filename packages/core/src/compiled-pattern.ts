/**
 * A customer's pattern or filter, ready to match, and able to say why it does not. The engine is
 * @shirase/event-pattern; config has already refused what EventBridge would refuse.
 */
import { createMatcher, explain, explainShort, type Matcher, type Pattern, parsePattern } from "@shirase/event-pattern";
import type { JsonObject } from "./event.ts";

/** One pattern, parsed once. */
export type CompiledPattern = { readonly matches: (event: JsonObject) => Match };

/** Does the event match, and why not, in every language: facts for a sentence ({@link say}). */
export type Match =
  | { readonly held: true }
  | { readonly held: false; readonly why: Readonly<Record<"why:en" | "why:ja", string>> };

/** @throws Error when the pattern is not valid, which the config's reader should have said. */
export function compilePattern(text: string): CompiledPattern {
  const parsed = parsePattern(text);
  if ("problems" in parsed) {
    const [problem] = parsed.problems;
    throw new Error(`not an event pattern: ${problem?.path}: ${problem?.message}: ${text.slice(0, 200)}`);
  }
  // Looks at no more of an event than the pattern names, which `matches` does not promise.
  const matcher = createMatcher();
  matcher.add("", text);
  return { matches: (event) => matchOf(matcher, parsed.pattern, event) };
}

function matchOf(matcher: Matcher, pattern: Pattern, event: JsonObject): Match {
  try {
    if (matcher.match(event).length > 0) return { held: true };
    const explanation = explain(pattern, event);
    const why = { "why:en": explainShort(explanation, "en"), "why:ja": explainShort(explanation, "ja") };
    return { held: false, why };
  } catch (error) {
    // An event nested deeper than the engine can follow. EventBridge sends none: it allows 1,000 levels.
    const problem = error instanceof Error ? error.message : "unknown";
    const why = { "why:en": `the event cannot be read: ${problem}`, "why:ja": `イベントを読めません：${problem}` };
    return { held: false, why };
  }
}
