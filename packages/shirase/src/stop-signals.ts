/** Ends a long-running command as the person or the system asks: once politely, and within ten seconds in any case. */

const STOP_WITHIN_MS = 9500;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Waits for SIGINT or SIGTERM, then stops. A second signal does not wait any longer.
 *
 * @param stop - finishes what is under way.
 * @param complain - writes to standard error.
 */
export async function runUntilStopped(stop: () => Promise<void>, complain: (text: string) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.once(signal, () => resolve());
  });
  await stopInTime(stop, complain);
}

/** Stops, and ends the process if stopping does not end. */
export async function stopInTime(stop: () => Promise<void>, complain: (text: string) => void): Promise<void> {
  const giveUp = (why: string): void => {
    complain(`shirase: ${why}; what was not finished is on disk and will be tried at the next start\n`);
    process.exit(1);
  };
  const timer = setTimeout(() => giveUp("stopping took too long"), STOP_WITHIN_MS);
  for (const signal of SIGNALS) process.once(signal, () => giveUp("stopped at once"));
  await stop();
  clearTimeout(timer);
}

/**
 * Does work that Ctrl-C ends early and in good order. A second Ctrl-C ends the process at once.
 *
 * @param work - hears of the first signal, and then finishes what must be finished.
 * @param lastWords - what to say at the second one; written to standard error.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, lastWords: () => string): Promise<T> {
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) {
      process.stderr.write(lastWords());
      process.exit(1);
    }
    stopping.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(stopping.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
