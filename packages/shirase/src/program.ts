/**
 * Every command of `shirase`, put together. A new one is a file with `xCommand(program)` and one line in COMMANDS.
 *
 * Command files describe themselves at once and load what they need to work (the relay, the demo) inside their action:
 * `shirase --help` must not wait for an HTTP server and a database.
 *
 * Not here: running it and what its errors look like (run.ts); docs/cli.md is generated from this (cli-reference.ts).
 */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { checkCommand } from "./check.ts";
import { consoleCommand } from "./console.ts";
import { costCommand } from "./cost.ts";
import { customersCommand } from "./customers.ts";
import { dataCommand } from "./data.ts";
import { demoCommand } from "./demo.ts";
import { deployCommand } from "./deploy.ts";
import { destroyCommand } from "./destroy.ts";
import { diffCommand } from "./diff.ts";
import { explainCommand } from "./explain.ts";
import { initCommand } from "./init.ts";
import { onboardCommand } from "./onboard.ts";
import { patternCommand } from "./pattern.ts";
import { redriveCommand } from "./redrive.ts";
import { relayCommand } from "./relay.ts";
import { sendCommand } from "./send.ts";
import { silenceCommand } from "./silence.ts";
import { simulateCommand } from "./simulate.ts";
import { synthCommand } from "./synth.ts";

type Register = (program: Command) => unknown;

/** In the order the help lists them within their group (command-groups.ts). */
const COMMANDS: readonly Register[] = [
  initCommand,
  checkCommand,
  customersCommand,
  explainCommand,
  patternCommand,
  simulateCommand,
  costCommand,
  synthCommand,
  onboardCommand,
  diffCommand,
  deployCommand,
  sendCommand,
  destroyCommand,
  relayCommand,
  consoleCommand,
  redriveCommand,
  silenceCommand,
  dataCommand,
  demoCommand,
];

const EXAMPLES = `
Examples:
  shirase demo                          see it work; nothing to configure
  shirase init                          write a first shirase.yaml
  shirase check                         is it right, and what does it say?
  shirase explain -p pattern.json -e event.json   why does this event (not) match?
  shirase relay --listen 0.0.0.0:8080   run it

Exit codes: 0 all is well, 1 a problem was found or something failed, 2 the command line is wrong.
Environment: SHIRASE_CONFIG is the default of --config, NO_COLOR=1 switches colours off, SHIRASE_DEBUG=1 shows
stack traces.`;

/** The whole command line, ready to parse. Has no side effect until an action runs. */
export function buildProgram(): Command {
  const program = new Command("shirase")
    .description("Tells Security Hub findings of many customers, once, in the right Slack channel.")
    .version(ownVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help for a command")
    .helpCommand("help [command]", "print help for a command")
    .showHelpAfterError("(add --help for what is allowed)")
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  for (const register of COMMANDS) register(program);
  return program;
}

function ownVersion(): string {
  const own: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof own === "object" && own !== null && "version" in own ? String(own.version) : "unknown";
}
