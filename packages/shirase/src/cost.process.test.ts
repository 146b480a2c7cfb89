/** `shirase cost`, run as a process. What it reckons is held by costs.test.ts of @shirase/infra. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { suite, test } from "node:test";
import { OWN_ENV } from "@shirase/testkit/own-env";

const BIN = join(import.meta.dirname, "bin.ts");
const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function cost(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const all = ["--conditions=@shirase/source", BIN, "cost", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, all, { env: { ...OWN_ENV, ...env } }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

suite("shirase cost", { concurrency: 2 }, () => {
  test("with numbers: every way side by side", async () => {
    const { code, out, err } = await cost(["--customers", "50", "--findings", "1,000,000"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^relay-sqs +7\.99 +1\.11 +6\.88$/m);
    assert.match(out, /^direct-sqs +0\.90 /m);
    assert.doesNotMatch(out, /as configured/);
  });

  test("with a config: that one first, line by line when asked", async () => {
    const { out } = await cost(["--lines"], { SHIRASE_CONFIG: EXAMPLE });
    assert.match(out, /^as configured +2\.56 [\s\S]*^amazon-q /m);
    assert.match(out, /0\.67 {2}company {3}and to e-mail addresses +33,333 at 2 for 100,000/);
  });

  test("numbers win over a config that is only in the environment", async () => {
    const { out } = await cost(["--customers", "3"], { SHIRASE_CONFIG: "nowhere.yaml" });
    assert.match(out, /^relay-sqs /m);
  });

  test("with --json the lines of every bill", async () => {
    const bills = JSON.parse((await cost(["--json", "--config", EXAMPLE])).out);
    assert.equal(bills["as configured"].find((line: { readonly price: string }) => line.price === "kmsKey").usd, 1);
    assert.ok(bills["direct-sqs"].length > 0);
  });

  const wrong: ReadonlyArray<readonly [why: string, args: readonly string[], says: RegExp]> = [
    ["a word for a number", ["--findings", "many"], /takes a number, 0 or more/],
    ["a negative number", ["--event-kb=-4"], /takes a number, 0 or more/],
    ["a config and what it says", ["--config", EXAMPLE, "--customers", "3"], /Leave it out, or leave the numbers out/],
  ];
  for (const [why, args, says] of wrong) {
    test(`${why} is wrong use`, async () => {
      const { code, err } = await cost(args);
      assert.equal(code, 2);
      assert.match(err, says);
    });
  }

  test("heartbeats that come every 0 minutes are no number of them", async () => {
    const { code, err } = await cost(["--heartbeat-minutes", "0"]);
    assert.equal(code, 2);
    assert.match(err, /more than 0/);
  });
});
