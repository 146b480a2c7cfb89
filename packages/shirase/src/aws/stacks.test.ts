import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { stacksOf } from "./stacks.ts";

function withAccounts(count: number): Config {
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1" },
    slack: { workspace: "T0123456789" },
    customers: [
      {
        id: "acme",
        name: "Acme",
        accounts: Array.from({ length: count }, (_, n) => String(200_000_000_000 + n)),
        slack: { channel: "C0ACME00000" },
      },
    ],
  });
}

suite("stacksOf", () => {
  test("a bus policy that is nearly full is a warning of the hub's, one with room is none", async () => {
    const [full] = await stacksOf(withAccounts(260), "hub");
    assert.match(full?.warnings?.join() ?? "", /bus shirase-acme has \d+ of the 10240 bytes .*organizationId/);
    const [small] = await stacksOf(withAccounts(2), "hub");
    assert.deepEqual(small?.warnings, []);
  });

  test("what AWS would refuse is refused here, in words", async () => {
    await assert.rejects(stacksOf(withAccounts(900), "hub"), /policy of event bus shirase-acme would have/);
  });
});
