/** `shirase redrive`: tries again what Slack refused, in a data folder or in the table of a relay on AWS. */
import { oneLine } from "@shirase/core/slack-text";
import type { Store } from "@shirase/relay/store/store";
import type { Command } from "commander";
import { GROUPS } from "./command-groups.ts";
import { KEPT_HELP, type KeptFlags, keptOptions } from "./kept-in.ts";
import { withKeptStore } from "./kept-store.ts";

type RedriveFlags = KeptFlags & { readonly channel?: string; readonly list?: true };

/** Registers `redrive`. */
export function redriveCommand(program: Command): void {
  keptOptions(program.command("redrive"))
    .helpGroup(GROUPS.run)
    .description("try again what Slack refused: dead letters wait again, pauses are lifted")
    .option("--channel <id>", "only this channel; without it, all")
    .option("--list", "only show what is paused, dead and in quarantine")
    .addHelpText("after", KEPT_HELP)
    .action(redrive);
}

async function redrive(flags: RedriveFlags, command: Command): Promise<void> {
  await withKeptStore(flags, command, (store, isOnAws) =>
    work(store, flags, isOnAws ? "its clock looks within a minute" : "a running relay sends within 15 s"),
  );
}

async function work(store: Store, { channel, list }: RedriveFlags, next: string): Promise<void> {
  if (list) {
    for (const line of await troubles(store, channel)) console.log(line);
    return;
  }
  const count = await store.redrive(channel);
  console.log(`${count} dead ${count === 1 ? "letter waits" : "letters wait"} again; ${next}.`);
}

const MOST_QUARANTINED = 20;

/** What waits for a person, one a line. Reasons quote what others sent: cleaned before a terminal sees them. */
async function troubles(store: Store, channel: string | undefined): Promise<readonly string[]> {
  const pauses = (await store.pauses()).filter((pause) => channel === undefined || pause.channelId === channel);
  const letters = await store.deadLetters(channel);
  const strangers = channel === undefined ? await store.quarantined(MOST_QUARANTINED + 1) : [];
  const lines = [
    ...pauses.map((it) => ["paused", it.channelId, it.pausedAt.toISOString(), `${it.reason}: ${it.remedy}`]),
    ...letters.map((it) => ["dead", it.channelId, it.customerId, it.diedAt.toISOString(), it.reason]),
    ...strangers.slice(0, MOST_QUARANTINED).map((it) => ["quarantine", it.at.toISOString(), it.eventId, it.reason]),
  ];
  const shown = lines.map(([kind = "", ...rest]) => `${kind.padEnd(10)}  ${rest.map(oneLine).join("  ")}`);
  if (shown.length === 0) return ["nothing is paused, dead or in quarantine"];
  const isMore = strangers.length > MOST_QUARANTINED;
  return isMore ? [...shown, `quarantine  there are more, older ones: shirase data stats`] : shown;
}
