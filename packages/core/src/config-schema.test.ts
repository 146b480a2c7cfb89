import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { configJsonSchema, type JsonSchema, keysAt, placesOfKey } from "./config-schema.ts";

const PUBLISHED = join(import.meta.dirname, "..", "shirase.schema.json");

suite("the JSON Schema of the config", () => {
  test("is the one that is published (GOLDEN=1 rewrites it)", () => {
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    if (process.env["GOLDEN"] === "1") writeFileSync(PUBLISHED, text);
    assert.equal(text, readFileSync(PUBLISHED, "utf8"));
  });

  test("describes every key", () => {
    const silent: string[] = [];
    const visit = (schema: JsonSchema, at: string) => {
      for (const [key, child] of Object.entries(schema.properties ?? {})) {
        if (!child.description) silent.push(`${at}${key}`);
        visit(child, `${at}${key}.`);
      }
      if (schema.items) visit(schema.items, at);
      for (const one of schema.anyOf ?? []) visit(one, at);
    };
    visit(configJsonSchema(), "");
    assert.deepEqual(silent, []);
  });

  test("knows the keys of a place, through lists and alternatives", () => {
    const schema = configJsonSchema();
    assert.deepEqual(keysAt(schema, ["customers", 3, "accounts", 0]), ["id", "name"]);
    assert.deepEqual(keysAt(schema, ["slack", "token"]), ["env", "file", "ssm", "secretsmanager"]);
    assert.deepEqual(keysAt(schema, ["customers", 0, "slack", "mention"]).slice(0, 2), ["CRITICAL", "HIGH"]);
    assert.deepEqual(keysAt(schema, ["nowhere", "__proto__"]), []);
  });

  test("knows where a key belongs", () => {
    assert.deepEqual(placesOfKey(configJsonSchema(), "channel"), ["customers[].slack"]);
    assert.deepEqual(placesOfKey(configJsonSchema(), "timezone"), ["defaults", "customers[]"]);
  });
});
