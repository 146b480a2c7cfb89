import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { type SpokeFile, spokeTemplates } from "./spoke.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const GOLDEN = join(import.meta.dirname, "__golden__");
/** CloudFormation's limit for a template that is sent along. */
const LARGEST_TEMPLATE_BYTES = 51_200;
/** The 2020 article's pattern. */
const CLASSIC =
  '{"source":["aws.securityhub"],"detail-type":["Security Hub Findings - Imported"],"detail":{"findings":{"Compliance":{"Status":[{"anything-but":["PASSED"]}]},"RecordState":["ACTIVE"],"Severity":{"Label":["CRITICAL","HIGH"]}}}}';

const files = spokeTemplates(example());

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

type Rule = { readonly Properties: { readonly EventPattern: unknown; readonly Targets: readonly Target[] } };
type Target = { readonly Arn: string; readonly RoleArn?: unknown; readonly DeadLetterConfig?: unknown };

function rulesOf({ template }: SpokeFile): readonly Rule[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === "AWS::Events::Rule") as unknown as Rule[];
}

suite("spokeTemplates", () => {
  test("one file for each customer and region, the first without the region's name", () => {
    assert.deepEqual(
      files.map(({ fileName }) => fileName),
      [
        "customers/acme.template.json",
        "customers/acme.us-east-1.template.json",
        "customers/globex.template.json",
        "customers/initech.template.json",
      ],
    );
  });

  for (const file of files) {
    const text = `${JSON.stringify(file.template, null, 2)}\n`;
    const golden = join(GOLDEN, file.fileName.replace("customers/", ""));

    test(`${file.fileName} is as it was read and agreed to`, () => {
      if (process.env["GOLDEN"] === "1") writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, "utf8"));
    });

    test(`${file.fileName}: every target has a role, a dead-letter queue, and is the hub's bus in its home region`, () => {
      for (const { Properties } of rulesOf(file)) {
        for (const target of Properties.Targets) {
          assert.match(target.Arn, /^arn:aws:events:ap-northeast-1:111111111111:event-bus\/shirase-/);
          assert.deepEqual(target.RoleArn, { "Fn::GetAtt": ["SendRole", "Arn"] });
          assert.ok(target.DeadLetterConfig);
        }
      }
    });

    test(`${file.fileName} fits into one call and has no parameters`, () => {
      assert.ok(Buffer.byteLength(text) <= LARGEST_TEMPLATE_BYTES);
      assert.equal("Parameters" in file.template, false);
    });

    test(`${file.fileName} stops in an account or a region it is not for`, () => {
      assert.match(JSON.stringify(file.template.Rules), /Fn::Contains.*AWS::AccountId.*AWS::Region/);
    });
  }

  test("`classic` is the pattern of 2020, byte for byte", () => {
    const initech = files.find(({ fileName }) => fileName.includes("initech"));
    assert.ok(initech);
    assert.equal(JSON.stringify(rulesOf(initech)[0]?.Properties.EventPattern), CLASSIC);
  });

  test("two regions' roles do not collide", () => {
    const names = files.map(({ template }) => JSON.stringify(template.Resources["SendRole"]?.["Properties"]));
    assert.equal(new Set(names).size, files.length);
  });
});
