/**
 * `shirase simulate`: who would hear of these events, what would they read, and why does nobody hear of the others?
 * Runs the relay's own decisions and cards; stores nothing, sends nothing.
 *
 * Not here: reading event files (event-files.ts), how the answer looks (simulate-report.ts).
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Decision, Recall } from "@shirase/core/decide";
import type { Known } from "@shirase/core/observe";
import { type Command, Option } from "commander";
import { colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { type FileEvent, readEventFile } from "./event-files.ts";
import { loadConfig } from "./load-config.ts";
import { EXIT, UserError } from "./user-error.ts";

type SimulateOptions = {
  readonly config?: string;
  readonly lang?: "en" | "ja";
  readonly bus?: string;
  readonly json?: true;
  readonly quiet?: true;
  readonly inOrder?: true;
};

/** One event and what was decided about it. */
export type Simulated = { readonly from: FileEvent; readonly decision?: Decision };

/** Registers `simulate`. */
export function simulateCommand(program: Command): void {
  program
    .command("simulate")
    .helpGroup(GROUPS.understand)
    .description("show who would hear of these events, what they would read, and why others would not")
    .argument("<file...>", "events: one, an array, one a line, or as taken from SQS or SNS; - is standard input")
    .addOption(new Option("-c, --config <file>", "the config file").env("SHIRASE_CONFIG"))
    .option("--bus <name>", "the hub bus they arrive on, by name or ARN")
    .addOption(
      new Option("--lang <language>", "language of the reasons; cards are in the customer's").choices(["en", "ja"]),
    )
    .option("--quiet", "one line for each finding")
    .option("--in-order", "as one relay takes them, one after the other: what was told is not told again")
    .option("--json", "print the answer as JSON")
    .addHelpText("after", HELP)
    .action(simulate);
}

const HELP = `
Without --config and SHIRASE_CONFIG: ./shirase.yaml, else the shirase.yaml beside the events or beside their folder.
Exit code 1 when a file holds something that is no event.

Examples:
  shirase simulate examples/events/*.json
  shirase simulate --quiet --lang ja examples/events/*.json`;

async function simulate(files: readonly string[], options: SimulateOptions): Promise<void> {
  const { decide } = await import("@shirase/core/decide");
  const { prepare } = await import("@shirase/core/prepare");
  const { reportJson, reportText } = await import("./simulate-report.ts");
  const events = files.flatMap(readEventFile);
  const config = options.config ?? findConfig(files);
  const prepared = prepare(await loadConfig(config));
  process.stderr.write(`config: ${config}\n`);
  const now = new Date();
  const memory = new Map<string, Known>();
  const recall: Recall = (customerId, key) => memory.get(`${customerId}|${key}`);
  const simulated = events.map((from): Simulated => {
    if (!("event" in from)) return { from };
    const decision = decide(from.event, { bus: options.bus }, prepared, now, options.inOrder ? recall : undefined);
    if ("verdicts" in decision) remember(decision, memory);
    return { from, decision };
  });
  const colors = colorsFor(process.stdout);
  const look = {
    language: options.lang ?? systemLanguage(process.env),
    columns: Math.min(process.stdout.columns ?? 100, 110),
    isQuiet: options.quiet ?? false,
    colors,
  };
  console.log(options.json ? reportJson(simulated, prepared) : reportText(simulated, prepared, look));
  if (simulated.some(({ decision }) => decision === undefined)) process.exitCode = EXIT.failed;
}

function remember(
  { customerId, verdicts }: Extract<Decision, { verdicts: unknown }>,
  memory: Map<string, Known>,
): void {
  for (const { finding, known } of verdicts) if (known) memory.set(`${customerId}|${finding.key}`, known);
}

/** The config that these events probably belong to. @throws UserError naming every place that was looked at. */
function findConfig(files: readonly string[]): string {
  const folders = files.filter((file) => file !== "-").flatMap((file) => [dirname(file), join(dirname(file), "..")]);
  const places = [...new Set(["shirase.yaml", ...folders.map((folder) => join(folder, "shirase.yaml"))])];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  const looked = places.slice(0, 5).join(", ");
  throw new UserError(
    `no config file: looked for ${looked}\nMake one with \`shirase init\`, or name it with --config or SHIRASE_CONFIG.`,
    { exitCode: EXIT.failed },
  );
}

/** @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html which of the variables wins */
function systemLanguage(env: Readonly<Record<string, string | undefined>>): "en" | "ja" {
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale?.startsWith("ja") ? "ja" : "en";
}
