/**
 * `shirase cost`: what a month on AWS would cost, for the numbers on the command line or the customers of a config, and
 * what the other ways would cost. Arithmetic on list prices (@shirase/infra/costs); asks AWS nothing.
 */
import {
  type CostLine,
  costLines,
  heartbeatsAMonth,
  type Load,
  loadsOf,
  PRICES,
  sumUsd,
  TOPOLOGIES,
  type Topology,
} from "@shirase/infra/costs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { GROUPS } from "./command-groups.ts";
import { loadConfig } from "./load-config.ts";
import { textTable } from "./text-table.ts";
import { EXIT, UserError } from "./user-error.ts";

type CostFlags = {
  readonly config?: string;
  readonly customers: number;
  readonly places?: number;
  readonly heartbeatMinutes: number;
  readonly findings: number;
  readonly eventKb: number;
  readonly lines?: true;
  readonly json?: true;
};

/** What is reckoned. `configured` is what a config says; without one there are only the comparisons. */
type Question = { readonly load: Load; readonly configured?: Partial<Record<Topology, Load>> };

const HELP = `
Findings are the events a month that leave all customers together: Invocations of the rules shirase-* in CloudWatch
says how many they are. List prices of us-east-1 without free tiers; docs/cost.md has their sources and the limits.

Examples:
  shirase cost --customers 50 --findings 1000000
  shirase cost --config shirase.yaml --findings 200000 --lines`;

/** Registers `cost`. */
export function costCommand(program: Command): void {
  program
    .command("cost")
    .helpGroup(GROUPS.understand)
    .description("reckon what a month on AWS costs, by each way to Slack, and who pays it")
    .addOption(
      new Option("-c, --config <file>", "take customers, accounts, regions, heartbeats and deliveries from it").env(
        "SHIRASE_CONFIG",
      ),
    )
    .addOption(numberOption("--customers <number>", "how many customers", 50))
    .addOption(numberOption("--places <number>", "accounts times regions of all of them (default: one each)"))
    .addOption(numberOption("--heartbeat-minutes <number>", "how often each place shows that it is there", 60))
    .addOption(numberOption("--findings <number>", "events a month, of all customers", 100_000))
    .addOption(numberOption("--event-kb <number>", "how large an event is, in KB", 4))
    .option("--lines", "every line of each bill")
    .option("--json", "print the bills as JSON")
    .addHelpText("after", HELP)
    .action(cost);
}

function numberOption(flags: string, description: string, preset?: number): Option {
  const option = new Option(flags, description).argParser(numberFrom);
  return preset === undefined ? option : option.default(preset);
}

function numberFrom(text: string): number {
  const number = Number(text.replaceAll(/[,_](?=\d{3})/g, ""));
  if (text.trim() !== "" && Number.isFinite(number) && number >= 0) return number;
  throw new InvalidArgumentError("It takes a number, 0 or more, such as 100000.");
}

/** What the config says and the command line could say as well. */
const NUMBERS = ["customers", "places", "heartbeatMinutes"] as const;

async function cost(flags: CostFlags, command: Command): Promise<void> {
  const bills = billsFor(await questionOf(flags, command));
  if (flags.json) {
    console.log(JSON.stringify(Object.fromEntries(bills.map(({ name, lines }) => [name, lines])), null, 2));
    return;
  }
  console.log(textTable(tableOf(bills)).join("\n"));
  if (flags.lines) for (const { name, lines } of bills) console.log(`\n${name}\n${linesOf(lines).join("\n")}`);
}

/** @throws UserError when both a config and what only one of the two can say are on the command line. */
async function questionOf(flags: CostFlags, command: Command): Promise<Question> {
  const isTyped = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  const isByNumbers = NUMBERS.some(isTyped);
  if (isByNumbers && isTyped("config")) {
    const message =
      "--config says how many customers and heartbeats there are. Leave it out, or leave the numbers out.";
    throw new UserError(message, { exitCode: EXIT.usage });
  }
  const { config, customers, places = customers, heartbeatMinutes, findings, eventKb } = flags;
  if (config !== undefined && !isByNumbers) {
    const configured = loadsOf(await loadConfig(config), { findings, eventKb });
    return { configured, load: together(Object.values(configured)) };
  }
  if (heartbeatMinutes === 0) {
    throw new UserError("--heartbeat-minutes: it takes more than 0.", { exitCode: EXIT.usage });
  }
  const heartbeats = heartbeatsAMonth(places, heartbeatMinutes);
  return { load: { customers, findings, heartbeats, eventKb, mailAddresses: 0 } };
}

/** All customers as if one way took them, without mail: only Amazon Q's way sends any. */
function together(loads: readonly Load[]): Load {
  const sum = (of: (load: Load) => number): number => loads.reduce((total, load) => total + of(load), 0);
  return {
    customers: sum(({ customers }) => customers),
    findings: sum(({ findings }) => findings),
    heartbeats: sum(({ heartbeats }) => heartbeats),
    eventKb: loads[0]?.eventKb ?? 0,
    mailAddresses: 0,
  };
}

type Bill = { readonly name: string; readonly lines: readonly CostLine[] };

function billsFor({ load, configured }: Question): readonly Bill[] {
  const asIs = configured === undefined ? [] : [{ name: "as configured", lines: costLines(configured) }];
  return [...asIs, ...TOPOLOGIES.map((topology) => ({ name: topology, lines: costLines({ [topology]: load }) }))];
}

function tableOf(bills: readonly Bill[]): readonly (readonly string[])[] {
  const head = ["USD A MONTH", "    ALL", "CUSTOMERS PAY", "COMPANY PAYS"];
  const amounts = (lines: readonly CostLine[]): readonly string[] => [
    usd(sumUsd(lines)).padStart(7),
    usd(sumUsd(lines, "customer")).padStart(13),
    usd(sumUsd(lines, "company")).padStart(12),
  ];
  return [head, ...bills.map(({ name, lines }) => [name, ...amounts(lines)])];
}

function linesOf(lines: readonly CostLine[]): readonly string[] {
  const rows = lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ payer, why, price, quantity, usd: amount }) => {
      const { usd: each, per } = PRICES[price];
      const rate = `${rounded(quantity)} at ${each}${per === 1 ? " each" : ` for ${rounded(per)}`}`;
      return ["", usd(amount).padStart(7), payer, why, rate];
    });
  return textTable(rows);
}

function usd(amount: number): string {
  return amount > 0 && amount < 0.005 ? "<0.01" : amount.toFixed(2);
}

function rounded(number: number): string {
  return number.toLocaleString("en", { maximumFractionDigits: number < 100 ? 1 : 0 });
}
