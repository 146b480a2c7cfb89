/** synth, deploy, diff and destroy as typed, against localemu: no bootstrap, real accounts, what is said and the exit codes. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { startCloudFormationEdge } from "@shirase/testkit/cloud-formation-edge";
import { type Emulator, startLocalemu } from "@shirase/testkit/emulators";
import { OWN_ENV } from "@shirase/testkit/own-env";
import { createStack, prepareStack, stackStatus } from "@shirase/testkit/stacks";

const NODE = ["--conditions=@shirase/source", join(import.meta.dirname, "bin.ts")];
const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const HUB = "111111111111";

const emulator = await startLocalemu();
const skip = "skip" in emulator ? emulator.skip : false;
const folder = mkdtempSync(join(tmpdir(), "shirase-deploy-"));

after(async () => {
  rmSync(folder, { recursive: true });
  if (!("skip" in emulator)) await emulator.stop();
});

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function shirase(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const own = {
    ...OWN_ENV,
    HOME: folder,
    AWS_ENDPOINT_URL: "skip" in emulator ? "" : emulator.endpoint,
    AWS_ACCESS_KEY_ID: HUB,
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    SHIRASE_CONFIG: EXAMPLE,
  };
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...own, ...env } };
    const child = execFile(process.execPath, [...NODE, ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
    child.stdin?.end();
  });
}

/** What was said, without what a failure would need to be understood. */
function told({ code, out, err }: Ended, wantCode: number): string {
  assert.equal(code, wantCode, `${out}\n${err}`);
  assert.doesNotMatch(err, /^\s+at /m);
  return `${out}${err}`;
}

