/** The public door of @shirase/event-pattern. */
export { type Change, type Steps, withChange } from "./change.ts";
export { type Coverage, covers } from "./covers.ts";
export {
  type BranchAnswer,
  type Conflict,
  type Explanation,
  explain,
  type Found,
  type LeafAnswer,
  type OrAnswer,
} from "./explain.ts";
export { changeText, type ExplanationLanguage, explainShort, explainText } from "./explain-text.ts";
export { type Disagreement, type Intersection, intersects } from "./intersects.ts";
export { type LintFinding, type LintOptions, lint } from "./lint.ts";
export type { LintCode } from "./lint-words.ts";
export { matches } from "./match.ts";
export { createMatcher, type Matcher } from "./matcher.ts";
export type { Pattern } from "./matcher-types.ts";
export type { NearKind } from "./near-miss.ts";
export { type ParseResult, parsePattern, parsePatternValue } from "./parse.ts";
export type { PatternProblem, Position, ProblemCode } from "./problem.ts";
export { shownIn } from "./shown.ts";
export { type PatternWarning, patternWarnings, type WarningCode } from "./warnings.ts";
