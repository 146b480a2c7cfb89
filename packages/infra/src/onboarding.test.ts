import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { readConfig } from "@shirase/core/config-file";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { onboarding } from "./onboarding.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
if ("problems" in read) throw new Error(JSON.stringify(read.problems));
const { config } = read;
const [acme] = config.customers;
if (!acme) throw new Error("the example has no customer");
const customer = resolveCustomer(config, acme);
const templateBase = "https://shirase-templates-{region}.s3.{region}.amazonaws.com/";

suite("onboarding", () => {
  for (const language of ["en", "ja"] as const) {
    test(`the message as the customer reads it (${language})`, () => {
      const golden = join(import.meta.dirname, "__golden__", `onboarding.${language}.txt`);
      const { message } = onboarding(config, customer, { language, templateBase });
      if (process.env["GOLDEN"] === "1") writeFileSync(golden, `${message}\n`);
      assert.equal(`${message}\n`, readFileSync(golden, "utf8"));
    });
  }

  test("each region has a link of its own, to a template in a bucket of that region", () => {
    const links = onboarding(config, customer, { templateBase }).steps.map(
      ({ quickCreateLink }) => quickCreateLink ?? "",
    );
    assert.equal(links.length, 2);
    for (const [index, region] of ["ap-northeast-1", "us-east-1"].entries()) {
      const link = new URL(links[index] ?? "");
      assert.equal(link.hostname, `${region}.console.aws.amazon.com`);
      const parameters = new URLSearchParams(link.hash.slice(link.hash.indexOf("?")));
      assert.match(
        parameters.get("templateURL") ?? "",
        new RegExp(`^https://shirase-templates-${region}\\.s3\\.${region}\\.`),
      );
      assert.equal(parameters.get("stackName"), "shirase-acme");
    }
  });

  test("without an address there is no link, and the command stays", () => {
    const [step] = onboarding(config, customer).steps;
    assert.equal(step?.quickCreateLink, undefined);
    assert.match(step?.command ?? "", /--capabilities CAPABILITY_NAMED_IAM$/);
  });

  test("a link that the console would cut is refused", () => {
    const templateBase = `https://s3.amazonaws.com/${"x".repeat(1000)}/`;
    assert.throws(() => onboarding(config, customer, { templateBase }), /1024 at most/);
  });
});
