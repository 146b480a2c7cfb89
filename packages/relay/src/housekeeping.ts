/** What a running relay looks after, beside events and messages: forgetting, silences from outside, digests. */
import type { DueDigest } from "@shirase/core/digest-due";
import type { Prepared } from "@shirase/core/prepare";
import type { Logger } from "pino";
import type { Clock } from "./clock.ts";
import { openReadsThread } from "./console/reads-thread.ts";
import type { Deliverer } from "./deliver.ts";
import { keepWritingDigests } from "./digests.ts";
import type { SilenceBook } from "./silence-book.ts";
import { KEPT_FOR } from "./store/kept-for.ts";
import type { Store } from "./store/store.ts";
import type { Watch } from "./watch.ts";

const MOST_QUARANTINED = 10_000;
const PRUNE_EVERY_MS = 3_600_000;
/** `shirase silence` writes from another process; what its help says of it follows from this. */
const SILENCES_EVERY_MS = 5_000;

/** What it works with. */
export type HouseParts = {
  readonly prepared: Prepared;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly book: SilenceBook;
  readonly watch: Pick<Watch, "pulses">;
  readonly deliverer: Pick<Deliverer, "wake">;
  readonly dataDir: string;
};

/** Looks after it until it is told to stop. Never rejects. */
export async function keepHouse(parts: HouseParts, signal: AbortSignal): Promise<void> {
  const { store, clock, logger, book } = parts;
  await Promise.all([
    keepTidy(store, clock, signal, logger),
    keepReading(book, clock, signal, logger),
    keepDigests(parts, signal),
  ]);
}

/** Digests, when a customer wants one. They read as the console does, beside everything else. */
async function keepDigests(parts: HouseParts, signal: AbortSignal): Promise<void> {
  const { prepared, watch, deliverer, store, clock, logger, book, dataDir } = parts;
  const { customers } = prepared;
  if (![...customers.values()].some(({ digest }) => digest)) return;
  const reads = openReadsThread(dataDir);
  const onWritten = ({ kind }: DueDigest, customerId: string): void => {
    logger.info({ customerId, kind }, "digest");
    deliverer.wake();
  };
  const { silencers } = book;
  const { pulses } = watch;
  await keepWritingDigests({ store, reads, customers, silencers, pulses, clock, onWritten }, signal, (error) =>
    logger.error({ err: error }, "a digest could not be written; it will be tried again"),
  );
  await reads.close();
}

async function keepTidy(store: Store, clock: Clock, signal: AbortSignal, logger: Logger): Promise<void> {
  while (!signal.aborted) {
    try {
      const now = clock.now().getTime();
      await store.prune({
        sentBefore: new Date(now - KEPT_FOR.event),
        endedBefore: new Date(now - KEPT_FOR.ended),
        silentBefore: new Date(now - KEPT_FOR.silent),
        quarantinedBefore: new Date(now - KEPT_FOR.quarantine),
        mostQuarantined: MOST_QUARANTINED,
      });
    } catch (error) {
      logger.error({ err: error }, "pruning failed; it will be tried again");
    }
    await clock.wait(PRUNE_EVERY_MS, signal);
  }
}

/** What another process wrote of silences is obeyed within some seconds. */
async function keepReading(book: SilenceBook, clock: Clock, signal: AbortSignal, logger: Logger): Promise<void> {
  let isFailing = false;
  while (!signal.aborted) {
    await clock.wait(SILENCES_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await book.refresh(clock.now());
      isFailing = false;
    } catch (error) {
      // Said once: the same every five seconds would hide what else is said.
      if (!isFailing) logger.error({ err: error }, "silences could not be read; those known before hold on");
      isFailing = true;
    }
  }
}
