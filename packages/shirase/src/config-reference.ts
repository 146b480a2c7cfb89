/**
 * docs/config.md, made from the config's JSON Schema and a worked example: one table for each mapping of the file.
 */
import type { JsonSchema } from "@shirase/core/config-schema";

/** More words than this are a list to look up, not to read in a table. */
const MOST_WORDS = 12;

/** The reference of every key, as Markdown. `example` is a whole config file, shown first. */
export function configReference(schema: JsonSchema, example: string): string {
  return `# shirase.yaml

Made from the schema (\`npm run docs\`). \`shirase init\` writes a first file, \`shirase check\` says what is wrong with one.
For completion and checks while you type, let your editor's YAML support use \`shirase.schema.json\` of the package
\`@shirase/core\`: \`# yaml-language-server: $schema=…/shirase.schema.json\` as the first line does it.

A worked example (\`examples/shirase.yaml\`):

\`\`\`yaml
${example.trimEnd()}
\`\`\`

Everything else is refused: a key that is not here, a customer's id or an account that is there twice, a region or a
time zone that does not exist, a pattern that EventBridge would not take, and anything that looks like a secret.

What is allowed and odd is a **warning**: a key that this version does not act on, a filter that can never match what the
customer is told of, a severity that the customer's own pattern does not forward, a value that never occurs in a finding.
What may well be meant so is a **hint**. Each has a code and says what to do; \`shirase check --strict\` fails for warnings,
never for hints. [Patterns](patterns.md) says what is looked for in them.

${sectionsOf(schema, "").join("\n\n")}
`;
}

function sectionsOf(schema: JsonSchema, path: string): readonly string[] {
  const properties = Object.entries(schema.properties ?? {});
  const rows = properties.map(([key, child]) => rowOf(key, child, path, schema.required?.includes(key) ?? false));
  const head = `## ${path === "" ? "Top of the file" : `\`${path}\``}`;
  const table = `| key | takes | without it | |\n|---|---|---|---|\n${rows.join("\n")}`;
  const inner = properties.flatMap(([key, child]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const isList = child.items !== undefined;
    return mappingsIn(child.items ?? child).flatMap((one) => sectionsOf(one, isList ? `${at}[]` : at));
  });
  return [`${head}\n\n${table}`, ...inner];
}

/** Mappings with keys of their own; a choice between secrets' homes is said in one cell. */
function mappingsIn(schema: JsonSchema): readonly JsonSchema[] {
  const alternatives = schema.anyOf ?? [schema];
  const mappings = alternatives.filter((one) => one.properties !== undefined);
  return mappings.length === 1 ? mappings : [];
}

function rowOf(key: string, schema: JsonSchema, path: string, isRequired: boolean): string {
  const at = path === "" ? key : `${path}.${key}`;
  const without = isRequired ? "**needed**" : defaultOf(schema);
  return `| \`${key}\` | ${cell(takes(schema, at))} | ${cell(without)} | ${cell(schema.description ?? "")} |`;
}

function defaultOf({ default: value }: JsonSchema): string {
  const isWorthSaying = value !== undefined && JSON.stringify(value) !== "{}";
  return isWorthSaying ? `\`${JSON.stringify(value).replaceAll('"', "").replaceAll(",", ", ")}\`` : "";
}

function takes(schema: JsonSchema, at: string): string {
  if (schema.items) return `a list: ${takes(schema.items, `${at}[]`)}`;
  if (schema.anyOf) return anyOf(schema.anyOf, at);
  if (schema.properties) return `a mapping: [\`${at}\`](#${at.toLowerCase().replaceAll(/[^a-z]/g, "")})`;
  if (schema.propertyNames?.enum) return `a mapping from ${words(schema.propertyNames.enum)} to ${takenBy(schema)}`;
  if (schema.title) return schema.title;
  if (schema.enum && schema.enum.length <= MOST_WORDS) return words(schema.enum);
  return schema.type === "object" ? "an EventBridge pattern" : (schema.type ?? "a value");
}

function anyOf(alternatives: readonly JsonSchema[], at: string): string {
  const isSecret = alternatives.every((one) => Object.keys(one.properties ?? {}).length === 1);
  if (!isSecret) return alternatives.map((one) => takes(one, at)).join(", or ");
  const homes = alternatives.flatMap((one) => Object.entries(one.properties ?? {}));
  return `one of ${homes.map(([home, { title }]) => `\`{ ${home}: … }\` (${title})`).join(", ")}`;
}

function takenBy({ additionalProperties: value }: JsonSchema): string {
  return typeof value === "object" ? takes(value, "") : "a value";
}

function words(list: readonly unknown[]): string {
  return list.map((word) => `\`${String(word)}\``).join(", ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
