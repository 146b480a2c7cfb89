/**
 * A secret that may be changed while a function lives: read when it is first asked for, and again when what is known is
 * older than a minute. So a new one is in use within a minute, and nobody makes AWS answer more often than that.
 */
import type { SecretReading } from "../secrets.ts";

const KEPT_MS = 60_000;

/** What it works with. */
export type KeptSecretOptions = {
  readonly read: () => Promise<SecretReading>;
  /** Milliseconds, on any clock. */
  readonly now: () => number;
  /** It cannot be read again; the one that is known is used on. */
  readonly onStale: (problem: string) => void;
};

/** @returns the secret as it is now. Rejects, without the secret, while it was never read. */
export function keptSecret({ read, now, onStale }: KeptSecretOptions): () => Promise<string> {
  let kept: { readonly secret: Promise<string>; readonly at: number } | undefined;
  return () => {
    const at = now();
    if (kept && at - kept.at < KEPT_MS) return kept.secret;
    const before = kept?.secret;
    const secret = read().then((reading) => {
      if ("secret" in reading) return reading.secret;
      const problem = `${reading.problem}. ${reading.remedy}`;
      if (before === undefined) throw new Error(problem);
      onStale(problem);
      return before;
    });
    kept = { secret, at };
    // What was never known is asked for again at once.
    if (before === undefined) secret.catch(() => (kept = undefined));
    return secret;
  };
}
