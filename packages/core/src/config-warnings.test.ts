import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "./config.ts";
import { configWarnings } from "./config-warnings.ts";

suite("configWarnings", () => {
  const cases: ReadonlyArray<readonly [why: string, slack: object, customer: object, want: readonly string[]]> = [
    ["a plain config gives none", { opsChannel: "C0OPS000000" }, {}, []],
    ["nobody hears of trouble", {}, {}, ["slack.opsChannel"]],
    ["mail is not sent yet", { opsChannel: "C0OPS000000" }, { email: ["soc@acme.example"] }, ["customers[0].email"]],
    ["digests are not written yet", { opsChannel: "C0OPS000000" }, { digest: {} }, ["customers[0].digest"]],
    ["Amazon Q is not set up yet", { opsChannel: "C0OPS000000" }, { delivery: "amazon-q" }, ["customers[0].delivery"]],
    ["the operators' channel is a customer's", { opsChannel: "C0ACME00000" }, {}, ["customers[0].slack.channel"]],
  ];
  for (const [why, slack, customer, want] of cases) {
    test(why, () => {
      const config = Config.parse({
        hub: { account: "111111111111", region: "eu-west-1" },
        slack: { workspace: "T0123456789", ...slack },
        customers: [
          { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...customer },
        ],
      });
      assert.deepEqual(
        configWarnings(config).map(({ path }) => path),
        want,
      );
    });
  }
});
