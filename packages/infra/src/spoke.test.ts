import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { Config, SOURCES } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { REGIONS } from "@shirase/core/regions";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { fillTemplate } from "@shirase/testkit/filled-template";
import { LARGEST_TEMPLATE_BYTES, type Template, templateText } from "./cloud-formation.ts";
import { heartbeatRoleName, spokeRoleName } from "./names.ts";
import { type SpokeFile, spokeTemplates } from "./spoke.ts";
import { stackSetTemplate } from "./stackset.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const GOLDEN = join(import.meta.dirname, "__golden__");
/** The 2020 article's pattern. */
const CLASSIC =
  '{"source":["aws.securityhub"],"detail-type":["Security Hub Findings - Imported"],"detail":{"findings":{"Compliance":{"Status":[{"anything-but":["PASSED"]}]},"RecordState":["ACTIVE"],"Severity":{"Label":["CRITICAL","HIGH"]}}}}';

const files = spokeTemplates(example());

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

type Target = { readonly Arn: string; readonly RoleArn?: unknown; readonly DeadLetterConfig?: unknown };
type Rule = { readonly EventPattern: unknown; readonly Targets: readonly Target[] };

function rulesOf(template: Template): readonly Rule[] {
  const rules = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::Events::Rule");
  return rules.map(({ Properties }) => Properties as Rule);
}

function fileNamed(fileName: string): SpokeFile {
  const file = files.find((one) => one.fileName === `customers/${fileName}.template.json`);
  assert.ok(file);
  return file;
}

function sameAsGolden(name: string, template: Template): void {
  const golden = join(GOLDEN, name);
  if (process.env["GOLDEN"] === "1") writeFileSync(golden, templateText(template));
  assert.equal(templateText(template), readFileSync(golden, "utf8"));
}

/** One customer with these keys, in a hub of its own. */
function templatesOf(customer: object): readonly SpokeFile[] {
  return spokeTemplates(
    Config.parse({
      hub: { account: "111111111111", region: "ap-northeast-1" },
      slack: { workspace: "T0123456789" },
      customers: [
        { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...customer },
      ],
    }),
  );
}

