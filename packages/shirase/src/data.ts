/**
 * `shirase data`: is what a relay keeps sound, a copy of it, how much there is; in a data folder, or in the table of a
 * relay on AWS. None of it disturbs a running relay.
 */
import type { DataProblem } from "@shirase/relay/store/sqlite-check";
import type { StoreStats } from "@shirase/relay/store/store";
import type { Command } from "commander";
import { asNotInstalled } from "./aws/not-installed.ts";
import type { FoundTable, TableWanted } from "./aws/relay-table.ts";
import { colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { KEPT_HELP, type KeptFlags, keptIn, keptOptions } from "./kept-in.ts";
import { configOption } from "./load-config.ts";
import { asUserError } from "./relay.ts";
import { dataOption } from "./relay-options.ts";
import { textTable } from "./text-table.ts";
import { UserError } from "./user-error.ts";

type Flags = { readonly data: string; readonly config: string };

const READS_ALL = "Every item of the table is read then: about a minute and four cents for each gigabyte.";

/** Registers `data` with its commands. */
export function dataCommand(program: Command): void {
  const data = program
    .command("data")
    .helpGroup(GROUPS.run)
    .description("what a relay keeps: is it sound, a copy of it, how much there is");
  keptOptions(data.command("check"))
    .description("look whether what is kept is sound; writes nothing, a relay may run")
    .addHelpText("after", `${KEPT_HELP}\n${READS_ALL}`)
    .action(check);
  data
    .command("backup")
    .description("write a copy of the store as it is now to a file, while a relay runs")
    .argument("<file>", "the copy; must not exist")
    .addOption(dataOption())
    .addOption(configOption())
    .action(backup);
  keptOptions(data.command("stats"))
    .description("how much is known, waits, was given up; how large it all is")
    .option("--json", "print it as JSON")
    .addHelpText("after", `${KEPT_HELP}\n${READS_ALL}`)
    .action(stats);
}

async function check(flags: KeptFlags, command: Command): Promise<void> {
  const kept = await keptIn(flags, command);
  if ("table" in kept) {
    await onTable(kept.table, async ({ tableName, check: look }) => say(`table ${tableName}`, await look()));
    return;
  }
  const { checkData } = await import("@shirase/relay/store/sqlite-check");
  say(kept.dataDir, await expected(() => checkData(kept.dataDir)));
}

function say(what: string, problems: readonly DataProblem[]): void {
  const { green, red } = colorsFor(process.stdout);
  if (problems.length === 0) {
    console.log(`${green("✔")} ${what} is sound`);
    return;
  }
  for (const { problem, remedy } of problems) console.log(`${red("✖")} ${problem}\n  ${remedy}`);
  process.exitCode = 1;
}

async function onTable(wanted: TableWanted, work: (table: FoundTable) => Promise<void>): Promise<void> {
  const { withRelayTable } = await import("./aws/relay-table.ts").catch(asNotInstalled);
  await withRelayTable(wanted, work);
}

async function backup(file: string, flags: Flags, command: Command): Promise<void> {
  const kept = await keptIn(flags, command);
  if ("table" in kept) {
    throw new UserError(
      "The table of a relay on AWS is backed up by DynamoDB itself: it can be restored to any second of the last 35 days.\n" +
        "A copy to keep for longer: aws dynamodb create-backup. A data folder is named with --data DIR.",
    );
  }
  const { dataDir: data } = kept;
  const { backUpData, checkCopy } = await import("@shirase/relay/store/sqlite-check");
  await expected(() => backUpData(data, file));
  const bytes = await expected(() => checkCopy(file));
  console.log(`${file} is a sound copy of ${data} (${megabytes(bytes)}).
To go back to it: stop the relay, move ${data} away, and put the copy in a new one as ${data}/relay.sqlite.`);
}

type StatsFlags = KeptFlags & { readonly json?: true };

async function stats(flags: StatsFlags, command: Command): Promise<void> {
  const kept = await keptIn(flags, command);
  if ("table" in kept) {
    await onTable(kept.table, async ({ store, bytes }) => print(await store.stats(), { bytes: await bytes() }, flags));
    return;
  }
  const { dataDir } = kept;
  const { sizesOf } = await import("@shirase/relay/store/sqlite-check");
  const { openSqliteStore } = await import("@shirase/relay/store/sqlite");
  const sizes = await expected(() => sizesOf(dataDir));
  const store = openSqliteStore({ dataDir, isOwner: false });
  const counts = await store.stats();
  await store.close();
  print(counts, sizes, flags);
}

function print(counts: StoreStats, sizes: Sizes, { json }: StatsFlags): void {
  if (json) console.log(JSON.stringify(asJson(counts, sizes), null, 2));
  else for (const line of textTable(rowsOf(counts, sizes))) console.log(line);
}

/** Only a file has room within it that is free. */
type Sizes = { readonly bytes: number; readonly freeBytes?: number };

/** The table's cells. */
function rowsOf(counts: StoreStats, { bytes, freeBytes }: Sizes): readonly (readonly string[])[] {
  const { waitingByCustomer, deadByCustomer, oldestWaitingAt, quarantined, paused, known } = counts;
  const by = (what: string, of: ReadonlyMap<string, number>): readonly (readonly string[])[] =>
    of.size === 0
      ? [[what, "0"]]
      : [...of].map(([id, count]) => [what, String(count), id === "" ? "(ops channel)" : id]);
  return [
    ["problems known", String(known)],
    ...by("findings that wait to be told", waitingByCustomer),
    ["the oldest of them since", oldestWaitingAt?.toISOString() ?? "-"],
    ...by("messages given up", deadByCustomer),
    ["channels paused", String(paused)],
    ["events in quarantine", String(quarantined)],
    freeBytes === undefined
      ? ["size of the table", `${megabytes(bytes)}, as DynamoDB counted it within the last six hours`]
      : ["size on disk", `${megabytes(bytes)}, of which ${megabytes(freeBytes)} is free to be used again`],
  ];
}

function asJson(counts: StoreStats, sizes: Sizes): object {
  const { waitingByCustomer, deadByCustomer, oldestWaitingAt, ...rest } = counts;
  return {
    ...rest,
    waitingByCustomer: Object.fromEntries(waitingByCustomer),
    deadByCustomer: Object.fromEntries(deadByCustomer),
    oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null,
    ...sizes,
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A folder that cannot be used is for the user to mend. */
async function expected<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    return asUserError(error);
  }
}
