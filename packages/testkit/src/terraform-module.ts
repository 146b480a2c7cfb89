/**
 * A Terraform module as it comes out for given inputs, without Terraform: its provider is not to be had offline. For
 * tests that hold a module to a CloudFormation template.
 *
 * HCL is parsed by HashiCorp's own parser (@cdktn/hcl2json, compiled to WebAssembly); of its expressions only those our
 * modules use are worked out, and any other is refused loudly.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";

/** Block type -> labels -> blocks, as hcl2json gives them. */
export type TerraformModule = Readonly<Record<string, unknown>>;
type Block = Readonly<Record<string, unknown>>;

/** What stands for an expression: `var.x`, `data.aws_region.current.id`, `aws_sqs_queue.dead_letters.arn`. */
export type Known = Readonly<Record<string, unknown>>;

/** All .tf files of a folder as one module. */
export async function readTerraform(folder: string): Promise<TerraformModule> {
  const files = globSync("*.tf", { cwd: folder }).sort();
  const parts = await Promise.all(
    files.map((file) => parse(file, readFileSync(join(folder, file), "utf8")) as Promise<TerraformModule>),
  );
  return parts.reduce((whole, part) => merged(whole, part), {});
}

/** The block `resource "TYPE" "NAME"` (or data), filled in; one for each key where it has `for_each`. */
export function filledBlocks(
  module: TerraformModule,
  address: readonly [kind: "resource" | "data", type: string, name: string],
  known: Known,
): readonly Block[] {
  const [kind, type, name] = address;
  const byType = at(at(module, kind), type);
  const [block] = (at(byType, name) ?? []) as readonly Block[];
  if (block === undefined) throw new Error(`the module has no ${kind} "${type}" "${name}"`);
  const [locals = {}] = (module["locals"] ?? []) as readonly Block[];
  const scope = {
    ...Object.fromEntries(Object.entries(locals).map(([key, value]) => [`local.${key}`, value])),
    ...known,
  };
  if (!("for_each" in block)) return [fill(block, scope) as Block];
  const each = fill(block["for_each"], scope) as Readonly<Record<string, unknown>>;
  return Object.entries(each).map(
    ([key, value]) => fill(block, { ...scope, "each.key": key, "each.value": value }) as Block,
  );
}

function fill(value: unknown, scope: Known): unknown {
  if (Array.isArray(value)) return value.map((one) => fill(one, scope));
  if (typeof value === "string") return fillText(value, scope);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !["depends_on", "for_each", "lifecycle"].includes(key));
  return Object.fromEntries(entries.map(([key, one]) => [key, fill(one, scope)]));
}

function fillText(text: string, scope: Known): unknown {
  const list = /^\$\{\[for (\w+) in keys\(([\w.]+)\) : (.+)\]\}$/s.exec(text);
  if (list) return eachKey(list, scope);
  const json = /^\$\{jsonencode\(\{(.+)\}\)\}$/s.exec(text);
  if (json) return jsonOf(json[1] ?? "", scope);
  const whole = /^\$\{([^{}]+)\}$/.exec(text);
  if (whole) return worth(whole[1] ?? "", scope);
  return text.replaceAll(/\$\{([^{}]+)\}/g, (_, expression: string) => String(worth(expression, scope)));
}

/** `[for name in keys(map) : …name…]`; Terraform gives keys in alphabetical order. */
function eachKey([, name = "", map = "", body = ""]: RegExpExecArray, scope: Known): readonly unknown[] {
  const keys = Object.keys(worth(map, scope) as object).sort();
  const template = body.startsWith('"') ? body.slice(1, -1) : `\${${body}}`;
  return keys.map((key) => fillText(template.replaceAll(`[${name}]`, `["${key}"]`), { ...scope, [name]: key }));
}

/** `jsonencode({ a = x, b = y })`; Terraform writes the keys in alphabetical order. */
function jsonOf(fields: string, scope: Known): string {
  const entries = fields.split(",").map((field) => {
    const [key = "", expression = ""] = field.split("=", 2).map((part) => part.trim());
    return [key, worth(expression, scope)] as const;
  });
  return JSON.stringify(Object.fromEntries(entries.sort(([one], [other]) => one.localeCompare(other, "en"))));
}

function worth(expression: string, scope: Known): unknown {
  const name = expression.replaceAll("[each.key]", `["${scope["each.key"]}"]`);
  if (!(name in scope)) throw new Error(`the module's expression ${name} is not known`);
  const value = scope[name];
  return expression.startsWith("local.") ? fill(value, scope) : value;
}

function merged(one: TerraformModule, other: TerraformModule): TerraformModule {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    keys.map((key) => [key, key in one && key in other ? both(one[key], other[key]) : (one[key] ?? other[key])]),
  );
}

function both(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  return merged(one as TerraformModule, other as TerraformModule);
}

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
