/** examples/cdk-app, as somebody with a CDK app of their own would have it: compiled, run, and its template looked at. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const APP = join(ROOT, "examples", "cdk-app");
const folder = mkdtempSync(join(tmpdir(), "shirase-example-"));
after(() => rmSync(folder, { recursive: true }));

suite("examples/cdk-app", () => {
  test("compiles", () => {
    // Types come from the sources here; whoever installs the package has them from its dist.
    const fromSources = ["--customConditions", "@shirase/source", "--allowImportingTsExtensions"];
    execFileSync(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", APP, ...fromSources], { stdio: "pipe" });
  });

  test("is synthesised, the hub with what the company added", () => {
    const env = { PATH: process.env["PATH"], CDK_OUTDIR: folder };
    execFileSync(process.execPath, ["--conditions=@shirase/source", join(APP, "app.ts")], { env, stdio: "pipe" });
    const template = JSON.parse(readFileSync(join(folder, "security.template.json"), "utf8"));
    const types = Object.values<{ readonly Type: string }>(template.Resources).map(({ Type }) => Type);
    for (const type of ["AWS::Events::EventBus", "AWS::Chatbot::SlackChannelConfiguration", "AWS::IAM::Policy"]) {
      assert.ok(types.includes(type), type);
    }
  });
});