suite("deploying with shirase", { skip, concurrency: 1 }, () => {
  // Profiles as a managed-service provider has them: one named after the customer. Nobody reaches initech.
  writeFileSync(join(folder, "config"), "");
  writeFileSync(
    join(folder, "credentials"),
    ["acme:222222222222", "globex:333333333333"]
      .map((pair) => pair.split(":"))
      .map(([name, key]) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = any\n`)
      .join(""),
  );

  test("synth writes the hub's template and each customer's, the same every time", async () => {
    const first = told(await shirase(["synth", "--out", "once"]), 0);
    assert.match(first, /once\/hub\.template\.json {2}\d+ resources, \d+ KB/);
    await shirase(["synth", "--out", "twice"]);
    for (const name of ["hub", "customers/acme", "customers/acme.us-east-1", "customers/globex", "customers/initech"]) {
      const file = `${name}.template.json`;
      assert.ok(existsSync(join(folder, "once", file)), file);
      assert.equal(readFileSync(join(folder, "once", file), "utf8"), readFileSync(join(folder, "twice", file), "utf8"));
    }
  });

  test("credentials of another account touch nothing, and say whose they are", async () => {
    const said = told(await shirase(["deploy"], { AWS_ACCESS_KEY_ID: "999999999999" }), 1);
    assert.match(said, /Wrong account: the hub belongs in 111111111111 .* of 999999999999/);
  });

  test("without credentials says what to do", async () => {
    const said = told(await shirase(["deploy"], { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" }), 1);
    assert.match(said, /There are no AWS credentials here\.\nSign in/);
  });

  test("deploy brings the hub first, then whom it reaches; for the others it says what to send", async () => {
    const { out, ...rest } = await shirase(["deploy"]);
    told({ out, ...rest }, 0);
    const done = [...out.matchAll(/^(deployed|unchanged) +(\S+) in (\d+), (\S+)$/gm)].map(([, ...words]) =>
      words.join(" "),
    );
    assert.deepEqual(done, [
      "deployed shirase-hub 111111111111 ap-northeast-1",
      "deployed shirase-acme 222222222222 ap-northeast-1",
      "deployed shirase-acme 222222222222 us-east-1",
      "deployed shirase-globex 333333333333 ap-northeast-1",
    ]);
    assert.match(out, /RelayQueueArn: arn:aws:sqs:\S+:shirase-relay$/m);
    assert.match(out, /initech +666666666666 +ap-northeast-1 +shirase onboard initech/);
    assert.match(rest.err, /CREATE_COMPLETE {2}AWS::Events::EventBus {2}shirase-acme/);
  });

  test("what has not changed is left alone, and diff says so", async () => {
    const again = told(await shirase(["deploy", "--only", "hub"]), 0);
    assert.match(again, /^unchanged {2}shirase-hub/m);
    const diff = told(await shirase(["diff", "--only", "hub"]), 0);
    assert.match(diff, /shirase-hub in 111111111111, ap-northeast-1: no changes/);
  });

  test("diff shows what a change of the config would do, and deploy does no more", async () => {
    const config = join(folder, "changed.yaml");
    writeFileSync(config, readFileSync(EXAMPLE, "utf8").replace("[ops@msp.example]", "[duty@msp.example]"));
    const diff = told(await shirase(["diff", "--only", "hub", "--config", config]), 0);
    assert.match(diff, /\[-\] AWS::SNS::Subscription[\s\S]*\[\+\] AWS::SNS::Subscription/);
    assert.doesNotMatch(diff, /AWS::Events::EventBus /);
  });

  test("a customer that is not reached and was asked for by name is a failure", async () => {
    assert.match(told(await shirase(["deploy", "--only", "initech"]), 1), /shirase onboard initech/);
  });

  test("a part that is not there names those that are", async () => {
    assert.match(told(await shirase(["deploy", "--only", "acmee"]), 1), /Parts are hub, acme, globex, initech/);
  });

  test("destroy asks, and without anybody to ask deletes nothing", async () => {
    assert.match(told(await shirase(["destroy"]), 2), /no terminal to ask. Say --yes/);
  });

  test("destroy --yes takes the customers' stacks first, the hub last", async () => {
    const { out, ...rest } = await shirase(["destroy", "--yes"]);
    told({ out, ...rest }, 0);
    const deleted = [...out.matchAll(/^deleted +(\S+) /gm)].map(([, name]) => name);
    assert.deepEqual(deleted, ["shirase-globex", "shirase-acme", "shirase-acme", "shirase-hub"]);
    assert.match(told(await shirase(["destroy", "--yes", "--only", "hub"]), 0), /not there {2}shirase-hub/);
  });
});

suite("a stack that is stuck", { skip, concurrency: 1 }, () => {
  const hub = { account: HUB, region: "ap-northeast-1", name: "shirase-hub" };
  const aws = (): Emulator => {
    if ("skip" in emulator) throw new Error(emulator.skip);
    return emulator;
  };
  const refusals: ReadonlyArray<readonly [status: string, says: RegExp]> = [
    [
      "UPDATE_IN_PROGRESS",
      /aws cloudformation wait stack-update-complete --stack-name shirase-hub --region ap-northeast-1\n/,
    ],
    ["UPDATE_ROLLBACK_FAILED", /aws cloudformation continue-update-rollback --stack-name shirase-hub --region/],
  ];
  for (const [status, says] of refusals) {
    test(`${status}: what it means, and the next command`, async (t) => {
      const edge = await startCloudFormationEdge(aws().endpoint, status);
      t.after(edge.stop);
      const said = told(await shirase(["deploy", "--only", "hub"], { AWS_ENDPOINT_URL_CLOUDFORMATION: edge.url }), 1);
      assert.match(said, new RegExp(`Stack shirase-hub .*\\(${status}\\)`));
      assert.match(said, says);
    });
  }

  test("a change set that nobody executed is no hindrance", async () => {
    const template = { Resources: { Queue: { Type: "AWS::SQS::Queue" } } };
    await prepareStack(aws(), { ...hub, template });
    assert.equal(await stackStatus(aws(), hub, hub.name), "REVIEW_IN_PROGRESS");
    assert.match(told(await shirase(["deploy", "--only", "hub"]), 0), /^deployed {3}shirase-hub/m);
  });

  test("what a failed first deployment left is deleted, said, and deployed anew", async (t) => {
    const acme = { account: "222222222222", region: "ap-northeast-1", name: "shirase-acme" };
    const Properties = { RoleName: "no trust policy at all" };
    const template = { Resources: { Role: { Type: "AWS::IAM::Role", Properties } } };
    await assert.rejects(createStack(aws(), { ...acme, template }));
    const edge = await startCloudFormationEdge(aws().endpoint);
    t.after(edge.stop);
    // 1: one of acme's accounts is not reached from here.
    const said = told(await shirase(["deploy", "--only", "acme"], { AWS_ENDPOINT_URL_CLOUDFORMATION: edge.url }), 1);
    assert.match(said, /acme {2}an earlier deployment failed .* deleting that first/);
    assert.match(said, /^deployed {3}shirase-acme in 222222222222, ap-northeast-1/m);
  });
});
