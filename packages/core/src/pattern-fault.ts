/**
 * Would EventBridge take this pattern? For patterns and filters that are written in the config file.
 */

/** EventBridge's default quota for a rule's pattern, in characters of compact JSON. Adjustable, but not by a template. */
export const PATTERN_LENGTH_MAX = 2048;

/** What is wrong with a pattern, and where inside it. */
export type PatternFault = { readonly path: readonly (string | number)[]; readonly message: string };

export function patternFault(value: unknown): PatternFault | undefined {
  const length = JSON.stringify(value).length;
  if (length <= PATTERN_LENGTH_MAX) return undefined;
  return { path: [], message: `${length} characters` };
}
