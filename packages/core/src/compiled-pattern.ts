/**
 * A customer's pattern or filter, ready to match, and able to say why it does not. The engine is
 * @shirase/event-pattern; config has already refused what EventBridge would refuse.
 */
import { matches, parsePattern } from "@shirase/event-pattern";
import type { JsonObject } from "./event.ts";

/** One pattern, parsed once. */
export type CompiledPattern = { readonly matches: (event: JsonObject) => Match };

/** Does the event match, and in words why not. */
export type Match = { readonly held: true } | { readonly held: false; readonly why: string };

/** @throws Error when the pattern is not valid, which the config's reader should have said. */
export function compilePattern(text: string): CompiledPattern {
  const parsed = parsePattern(text);
  if ("problems" in parsed) {
    const [problem] = parsed.problems;
    throw new Error(`not an event pattern: ${problem?.path}: ${problem?.message}: ${text.slice(0, 200)}`);
  }
  const { pattern } = parsed;
  return {
    matches: (event) => {
      try {
        return matches(pattern, event) ? { held: true } : { held: false, why: "no alternative of it holds" };
      } catch (error) {
        // An event nested deeper than the engine can follow; EventBridge sends none (1,000 levels at most).
        return { held: false, why: `the event cannot be read: ${error instanceof Error ? error.message : "unknown"}` };
      }
    },
  };
}
