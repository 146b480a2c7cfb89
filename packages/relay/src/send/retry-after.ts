/** What Slack's 429 asks for. */
const LONGEST_WAIT_MS = 5 * 60_000;

/**
 * How long to leave a channel alone after Slack answered 429.
 *
 * @param seconds - the `Retry-After` header as a number of seconds; undefined when Slack sent none, which happens.
 * @returns milliseconds, from 1,000 to 300,000. Waiting a little too short costs one more 429, waiting for ever costs
 *   the message.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 * @example retryAfterMs(30) // 30_000
 */
export function retryAfterMs(seconds: number | undefined): number {
  if (seconds === undefined || !Number.isFinite(seconds) || seconds < 1) return 1000;
  return Math.min(Math.ceil(seconds) * 1000, LONGEST_WAIT_MS);
}
