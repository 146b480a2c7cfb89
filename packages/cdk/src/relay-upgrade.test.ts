/**
 * Who upgrades keeps what the relay knows. `__previous__` holds the template of the release before: when the package has
 * a new version, `npm run golden` takes the golden one, which is still the release's. CloudFormation replaces a resource
 * whose logical id or one of whose fixed properties is another.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

type Resource = {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};
type Template = { readonly Resources: Readonly<Record<string, Resource>> };

/** "Update requires: Replacement" in the CloudFormation reference of each type that holds something. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  "AWS::DynamoDB::Table": ["TableName", "KeySchema", "ImportSourceSpecification"],
  "AWS::SQS::Queue": ["QueueName", "FifoQueue"],
  "AWS::KMS::Key": ["KeySpec", "KeyUsage", "MultiRegion", "Origin"],
  "AWS::Logs::LogGroup": ["LogGroupName"],
};

const PREVIOUS = join(import.meta.dirname, "__previous__", "relay.json");
const { version } = read(join(import.meta.dirname, "..", "package.json")) as { readonly version: string };
const golden = read(join(import.meta.dirname, "__golden__", "relay.template.json")) as Template;
if (process.env["GOLDEN"] === "1" && previous().version !== version) {
  writeFileSync(PREVIOUS, `${JSON.stringify({ version, template: golden }, null, 2)}\n`);
}
const before = previous().template.Resources;
const now = golden.Resources;

suite("an upgrade of the relay on AWS", () => {
  const holding = Object.entries(before).filter(([, { Type }]) => Object.hasOwn(FIXED, Type));

  test("what is compared with is the release before this version", () => {
    assert.equal(previous().version, version, "a new version: run npm run golden before anything else is changed");
  });

  test("there is something to keep", () => {
    const types = new Set(holding.map(([, { Type }]) => Type));
    assert.deepEqual(types, new Set(Object.keys(FIXED)));
  });

  for (const [id, old] of holding) {
    test(`${id} stays the same resource`, () => {
      const next = now[id];
      assert.equal(next?.Type, old.Type, `${id} would be deleted, and what it holds with it`);
      const fixed = FIXED[old.Type] ?? [];
      for (const name of fixed) {
        assert.deepEqual(next.Properties[name], old.Properties[name], `${id} would be replaced: ${name} is another`);
      }
      assert.deepEqual(
        [next.DeletionPolicy, next.UpdateReplacePolicy],
        [old.DeletionPolicy, old.UpdateReplacePolicy],
        `${id} is kept less well than before`,
      );
    });
  }

  test("the table keeps its index, its attributes and its time to live, or what is in it is not found", () => {
    const [table] = holding.filter(([, { Type }]) => Type === "AWS::DynamoDB::Table");
    assert.ok(table);
    const [id, { Properties: old }] = table;
    for (const name of ["GlobalSecondaryIndexes", "AttributeDefinitions", "TimeToLiveSpecification"]) {
      assert.deepEqual(now[id]?.Properties[name], old[name], name);
    }
    assert.equal(now[id]?.Properties["DeletionProtectionEnabled"], true);
  });
});

function previous(): { readonly version: string; readonly template: Template } {
  return read(PREVIOUS) as ReturnType<typeof previous>;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
