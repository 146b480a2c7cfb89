/**
 * Where a relay keeps what it knows: in a data folder, or with `hub.relay: aws` in a table. Commands that look in from
 * outside ask here which of the two is meant.
 */
import { existsSync } from "node:fs";
import { isRelayOnAws } from "@shirase/core/relay-queue";
import type { Command } from "commander";
import type { TableWanted } from "./aws/relay-table.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { dataOption } from "./relay-options.ts";

/** What the options say. */
export type KeptFlags = {
  readonly config: string;
  readonly data: string;
  readonly table?: string;
  readonly profile?: string;
};

/** One of the two. */
export type KeptIn = { readonly dataDir: string } | { readonly table: TableWanted };

/** For the help of a command. */
export const KEPT_HELP = `
With hub.relay: aws in the config it is the table of stack shirase-relay, in the hub's account and region, unless --data or
SHIRASE_DATA names a folder.`;

/** Adds the options. */
export function keptOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(configOption())
    .option("--table <name>", "with hub.relay: aws, the table of a stack of your own")
    .option("--profile <name>", "with hub.relay: aws, a profile of ~/.aws/config; without it AWS_PROFILE");
}

/**
 * Who names a folder means the folder. Else the config decides; without one there is no relay on AWS.
 *
 * @throws UserError when the config has problems, or is named and not there.
 */
export async function keptIn({ config: file, data, table, profile }: KeptFlags, command: Command): Promise<KeptIn> {
  const isDefault = (option: string): boolean => command.getOptionValueSource(option) === "default";
  if (!isDefault("data") && table === undefined) return { dataDir: data };
  const config = isDefault("config") && table === undefined && !existsSync(file) ? undefined : await loadConfig(file);
  if (config === undefined || !(isRelayOnAws(config) || table !== undefined)) return { dataDir: data };
  return { table: { hub: config.hub, tableName: table, profile } };
}
