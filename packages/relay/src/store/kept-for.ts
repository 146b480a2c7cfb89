/** For how long things are kept that no longer lead to a message; the same in every store. Milliseconds. */
const DAY_MS = 24 * 3_600_000;

/**
 * `event`: EventBridge delivers again for a day at most; a week leaves room for a replay by hand. `ended`, `silent`:
 * Security Hub itself keeps findings that are over for 30 days, and others for 90. `root`: longer than any problem that
 * hangs under it.
 */
export const KEPT_FOR = {
  event: 7 * DAY_MS,
  ended: 90 * DAY_MS,
  silent: 365 * DAY_MS,
  quarantine: 30 * DAY_MS,
  root: 400 * DAY_MS,
} as const;
