/**
 * What every store must do, whatever it is made of. An implementation's test calls {@link storeContract} with a way to
 * open one; nothing in here knows what is beneath.
 */
import { afterEach, beforeEach, suite } from "node:test";
import { editsContract } from "./edits.contract.ts";
import { messagesContract } from "./messages.contract.ts";
import type { Bench } from "./samples.contract.ts";
import { silencesContract } from "./silences.contract.ts";
import type { Store } from "./store.ts";
import { tellContract } from "./tell.contract.ts";
import { upkeepContract } from "./upkeep.contract.ts";
import { viewContract } from "./view.contract.ts";

/** How the suite gets its store. */
export type StoreUnderTest = {
  /** A store on nothing yet. */
  readonly openEmpty: () => Promise<Store>;
  /** The store that was closed last, opened again. */
  readonly reopen: () => Promise<Store>;
};

const PARTS = {
  "what it is told": tellContract,
  "what it shows of a channel": viewContract,
  messages: messagesContract,
  "roots that are brought up to date": editsContract,
  silences: silencesContract,
  "what else it keeps, and what it forgets": upkeepContract,
};

/** Runs the contract. */
export function storeContract(name: string, { openEmpty, reopen }: StoreUnderTest): void {
  for (const [what, part] of Object.entries(PARTS)) {
    suite(`${name}: ${what}`, () => {
      const bench: { store?: Store } = {};
      beforeEach(async () => {
        bench.store = await openEmpty();
      });
      afterEach(() => bench.store?.close());
      part(bench as Bench, async () => {
        await bench.store?.close();
        bench.store = await reopen();
      });
    });
  }
}
