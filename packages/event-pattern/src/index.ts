/** The public door of @shirase/event-pattern. */
export { type Conflict, type Explanation, explain, type Found, type LeafAnswer } from "./explain.ts";
export { type ExplanationLanguage, explainShort, explainText } from "./explain-text.ts";
export { matches } from "./match.ts";
export { createMatcher, type Matcher } from "./matcher.ts";
export type { Pattern } from "./matcher-types.ts";
export { type ParseResult, parsePattern, parsePatternValue } from "./parse.ts";
export type { PatternProblem, Position, ProblemCode } from "./problem.ts";
export { type PatternWarning, patternWarnings, type WarningCode } from "./warnings.ts";
