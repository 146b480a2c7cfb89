import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { describeSecretRef, resolveSecret } from "./secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-secrets-"));
after(() => rmSync(folder, { recursive: true }));

function fileWith(text: string, mode = 0o600): string {
  const file = join(folder, `secret-${Math.random().toString(36).slice(2)}`);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

suite("resolveSecret", () => {
  test("takes a variable's value without what an editor leaves around it", async () => {
    assert.deepEqual(await resolveSecret({ env: "TOKEN" }, { TOKEN: " s3cret\n" }), { secret: "s3cret" });
  });

  test("says which variable is not set, and how to set it", async () => {
    assert.deepEqual(await resolveSecret({ env: "TOKEN" }, {}), {
      problem: "environment variable TOKEN is not set",
      remedy: "Set it where shirase starts, as in: export TOKEN=…",
    });
  });

  test("tells an empty variable from one that is not set", async () => {
    const read = await resolveSecret({ env: "TOKEN" }, { TOKEN: "" });
    assert.equal("problem" in read && read.problem, "environment variable TOKEN is empty");
  });

  test("reads a file that only its owner may read, without a warning", async () => {
    assert.deepEqual(await resolveSecret({ file: fileWith("s3cret\r\n") }, {}), { secret: "s3cret" });
  });

  test("warns when everybody may read the file", { skip: process.platform === "win32" }, async () => {
    const file = fileWith("s3cret", 0o644);
    assert.deepEqual(await resolveSecret({ file }, {}), {
      secret: "s3cret",
      warning: `file ${file} can be read by every user of this machine. Run: chmod 600 ${file}`,
    });
  });

  test("says that a file is missing, is a folder, or is empty", async () => {
    const problems = await Promise.all(
      [join(folder, "none"), folder, fileWith(" \n")].map(async (file) => await resolveSecret({ file }, {})),
    );
    const said = problems.map((read) => ("problem" in read ? read.problem.split(" ").slice(2).join(" ") : ""));
    assert.deepEqual(said, ["does not exist", "is a folder", "is empty"]);
  });

  test("asks for a region before it asks AWS", async () => {
    const read = await resolveSecret({ ssm: "/shirase/token" }, {});
    assert.equal("problem" in read && read.problem, "SSM parameter /shirase/token: no AWS region is known");
  });

  test("names a reference without following it", () => {
    assert.equal(
      describeSecretRef({ secretsmanager: "shirase/slack#token" }),
      "Secrets Manager secret shirase/slack#token",
    );
  });
});
