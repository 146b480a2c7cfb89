/**
 * docs/cli.md, made from the commands' own definitions: what is in it is what `--help` says.
 */
import type { Command } from "commander";

const WIDTH = 100;

/** The reference of every command, as Markdown. Consumes the program: its output goes here from now on. */
export function cliReference(program: Command): string {
  const commands = program.commands.filter((command) => command.name() !== "help");
  const rows = commands.map(
    (command) => `| [\`${nameOf(command)}\`](#${anchorOf(command)}) | ${command.description()} |`,
  );
  const sections = commands.flatMap((command) => [section(command, "##"), ...partsOf(command)]);
  return `# Command line

Made from the commands themselves (\`npm run docs\`); what is here is what \`--help\` says.

| command | what it does |
|---|---|
${rows.join("\n")}

${helpBlock(program)}

${sections.join("\n\n")}
`;
}

/** The commands of a command, such as `data check`. */
function partsOf(command: Command): readonly string[] {
  return command.commands.filter((part) => part.name() !== "help").map((part) => section(part, "###"));
}

function section(command: Command, level: "##" | "###"): string {
  return `${level} ${nameOf(command)}\n\n${helpBlock(command)}`;
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

function anchorOf(command: Command): string {
  return nameOf(command).replaceAll(" ", "-");
}

/** Everything that `--help` prints, with what commands add to it, at a fixed width and without colours. */
function helpBlock(command: Command): string {
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `\`\`\`text\n${help.trimEnd()}\n\`\`\``;
}
