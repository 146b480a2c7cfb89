/** The module and the files that customers are sent are as `terraform fmt` leaves them: no diff on their first save. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const FILES = globSync(["terraform/spoke/*.tf", "packages/infra/src/__golden__/*.tf"], { cwd: ROOT }).sort();

function terraform(...args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const { status, stdout } = spawnSync("terraform", args, { cwd: ROOT, encoding: "utf8" });
  return { code: status, text: stdout ?? "" };
}

const skip = terraform("version").code === 0 ? false : "terraform is not on this machine";

suite("terraform fmt", { skip }, () => {
  test("there is something to read", () => assert.ok(FILES.length >= 7, FILES.join()));

  for (const file of FILES) {
    test(`would change nothing in ${file}`, () => {
      const { code, text } = terraform("fmt", "-check", "-diff", file);
      assert.equal(code, 0, text);
    });
  }
});
