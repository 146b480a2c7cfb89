import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "./config.ts";
import { configWarnings } from "./config-warnings.ts";

/** The same warnings, each in sentences of its own. */
function isSaidInJapanese(config: Config): void {
  const [english, japanese] = [configWarnings(config), configWarnings(config, "ja")];
  const named = ({ kind, code, path }: (typeof english)[number]) => ({ kind, code, path });
  assert.deepEqual(japanese.map(named), english.map(named));
  for (const { message, fix } of japanese) {
    for (const sentence of [message, fix]) assert.match(sentence, /[ぁ-ん].*。$/);
  }
}

type Over = { readonly hub?: object; readonly ingest?: object };

suite("configWarnings", () => {
  // Who names a key or a topic is fed by somebody else: no hint about the hub's queue.
  const FED = { key: { env: "SHIRASE_INGEST_KEY" } };
  const cases: ReadonlyArray<readonly [why: string, slack: object, customer: object, want: readonly string[]]> = [
    ["a plain config gives none", { opsChannel: "C0OPS000000" }, {}, []],
    ["nobody hears of trouble", {}, {}, ["slack.opsChannel"]],
    ["mail is not sent yet", { opsChannel: "C0OPS000000" }, { email: ["soc@acme.example"] }, ["customers[0].email"]],
    ["digests are written", { opsChannel: "C0OPS000000" }, { digest: { daily: "09:00" } }, []],
    [
      "nobody writes a digest for Amazon Q",
      { opsChannel: "C0OPS000000" },
      { digest: { daily: "09:00" }, delivery: "amazon-q" },
      ["customers[0].digest", "customers[0].delivery"],
    ],
    ["Amazon Q is not set up yet", { opsChannel: "C0OPS000000" }, { delivery: "amazon-q" }, ["customers[0].delivery"]],
    ["the operators' channel is a customer's", { opsChannel: "C0ACME00000" }, {}, ["customers[0].slack.channel"]],
  ];
  for (const [why, slack, customer, want] of cases) {
    test(why, () => {
      const config = Config.parse({
        hub: { account: "111111111111", region: "eu-west-1" },
        slack: { workspace: "T0123456789", ...slack },
        ingest: FED,
        customers: [
          { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...customer },
        ],
      });
      assert.deepEqual(
        configWarnings(config).map(({ path }) => path),
        want,
      );
      isSaidInJapanese(config);
    });
  }

  const queue = "arn:aws-cn:sqs:cn-north-1:111111111111:shirase-relay";
  const unread: ReadonlyArray<readonly [why: string, over: Over, customer: object, isHinted: boolean]> = [
    ["nobody reads the hub's queue", {}, {}, true],
    ["the relay reads it", { ingest: { sqs: { queues: [queue] } } }, {}, false],
    ["SNS delivers to the relay", { hub: { relay: { url: "https://relay.msp.example/v1/sns" } } }, {}, false],
    ["a key is named, so somebody posts", { ingest: { key: { env: "KEY" } } }, {}, false],
    ["no customer is the relay's", {}, { delivery: "amazon-q" }, false],
  ];
  for (const [why, { hub, ...over }, customer, isHinted] of unread) {
    test(`${why} (${isHinted ? "a hint" : "no hint"})`, () => {
      const config = Config.parse({
        hub: { account: "111111111111", region: "cn-north-1", ...hub },
        slack: { workspace: "T0123456789", opsChannel: "C0OPS000000" },
        customers: [
          { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...customer },
        ],
        ...over,
      });
      const hints = configWarnings(config).filter(({ kind }) => kind === "hint");
      assert.equal(hints.length, isHinted ? 1 : 0);
      if (isHinted) assert.ok(hints[0]?.fix.includes(`["${queue}"]`), hints[0]?.fix);
    });
  }

  const second: ReadonlyArray<
    readonly [why: string, relay: object, queues: readonly string[], want: readonly string[]]
  > = [
    [
      "two read the hub's queue",
      { relay: "aws" },
      ["arn:aws-cn:sqs:cn-north-1:222222222222:own", queue],
      ["ingest.sqs.queues[1]"],
    ],
    ["another queue is read beside it", { relay: "aws" }, ["arn:aws-cn:sqs:cn-north-1:222222222222:own"], []],
    ["one relay reads it", {}, [queue], []],
  ];
  for (const [why, relay, queues, want] of second) {
    test(why, () => {
      const config = Config.parse({
        hub: { account: "111111111111", region: "cn-north-1", ...relay },
        slack: { workspace: "T0123456789", opsChannel: "C0OPS000000", token: { ssm: "/shirase/slack-token" } },
        ingest: { sqs: { queues } },
        customers: [{ id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" } }],
      });
      const warned = configWarnings(config).filter(({ code }) => code === "second-reader");
      assert.deepEqual(
        warned.map(({ path }) => path),
        want,
      );
    });
  }
});
