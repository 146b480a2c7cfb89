/** The pages that are made from code are the code's. GOLDEN=1 writes them anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readConfig } from "@shirase/core/config-file";
import { formatProblems } from "@shirase/core/config-problem";
import { configJsonSchema } from "@shirase/core/config-schema";
import { cliReference } from "./cli-reference.ts";
import { configReference } from "./config-reference.ts";
import { costTables } from "./cost-reference.ts";
import { lifecycleTable } from "./lifecycle-reference.ts";
import { buildProgram } from "./program.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const EXAMPLE = readFileSync(join(ROOT, "examples", "shirase.yaml"), "utf8");

/** The place of a table that is made: its name, the table, the end. */
const COST_TABLE = /<!-- costs: (\w+) -->\n[\s\S]*?<!-- end -->/g;

const STEPS_TABLE = /<!-- steps -->\n[\s\S]*?<!-- end -->/;

function sameAsFile(file: string, text: string): void {
  const path = join(ROOT, file);
  if (process.env["GOLDEN"] === "1") writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"), `${file} is behind the code: npm run docs`);
}

suite("pages made from code", () => {
  test("docs/cli.md is what the commands say", () => sameAsFile("docs/cli.md", cliReference(buildProgram())));

  test("docs/config.md is what the schema says", () =>
    sameAsFile("docs/config.md", configReference(configJsonSchema(), EXAMPLE)));

  test("docs/cost.md has the tables that prices and ways come to", () => {
    const page = readFileSync(join(ROOT, "docs/cost.md"), "utf8");
    const tables = costTables();
    const places = [...page.matchAll(COST_TABLE)].map(([, name]) => name);
    assert.deepEqual(places.sort(), Object.keys(tables).sort());
    sameAsFile(
      "docs/cost.md",
      page.replaceAll(COST_TABLE, (_, name: string) => `<!-- costs: ${name} -->\n${tables[name]}\n<!-- end -->`),
    );
  });

  test("docs/lifecycle.md has the table that decides", () => {
    const page = readFileSync(join(ROOT, "docs/lifecycle.md"), "utf8");
    assert.match(page, STEPS_TABLE);
    sameAsFile("docs/lifecycle.md", page.replace(STEPS_TABLE, `<!-- steps -->\n\n${lifecycleTable()}\n\n<!-- end -->`));
  });

  test("examples/shirase.yaml is a config without a fault", () => {
    const read = readConfig(EXAMPLE, "examples/shirase.yaml");
    assert.ok("config" in read, "problems" in read ? formatProblems(read.problems) : "");
  });

  test("every command has a description and stands under a heading of its own", () => {
    for (const command of buildProgram().commands) {
      assert.notEqual(command.description(), "", command.name());
      assert.notEqual(command.helpGroup(), "", command.name());
    }
  });
});
