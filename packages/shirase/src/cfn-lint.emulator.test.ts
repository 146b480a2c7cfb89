/** Every template that `synth` and `onboard` write, read by cfn-lint as CloudFormation would read it. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, suite, test } from "node:test";
import { Config, SOURCES } from "@shirase/core/config";
import { readConfig } from "@shirase/core/config-file";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import { stackSetTemplate } from "@shirase/infra/stackset";
import { cfnLint } from "@shirase/testkit/emulators";
import { stacksOf } from "./aws/stacks.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const folder = mkdtempSync(join(tmpdir(), "shirase-templates-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function example(): Config {
  const read = readConfig(readFileSync(EXAMPLE, "utf8"), EXAMPLE);
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
}

/** All that the example does not have: other buses, a relay elsewhere, an Organization, every source, another partition. */
function others(): Readonly<Record<string, Config>> {
  const customer = (more: object): object => ({
    id: "acme",
    name: "Acme",
    accounts: ["222222222222", "333333333333"],
    slack: { channel: "C0ACME00000" },
    ...more,
  });
  const config = (hub: object, ...customers: readonly object[]): Config =>
    Config.parse({
      hub: { account: "111111111111", region: "ap-northeast-1", ...hub },
      slack: { workspace: "T0123456789" },
      customers,
    });
  const organization = { organizationId: "o-ab12cd34ef", organizationalUnits: ["ou-ab12-c3d4e5f6"] };
  return {
    shared: config({ buses: "shared" }, customer({ sources: SOURCES, heartbeatMinutes: 5 })),
    default: config({ buses: "default" }, customer({ pattern: { source: ["aws.securityhub"] } })),
    organization: config({ relay: { url: "https://relay.msp.example/v1/sns" } }, customer(organization)),
    aws: Config.parse({
      hub: { account: "111111111111", region: "ap-northeast-1", relay: "aws" },
      slack: { workspace: "T0123456789", token: { secretsmanager: "slack#token" } },
      customers: [customer({})],
    }),
    address: Config.parse({
      hub: { account: "111111111111", region: "ap-northeast-1", relay: "aws" },
      slack: {
        workspace: "T0123456789",
        token: { ssm: "/shirase/slack-token" },
        signingSecret: { ssm: "/shirase/signing-secret" },
      },
      ingest: { key: { secretsmanager: "ingest#key" } },
      customers: [customer({})],
    }),
    china: config({ region: "cn-north-1" }, customer({ regions: ["cn-north-1", "cn-northwest-1"] })),
  };
}

/** Writes a config's templates below a folder of their own. @returns their paths, each once. */
async function written(name: string, config: Config): Promise<readonly string[]> {
  const stacks = (await stacksOf(config)).map(({ templateFile, template }) => [templateFile, template] as const);
  const stackSets = config.customers.map(
    (one) => [`${one.id}.stackset.template.json`, stackSetTemplate(config, resolveCustomer(config, one))] as const,
  );
  const files = new Map([...stacks, ...stackSets].map(([file, template]) => [join(folder, name, file), template]));
  for (const [path, template] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(template, null, 2));
  }
  return [...files.keys()];
}

suite("cfn-lint", () => {
  test("finds nothing in any template: hub, customers, StackSets", async (context) => {
    const configs = Object.entries({ example: example(), ...others() });
    const files = await Promise.all(configs.map(([name, config]) => written(name, config)));
    const linted = await cfnLint(files.flat());
    if ("skip" in linted) return context.skip(linted.skip);
    assert.deepEqual(linted.found, []);
  });

  test("would find a role that is not there: it really reads", async (context) => {
    const path = join(folder, "broken.template.json");
    const template = { Resources: { Rule: { Type: "AWS::Events::Rule", Properties: { RoleArn: { Ref: "Gone" } } } } };
    writeFileSync(path, JSON.stringify(template));
    const linted = await cfnLint([path]);
    if ("skip" in linted) return context.skip(linted.skip);
    assert.match(linted.found.join("\n"), /Gone/);
  });
});
