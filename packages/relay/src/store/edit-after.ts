/** The first edit of a root after something changed: soon, and then less and less often; the same in every store. */
export const EDIT_AFTER_MS = [10_000, 60_000, 300_000] as const;
