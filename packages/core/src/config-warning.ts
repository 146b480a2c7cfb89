/** A warning about a config: a code and what it is about, put into words. */
import { type WarningCode, type WarningFacts, warningWords } from "./text/warning-words.ts";
import type { Language } from "./text/wording.ts";

/** The key it is about, a sentence that goes on from it, and what to do. `code` is stable. */
export type ConfigWarning = {
  readonly kind: "warning" | "hint";
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly fix: string;
};

/** Makes a warning of its code and what it is about. */
export type Warn = (
  kind: ConfigWarning["kind"],
  code: WarningCode,
  path: string,
  facts?: WarningFacts,
) => ConfigWarning;

/** Warnings in a language. */
export function warnIn(language: Language): Warn {
  return (kind, code, path, facts = {}) => ({ kind, code, path, ...warningWords(code, facts, language) });
}
