import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "@cdktn/hcl2json";
import type { Config } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { type ResolvedCustomer, resolveCustomer } from "@shirase/core/resolved-customer";
import { type Onboarding, type OnboardingOptions, onboarding } from "./onboarding.ts";
import { spokeTemplates } from "./spoke.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const templateBase = "https://shirase-templates-{region}.s3.{region}.amazonaws.com";
const config = example();

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

function customerNamed(id: string): ResolvedCustomer {
  const customer = config.customers.find((one) => one.id === id);
  assert.ok(customer);
  return resolveCustomer(config, customer);
}

function sentTo(id: string, options: OnboardingOptions = {}): Onboarding {
  const sent = onboarding(config, customerNamed(id), options);
  assert.ok("message" in sent, "problem" in sent ? sent.problem : "");
  return sent;
}

function sameAsGolden(name: string, text: string): void {
  const golden = join(import.meta.dirname, "__golden__", name);
  if (process.env["GOLDEN"] === "1") writeFileSync(golden, text);
  assert.equal(text, readFileSync(golden, "utf8"));
}

suite("onboarding", () => {
  for (const language of ["en", "ja"] as const) {
    test(`the message as the customer reads it (${language})`, () =>
      sameAsGolden(`onboarding.${language}.txt`, sentTo("acme", { language, templateBase }).message));
  }

  test("the language is the customer's unless another is asked for", () => {
    assert.match(sentTo("acme").message, /^件名/);
    assert.match(sentTo("globex").message, /^Subject/);
    assert.match(sentTo("globex", { language: "ja" }).message, /^件名/);
  });

  test("each region has a link of its own, to a template in a bucket of that region", () => {
    const links = sentTo("acme", { templateBase }).steps.map(({ quickCreateLink }) => new URL(quickCreateLink ?? ""));
    const files = ["acme.template.json", "acme.us-east-1.template.json"];
    for (const [index, region] of ["ap-northeast-1", "us-east-1"].entries()) {
      assert.equal(links[index]?.hostname, `${region}.console.aws.amazon.com`);
      assert.equal(links[index]?.searchParams.get("region"), region);
      const parameters = new URLSearchParams(links[index]?.hash.replace("#/stacks/create/review?", ""));
      assert.equal(
        parameters.get("templateURL"),
        `https://shirase-templates-${region}.s3.${region}.amazonaws.com/${files[index]}`,
      );
      assert.equal(parameters.get("stackName"), "shirase-acme");
    }
  });

  test("without an address there is no link, and the command stays", () => {
    const [step] = sentTo("acme").steps;
    assert.equal(step?.quickCreateLink, undefined);
    assert.match(step?.command ?? "", /--template-file acme\.template\.json --capabilities CAPABILITY_NAMED_IAM$/);
  });

  const refused: ReadonlyArray<readonly [why: string, templateBase: string, says: RegExp]> = [
    ["CloudFormation reads from S3 only", "https://msp.example/templates/", /not one of S3/],
    ["and not without TLS", "http://b.s3.us-east-1.amazonaws.com/", /not one of S3/],
    [
      "a copy of one region for both",
      "https://b-{region}.s3.eu-west-1.amazonaws.com/",
      /write the region as \{region\}/,
    ],
    ["two regions need two copies", "https://b.s3.us-east-1.amazonaws.com/", /write the region as \{region\}/],
    ["the console takes 1,024 characters", `https://{region}.s3.amazonaws.com/${"x".repeat(1000)}/`, /takes 1024/],
  ];
  for (const [why, base, says] of refused) {
    test(`${why} (${base.slice(0, 40)})`, () => {
      const answer = onboarding(config, customerNamed("acme"), { templateBase: base });
      assert.match("problem" in answer ? answer.problem : "", says);
    });
  }

  const ofOneRegion: ReadonlyArray<readonly [why: string, templateBase: string, says: RegExp | undefined]> = [
    ["a bucket of the stack's region", "https://b.s3.ap-northeast-1.amazonaws.com", undefined],
    ["the bucket in the path", "https://s3.ap-northeast-1.amazonaws.com/b", undefined],
    ["an old address that names no region", "https://b.s3.amazonaws.com", undefined],
    ["a bucket named after another region", "https://us-east-1.s3.ap-northeast-1.amazonaws.com", undefined],
    ["a bucket of another region", "https://b.s3.us-east-1.amazonaws.com", /another region than ap-northeast-1/],
    ["the same with a dash", "https://s3-us-west-2.amazonaws.com/b", /another region than ap-northeast-1/],
  ];
  for (const [why, base, says] of ofOneRegion) {
    test(`one region: ${why} is ${says === undefined ? "linked to" : "refused"}`, () => {
      const answer = onboarding(config, customerNamed("globex"), { templateBase: base });
      if (says === undefined)
        assert.ok("steps" in answer && answer.steps[0]?.quickCreateLink?.includes("templateURL="));
      else assert.match("problem" in answer ? answer.problem : "", says);
    });
  }

  test("attached is what synth writes, and a StackSet where there are several accounts", () => {
    const { attachments } = sentTo("acme");
    assert.deepEqual(Object.keys(attachments).sort(), [
      "acme.message.txt",
      "acme.stackset.template.json",
      "acme.template.json",
      "acme.tf",
      "acme.us-east-1.template.json",
    ]);
    for (const { fileName, template } of spokeTemplates(config)) {
      const name = fileName.replace("customers/", "");
      const attached = sentTo(name.split(".")[0] ?? "").attachments[name] ?? "";
      assert.deepEqual(JSON.parse(attached), template);
    }
  });

  test("an administrator launches it alone, and is told whose findings leave", () => {
    const { accounts, message, attachments } = sentTo("initech", { language: "en" });
    assert.deepEqual(accounts, [{ id: "666666666666", name: "initech-security" }]);
    assert.match(message, /666666666666 administers Security Hub/);
    assert.equal("initech.stackset.template.json" in attachments, false);
  });
});

suite("terraformSnippet", () => {
  for (const id of ["acme", "globex", "initech"]) {
    test(`${id}: Terraform reads the very patterns, accounts and bus`, async () => {
      const customer = customerNamed(id);
      const text = sentTo(id).terraform;
      sameAsGolden(`${id}.tf`, text);
      const { module } = (await parse("main.tf", text)) as { readonly module: Readonly<Record<string, unknown>> };
      const calls = Object.values(module).map((call) => (call as readonly Readonly<Record<string, unknown>>[])[0]);
      assert.deepEqual(
        calls.map((call) => call?.["regions"]),
        customer.regions.map((region) => [region]),
      );
      for (const call of calls) assert.deepEqual(Object.values(call?.["rules"] ?? {}), customer.rulePatterns);
    });
  }
});
