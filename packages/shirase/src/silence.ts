/** `shirase silence`: what need not be told for a while, made, listed and ended from outside a running relay. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { configSilences, newSilence, type Silence, silenceEnd } from "@shirase/core/silence";
import { oneLine } from "@shirase/core/slack-text";
import type { Command } from "commander";
import { GROUPS } from "./command-groups.ts";
import { customerNamed } from "./customer-named.ts";
import { KEPT_HELP, type KeptFlags, keptOptions } from "./kept-in.ts";
import { withKeptStore } from "./kept-store.ts";
import { loadConfig } from "./load-config.ts";
import { textTable } from "./text-table.ts";
import { EXIT, UserError } from "./user-error.ts";

type AddFlags = KeptFlags & {
  readonly match: string;
  readonly reason: string;
  readonly owner?: string;
  readonly for: string;
  readonly until?: string;
};
type ListFlags = KeptFlags & { readonly all?: true };

const DAY_MS = 24 * 3_600_000;
const SHOWN_AFTER_MS = 90 * DAY_MS;

/** Registers `silence` with what it can do. */
export function silenceCommand(program: Command): void {
  const silence = program
    .command("silence")
    .helpGroup(GROUPS.run)
    .description(
      "what need not be told for a while: it is remembered and counted, and told when it still stands afterwards",
    );
  keptOptions(silence.command("add"))
    .description("silence what matches a pattern")
    .argument("<customer>", "the customer's id in the config")
    .requiredOption("--match <pattern>", "an EventBridge pattern as JSON, as for a filter")
    .requiredOption("--reason <text>", "why, for whoever wonders at 3 a.m.")
    .option("--owner <name>", "who answers for it; without it, who is logged in on this machine")
    .option("--for <days>", "how long, such as 12h or 7d", "7d")
    .option("--until <time>", 'instead of --for: its last day, or a moment such as "2026-11-27T18:00+09:00"')
    .addHelpText("after", `${KEPT_HELP}\nA running relay obeys within 5 s, on AWS within 15 s. At most 90 days.`)
    .action(add);
  keptOptions(silence.command("list"))
    .description("list silences, the config's too, with how many problems each held back")
    .argument("[customer]", "only this customer's")
    .option("--all", "those that ended in the last 90 days as well")
    .addHelpText("after", KEPT_HELP)
    .action(list);
  keptOptions(silence.command("end"))
    .description("let a silence end now")
    .argument("<id>", "its id, or the beginning of it, as `shirase silence list` shows it")
    .addHelpText("after", KEPT_HELP)
    .action(end);
}

async function add(customerId: string, flags: AddFlags, command: Command): Promise<void> {
  const config = await loadConfig(flags.config);
  const { id, timezone } = customerNamed(customerId, config, flags.config);
  const from = new Date();
  const until = endOf(flags, timezone, from);
  const owner = flags.owner ?? userInfo().username;
  const { match, reason } = flags;
  const made = newSilence({ id: randomUUID(), customerId: id, match, owner, reason, from, until });
  if ("problem" in made) {
    const option = made.problem.field === "until" && flags.until === undefined ? "for" : made.problem.field;
    throw new UserError(`--${option}: ${made.problem.message}`, { exitCode: EXIT.usage });
  }
  await withKeptStore(flags, command, (store) => store.addSilence(made.silence));
  console.log(`Silenced for ${id} until ${until.toISOString().slice(0, 16)}Z. Its id: ${made.silence.id}`);
}

/** @throws UserError when it can be read as neither. */
function endOf({ for: length, until }: AddFlags, timezone: string, now: Date): Date {
  if (until !== undefined) {
    const end = silenceEnd(until, timezone);
    if (Number.isNaN(end.getTime()))
      throw new UserError(`--until: ${until} is no day and no moment, such as 2026-11-27.`);
    return end;
  }
  const [, count = "", unit] = /^(\d{1,4})([hd])$/.exec(length) ?? [];
  if (count === "") throw new UserError(`--for: ${length} is no length such as 12h or 7d.`, { exitCode: EXIT.usage });
  return new Date(now.getTime() + Number(count) * (unit === "h" ? 3_600_000 : DAY_MS));
}

async function list(customerId: string | undefined, flags: ListFlags, command: Command): Promise<void> {
  const config = existsSync(flags.config) ? await loadConfig(flags.config) : undefined;
  if (customerId !== undefined && config) customerNamed(customerId, config, flags.config);
  const now = new Date();
  const after = flags.all ? new Date(now.getTime() - SHOWN_AFTER_MS) : now;
  const isShown = (one: Silence): boolean => one.until > after && (customerId ?? one.customerId) === one.customerId;
  await withKeptStore(flags, command, async (store) => {
    const all = [...ofConfig(config), ...(await store.silences(after))].filter(isShown);
    const counts = await store.silencedCounts(all.map(({ id }) => id));
    for (const line of linesOf(all, counts, now)) console.log(line);
  });
}

function ofConfig(config: Config | undefined): readonly Silence[] {
  return (config?.customers ?? []).flatMap((one) =>
    configSilences(config ? resolveCustomer(config, one) : { ...one, timezone: "UTC" }),
  );
}

function linesOf(all: readonly Silence[], counts: ReadonlyMap<string, number>, now: Date): readonly string[] {
  if (all.length === 0) return ["nothing is silenced"];
  const rows = all
    .toSorted((a, b) => a.until.getTime() - b.until.getTime())
    .map((one) => [
      one.id,
      one.customerId,
      one.until <= now ? "ended" : one.from > now ? "to come" : "holds",
      `until ${one.until.toISOString().slice(0, 16)}Z`,
      `${counts.get(one.id) ?? 0} held back`,
      oneLine(one.owner),
      oneLine(one.reason),
    ]);
  return textTable(rows);
}

async function end(beginning: string, flags: KeptFlags, command: Command): Promise<void> {
  await withKeptStore(flags, command, async (store) => {
    const now = new Date();
    const found = (await store.silences(now)).filter(({ id }) => id.startsWith(beginning));
    const [one, ...others] = found;
    if (beginning.startsWith("config-")) {
      throw new UserError("It stands in the config: take it out there, and start the relay again or deploy.");
    }
    if (!one)
      throw new UserError(
        `No silence that holds or is to come has the id ${JSON.stringify(beginning)}. See: shirase silence list`,
      );
    if (others.length > 0) throw new UserError(`${found.length} silences have an id that begins so. Give more of it.`);
    await store.endSilence(one.id, now);
    console.log(`Ended: ${oneLine(one.reason)} (${one.customerId})`);
  });
}
