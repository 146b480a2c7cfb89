/**
 * The silences that hold by now: the config's, and those that people make while the relay runs, by its console or from
 * another process. Deciding asks this for each event, so it answers from memory; the store is looked at now and then.
 */
import { type Prepared, silencersOf } from "@shirase/core/prepare";
import type { Silencers } from "@shirase/core/silence";
import type { Store } from "./store/store.ts";

export type SilenceBook = {
  /** All of them. Which hold at a moment, `hear` asks. */
  readonly silencers: () => Silencers;
  /** Looks at the store again. @throws what the store throws; then the book stays as it was. */
  readonly refresh: (now: Date) => Promise<void>;
};

/** @throws what the store throws: a relay that does not know what it must not tell should not start. */
export async function openSilenceBook(
  store: Pick<Store, "silences">,
  prepared: Pick<Prepared, "silencers">,
  now: Date,
): Promise<SilenceBook> {
  const book = emptySilenceBook(store, prepared);
  await book.refresh(now);
  return book;
}

/** Until it was refreshed it holds the config's silences alone. */
export function emptySilenceBook(
  store: Pick<Store, "silences">,
  { silencers: own }: Pick<Prepared, "silencers">,
): SilenceBook {
  let all = own;
  let seen = "[]";
  return {
    silencers: () => all,
    refresh: async (now) => {
      const kept = await store.silences(now);
      const text = JSON.stringify(kept);
      if (text === seen) return;
      all = merged(own, silencersOf(kept));
      seen = text;
    },
  };
}

function merged(one: Silencers, other: Silencers): Silencers {
  const ids = new Set([...one.keys(), ...other.keys()]);
  return new Map([...ids].map((id) => [id, [...(one.get(id) ?? []), ...(other.get(id) ?? [])]]));
}
