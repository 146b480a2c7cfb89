/** `shirase onboard`, run as a process. What the message says is held by onboarding.test.ts of @shirase/infra. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";

const BIN = join(import.meta.dirname, "bin.ts");
const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const folder = mkdtempSync(join(tmpdir(), "shirase-onboard-"));
after(() => rmSync(folder, { recursive: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function onboard(...args: readonly string[]): Promise<Ended> {
  const all = ["--conditions=@shirase/source", BIN, "onboard", "--config", EXAMPLE, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

suite("shirase onboard", { concurrency: 2 }, () => {
  test("prints the message and nothing else, so that it can be piped", async () => {
    const { code, out, err } = await onboard("globex");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^Subject: Security notices for Globex[\s\S]*aws cloudformation deploy/);
  });

  test("writes what to attach, and the templates are what synth writes", async () => {
    const { code, err } = await onboard("acme", "--out", join(folder, "sent"));
    assert.equal(code, 0);
    assert.match(err, /^5 files in /);
    const names = readdirSync(join(folder, "sent")).sort();
    assert.ok(names.includes("acme.us-east-1.template.json") && names.includes("acme.message.txt"), names.join());
    const template = JSON.parse(readFileSync(join(folder, "sent", "acme.template.json"), "utf8"));
    assert.ok(template.Resources.SendRole);
  });

  test("with --json prints steps, links and attachments", async () => {
    const { out } = await onboard("globex", "--json", "--template-base", "https://b.s3.ap-northeast-1.amazonaws.com");
    const { steps } = JSON.parse(out);
    assert.match(steps[0].quickCreateLink, /templateURL=https%3A%2F%2Fb\.s3\.ap-northeast-1\.amazonaws\.com%2Fglobex/);
  });

  const wrong: ReadonlyArray<readonly [why: string, args: readonly string[], says: RegExp]> = [
    ["a customer nobody knows", ["acmee"], /no customer "acmee"\. It has acme, globex, initech\./],
    ["an address outside S3", ["acme", "--template-base", "https://msp.example/"], /not one of S3/],
  ];
  for (const [why, args, says] of wrong) {
    test(`${why} is a wrong command line, said without a stack trace`, async () => {
      const { code, out, err } = await onboard(...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, says);
      assert.ok(!/\n\s+at /.test(err), err);
    });
  }
});
