/** For how long what was posted goes on; the same in every store. */

/** A card that more of its kind may join is no older than this … */
export const CARD_LIVES_MS = 7 * 24 * 3_600_000;
/** … and still has something open, or said something since. */
export const CARD_QUIET_MS = 24 * 3_600_000;
/** What is counted so soon after the last count belongs to the same burst. */
export const BURST_GOES_ON_MS = 60_000;
