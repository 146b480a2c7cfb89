/** The store of a relay, for a command that looks in from outside while the relay may be running. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "@shirase/relay/store/store";
import type { Command } from "commander";
import { asNotInstalled } from "./aws/not-installed.ts";
import { type KeptFlags, keptIn } from "./kept-in.ts";
import { UserError } from "./user-error.ts";

/**
 * Works on the store, and closes it.
 *
 * @param work - is told whether it is the table of a relay on AWS.
 * @throws UserError when there is no such store, or it cannot be reached.
 */
export async function withKeptStore(
  flags: KeptFlags,
  command: Command,
  work: (store: Store, isOnAws: boolean) => Promise<void>,
): Promise<void> {
  const kept = await keptIn(flags, command);
  if ("table" in kept) {
    const { withRelayTable } = await import("./aws/relay-table.ts").catch(asNotInstalled);
    return withRelayTable(kept.table, ({ store }) => work(store, true));
  }
  const { dataDir } = kept;
  if (!existsSync(join(dataDir, "relay.sqlite"))) {
    throw new UserError(`${dataDir} is no data folder of a relay. Name it with --data DIR or SHIRASE_DATA.`);
  }
  const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
  const store = openSqliteStore({ dataDir, isOwner: false });
  try {
    await work(store, false);
  } finally {
    await store.close();
  }
}
