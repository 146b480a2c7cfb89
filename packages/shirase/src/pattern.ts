/**
 * `shirase pattern`: EventBridge patterns by themselves, without config and without AWS. `explain` is the command of
 * that name once more; `lint` says what is likely wrong, `compare` how two patterns stand to each other.
 */
import { printable } from "@shirase/core/config-problem";
import { type LintFinding, lint } from "@shirase/event-pattern";
import { type Command, Option } from "commander";
import { type Colors, colorsFor } from "./colors.ts";
import { GROUPS } from "./command-groups.ts";
import { explainCommand } from "./explain.ts";
import { type Comparison, compare, comparisonText } from "./pattern-comparison.ts";
import { languageOption, patternIn, refuseStdinTwice } from "./pattern-files.ts";
import { EXIT } from "./user-error.ts";

type Language = "en" | "ja";
type LintOptions = { readonly for: "bus" | "pipes"; readonly lang: Language; readonly json?: true };
type CompareOptions = { readonly lang: Language; readonly json?: true };

/** Registers `pattern` with its commands. */
export function patternCommand(program: Command): void {
  const pattern = program
    .command("pattern")
    .helpGroup(GROUPS.understand)
    .description("explain, lint and compare EventBridge patterns; needs no config and no AWS");
  explainCommand(pattern).helpGroup("Commands:");
  lintCommand(pattern);
  compareCommand(pattern);
}

function lintCommand(pattern: Command): void {
  pattern
    .command("lint")
    .description("say what is valid in a pattern and likely wrong, and what to write instead")
    .argument("<file...>", "patterns, JSON; - reads standard input")
    .addOption(
      new Option("--for <target>", "where it is used: Pipes know fewer operators")
        .choices(["bus", "pipes"])
        .default("bus"),
    )
    .addOption(languageOption())
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      `
Example:
  aws events describe-rule --name findings --query EventPattern --output text | shirase pattern lint -

Exit code 1 when a pattern is refused or there is a warning. Hints do not count.`,
    )
    .action(runLint);
}

function compareCommand(pattern: Command): void {
  pattern
    .command("compare")
    .description("say whether two patterns can match the same event, and whether one covers the other")
    .argument("<one>", "a pattern, JSON; - reads standard input")
    .argument("<other>", "another one")
    .addOption(languageOption())
    .option("--json", "print the answers as JSON")
    .addHelpText(
      "after",
      `
Example:
  shirase pattern compare spoke.json filter.json

Exit code 1 when no event that AWS sends can match both, 0 otherwise.`,
    )
    .action(runCompare);
}

function runLint(files: readonly string[], { for: target, lang, json }: LintOptions): void {
  refuseStdinTwice(files, "two patterns");
  const found = files.map((file) => {
    const { name, text, pattern } = patternIn(file);
    return { name, findings: lint(pattern, { text, for: target, language: lang }) };
  });
  const hasWarning = found.some(({ findings }) => findings.some(({ kind }) => kind === "warning"));
  if (hasWarning) process.exitCode = EXIT.failed;
  if (json) console.log(JSON.stringify(found.length === 1 ? found[0]?.findings : found, null, 2));
  else console.log(found.map((one) => lintText(one.name, one.findings, lang)).join("\n\n"));
}

const NOTHING: Readonly<Record<Language, string>> = { en: "nothing to say", ja: "指摘はありません" };
const KINDS: Readonly<Record<Language, Readonly<Record<LintFinding["kind"], string>>>> = {
  en: { warning: "warning", hint: "hint" },
  ja: { warning: "警告", hint: "ヒント" },
};

function lintText(name: string, findings: readonly LintFinding[], lang: Language): string {
  const colors = colorsFor(process.stdout);
  const title = colors.bold(printable(name));
  if (findings.length === 0) return `${title}: ${colors.green(NOTHING[lang])}`;
  return [title, ...findings.flatMap((finding) => findingLines(finding, lang, colors))].join("\n");
}

function findingLines(
  { kind, code, path, message, fix }: LintFinding,
  lang: Language,
  colors: Colors,
): readonly string[] {
  const paint = kind === "warning" ? colors.yellow : colors.cyan;
  return [
    `${paint(KINDS[lang][kind])} ${code}  ${printable(path)}`,
    `  ${printable(message)}`,
    `  → ${printable(fix)}`,
  ];
}

function runCompare(one: string, other: string, { lang, json }: CompareOptions): void {
  refuseStdinTwice([one, other], "two patterns");
  const comparison: Comparison = compare(patternIn(one), patternIn(other));
  if (comparison.relation === "apart") process.exitCode = EXIT.failed;
  if (json) console.log(JSON.stringify(comparison, null, 2));
  else console.log(comparisonText(comparison, lang).map(printable).join("\n"));
}