suite("spokeTemplates", () => {
  test("one file for each customer and region, the first without the region's name", () => {
    const names = files.map(({ fileName }) => fileName.replace(/^customers.(.*).template.json$/, "$1"));
    assert.deepEqual(names, ["acme", "acme.us-east-1", "globex", "initech"]);
  });

  for (const { fileName, template } of files) {
    test(`${fileName} is as it was read and agreed to`, () =>
      sameAsGolden(fileName.replace("customers/", ""), template));

    test(`${fileName}: every target has a role, a dead-letter queue, and is the hub's bus in its home region`, () => {
      for (const target of rulesOf(template).flatMap(({ Targets }) => Targets)) {
        assert.match(target.Arn, /^arn:aws:events:ap-northeast-1:111111111111:event-bus\/shirase-/);
        assert.deepEqual(target.RoleArn, { "Fn::GetAtt": ["SendRole", "Arn"] });
        assert.ok(target.DeadLetterConfig);
      }
    });

    test(`${fileName} fits into one call, has no parameters, and says in ASCII what it does`, () => {
      assert.ok(Buffer.byteLength(templateText(template)) <= LARGEST_TEMPLATE_BYTES);
      assert.equal("Parameters" in template, false);
      assert.match(template.Description, /^[\x20-\x7e]{1,1024}$/);
      for (const { Metadata } of Object.values(template.Resources)) assert.ok(Metadata?.Purpose);
    });
  }

  const places: ReadonlyArray<readonly [why: string, file: string, accounts: readonly string[], region: string]> = [
    ["all of the customer's accounts", "acme", ["222222222222", "555555555555"], "ap-northeast-1"],
    ["the region of the file", "acme.us-east-1", ["222222222222", "555555555555"], "us-east-1"],
    ["the administrator alone: it has its members' findings", "initech", ["666666666666"], "ap-northeast-1"],
  ];
  for (const [why, name, accounts, region] of places) {
    test(`launches in no other place than ${why} (${name})`, () => {
      const asserted = fileNamed(name).template.Rules?.["RightPlace"]?.Assertions.map(
        (one) => "Assert" in one && one.Assert,
      );
      assert.deepEqual(asserted, [
        { "Fn::Contains": [accounts, { Ref: "AWS::AccountId" }] },
        { "Fn::Contains": [[region], { Ref: "AWS::Region" }] },
      ]);
    });
  }

  test("an administrator and its members all send what Security Hub does not gather", () => {
    const accounts = ["222222222222", "333333333333"];
    const [file] = templatesOf({ accounts, delegatedAdmin: "333333333333", sources: ["security-hub", "health"] });
    assert.match(JSON.stringify(file?.template.Rules), /"222222222222","333333333333"/);
  });

  test("regions differ in what they admit and in nothing else", () => {
    const parts = ["acme", "acme.us-east-1"].map((name) => fileNamed(name).template);
    assert.deepEqual(parts[0]?.Resources, parts[1]?.Resources);
    assert.notDeepEqual(parts[0]?.Rules, parts[1]?.Rules);
  });

  test("in two regions of one account no role has the other's name", () => {
    const { template } = fileNamed("acme");
    const names = ["ap-northeast-1", "us-east-1"].flatMap((region) =>
      Object.values(fillTemplate(template, { account: "222222222222", region }))
        .filter(({ Type }) => Type === "AWS::IAM::Role")
        .map(({ Properties }) => Properties["RoleName"]),
    );
    assert.equal(new Set(names).size, 4);
  });

  test("the longest id in the longest region gives names that IAM takes: 64 characters", () => {
    for (const region of REGIONS) {
      for (const name of [spokeRoleName, heartbeatRoleName])
        assert.ok(name("a".repeat(31), region).length <= 64, region);
    }
  });

  test("`classic` is the pattern of 2020, byte for byte; what is shirase's own has a rule beside it", () => {
    const patterns = rulesOf(fileNamed("globex").template).map(({ EventPattern }) => JSON.stringify(EventPattern));
    assert.deepEqual(patterns, [CLASSIC, '{"source":["shirase.test","shirase.heartbeat"]}']);
  });

  test("a pattern of the customer's own goes into the rule as it is", () => {
    const pattern = { source: ["aws.securityhub"], account: ["222222222222"] };
    const [file] = templatesOf({ pattern });
    assert.ok(file);
    assert.deepEqual(rulesOf(file.template)[0]?.EventPattern, pattern);
  });

  test("every source and every severity at once still fits", () => {
    const severities = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"];
    const accounts = Array.from({ length: 300 }, (_, index) => String(200_000_000_000 + index));
    for (const { template } of templatesOf({ sources: SOURCES, severities, accounts })) {
      const sizeBytes = Buffer.byteLength(templateText(template));
      assert.ok(sizeBytes <= LARGEST_TEMPLATE_BYTES, `${sizeBytes} bytes`);
    }
  });

  test("the heartbeat says who, where and how often, as often as the config says", () => {
    const [file] = templatesOf({ heartbeatMinutes: 15 });
    assert.ok(file);
    const filled = fillTemplate(file.template, { account: "222222222222", region: "ap-northeast-1" });
    const { ScheduleExpression, Target } = filled["Heartbeat"]?.Properties ?? {};
    assert.equal(ScheduleExpression, "rate(15 minutes)");
    const { Input } = Target as { readonly Input: string };
    assert.deepEqual(JSON.parse(Input), { customer: "acme", everyMinutes: 15, region: "ap-northeast-1" });
  });
});

suite("stackSetTemplate", () => {
  const of = (more: object): Template => {
    const [customer] = example().customers;
    assert.ok(customer);
    const config = { ...example(), customers: [{ ...customer, ...more }] };
    return stackSetTemplate(config, resolveCustomer(config, { ...customer, ...more }));
  };
  const spokesOf = (template: Template): Readonly<Record<string, unknown>> =>
    template.Resources["Spokes"]?.Properties ?? {};

  test("is as it was read and agreed to", () => sameAsGolden("acme.stackset.template.json", of({})));

  test("holds the customer's own template, for all of its regions", () => {
    const body = JSON.parse(String(spokesOf(of({}))["TemplateBody"]));
    assert.deepEqual(body.Resources, fileNamed("acme").template.Resources);
    assert.match(JSON.stringify(body.Rules), /\["ap-northeast-1","us-east-1"\]/);
  });

  test("without an Organization it names accounts", () => {
    const { PermissionModel, StackInstancesGroup } = spokesOf(of({}));
    assert.equal(PermissionModel, "SELF_MANAGED");
    assert.match(
      JSON.stringify(StackInstancesGroup),
      /^\[{"DeploymentTargets":{"Accounts":\["222222222222","555555555555"\]}/,
    );
  });

  test("with one it goes to the listed accounts of the units, and to none that joins later", () => {
    const template = of({ organizationId: "o-ab12cd34ef", organizationalUnits: ["ou-ab12-c3d4e5f6"] });
    const { AutoDeployment, StackInstancesGroup } = spokesOf(template);
    assert.deepEqual(AutoDeployment, { Enabled: false });
    assert.match(JSON.stringify(StackInstancesGroup), /"AccountFilterType":"INTERSECTION","Accounts":\["222222222222"/);
    assert.ok(Buffer.byteLength(templateText(template)) <= LARGEST_TEMPLATE_BYTES);
  });
});
