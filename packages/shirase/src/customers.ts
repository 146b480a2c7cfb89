/** `shirase customers`: who is told what, where. One row each, as meant: with the defaults filled in. */
import type { Config } from "@shirase/core/config";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import type { Command } from "commander";
import { colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { configOption, loadConfig } from "./load-config.ts";
import { textTable } from "./text-table.ts";

/** Registers `customers`. */
export function customersCommand(program: Command): void {
  program
    .command("customers")
    .helpGroup(GROUPS.configure)
    .description("list the customers: accounts, regions, channel, sources")
    .addOption(configOption())
    .option("--json", "print them as JSON, with everything the defaults fill in")
    .action(customers);
}

async function customers({ config: file, json }: { readonly config: string; readonly json?: true }): Promise<void> {
  const config = await loadConfig(file);
  if (json) {
    console.log(JSON.stringify(resolved(config), null, 2));
    return;
  }
  const [head = "", ...lines] = textTable(customerRows(config));
  console.log([colorsFor(process.stdout).bold(head), ...lines].join("\n"));
}

/** The table's cells, the head first. */
export function customerRows(config: Config): readonly (readonly string[])[] {
  const head = ["ID", "NAME", "ACCOUNTS", "REGIONS", "CHANNEL", "SEVERITIES", "SOURCES"];
  return [head, ...resolved(config).map(rowOf)];
}

function rowOf(customer: ResolvedCustomer): readonly string[] {
  const [first, ...others] = customer.accounts.map((account) => account.id);
  return [
    customer.id,
    customer.name,
    others.length > 0 ? `${first} +${others.length}` : String(first),
    customer.regions.join(","),
    customer.slack.channel,
    customer.severities.join(","),
    customer.sources.join(","),
  ];
}

function resolved(config: Config): readonly ResolvedCustomer[] {
  return config.customers.map((customer) => resolveCustomer(config, customer));
}
