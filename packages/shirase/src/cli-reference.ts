/**
 * docs/cli.md, made from the commands' own definitions: what is in it is what `--help` says.
 */
import type { Command } from "commander";

const WIDTH = 100;

/** The reference of every command, as Markdown. Consumes the program: its output goes here from now on. */
export function cliReference(program: Command): string {
  const commands = withSubcommands(program);
  const rows = commands.map(
    (command) => `| [\`${nameOf(command)}\`](#${anchorOf(command)}) | ${command.description()} |`,
  );
  const sections = commands.map((command) => `## ${nameOf(command)}\n\n${helpBlock(command)}`);
  return `# Command line

Made from the commands themselves (\`npm run docs\`); what is here is what \`--help\` says.

| command | what it does |
|---|---|
${rows.join("\n")}

${helpBlock(program)}

${sections.join("\n\n")}
`;
}

/** Every command, each with its own right after it. */
function withSubcommands(parent: Command): readonly Command[] {
  const commands = parent.commands.filter((command) => command.name() !== "help");
  return commands.flatMap((command) => [command, ...withSubcommands(command)]);
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
