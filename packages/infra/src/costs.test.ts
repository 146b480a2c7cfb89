import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { costLines, heartbeatsAMonth, type Load, loadsOf, PRICES, sumUsd, TOPOLOGIES, type Topology } from "./costs.ts";

const MILLION = 1_000_000;
const NOTHING: Load = { customers: 0, findings: 0, heartbeats: 0, eventKb: 4, mailAddresses: 0 };

/** What a load adds to a way that nothing comes down. */
function added(way: Topology, load: Partial<Load>): number {
  return sumUsd(costLines({ [way]: { ...NOTHING, ...load } })) - sumUsd(costLines({ [way]: NOTHING }));
}

function near(got: number, want: number): void {
  assert.ok(Math.abs(got - want) < 0.000_01, `${got}, not ${want}`);
}

suite("costs", () => {
  // Reckoned by hand from the price list; KMS is left out by having no topics.
  const perMillion: ReadonlyArray<readonly [why: string, way: Topology, load: Partial<Load>, wantUsd: number]> = [
    ["crossing, publish, HTTPS", "amazon-q", { findings: MILLION }, 1 + 0.5 + 0.6],
    ["one e-mail address costs ten times the rest", "amazon-q", { findings: MILLION, mailAddresses: 1 }, 2.1 + 20],
    ["crossing, 1.2 requests to SQS", "relay-sqs", { findings: MILLION }, 1 + 1.2 * 0.4],
    ["crossing, publish, HTTPS, 4 GB to the internet", "relay-sns", { findings: MILLION }, 2.1 + 4 * 0.09],
    ["one call", "api-destination", { findings: MILLION }, 0.2],
    ["a crossing to a service, 1.2 requests to SQS", "direct-sqs", { findings: MILLION }, 0.05 + 1.2 * 0.4],
    [
      "65 KB are two events, and a batch of ten is eleven",
      "relay-sqs",
      { findings: MILLION, eventKb: 65 },
      2 + 0.8 + 0.44 + 0.04,
    ],
    ["a heartbeat stops before the topic", "amazon-q", { heartbeats: MILLION }, 1 + 1 + 1],
    ["a heartbeat is sent, received and deleted alone", "relay-sqs", { heartbeats: MILLION }, 3 + 3 * 0.4],
    ["an alarm for each customer", "relay-sqs", { customers: 10 }, 1],
    [
      "crossing, 1.2 requests to SQS, 4.4 write units, 3.1 read units, 0.3 wake-ups, 0.2 calls, 0.03 GB-seconds",
      "relay-aws",
      { findings: MILLION },
      1 + 1.2 * 0.4 + 4.4 * 0.625 + 3.1 * 0.125 + 0.3 * 0.5 + 0.2 * 0.2 + 0.03 * 13.3334,
    ],
  ];
  for (const [why, way, load, wantUsd] of perMillion) test(`${way}: ${why}`, () => near(added(way, load), wantUsd));

  test("requests to KMS go with what is published, up to what AWS says a topic comes to", () => {
    const kms = (load: Partial<Load>): number | undefined =>
      costLines({ "amazon-q": { ...NOTHING, ...load } }).find(({ price }) => price === "kmsRequest")?.quantity;
    assert.equal(kms({ customers: 50, findings: 100 }), 200);
    assert.equal(kms({ customers: 50, findings: 10 * MILLION }), 50 * 17_520);
  });

  test("a hub with both deliveries has one key and one alarm on dead letters", () => {
    const lines = costLines({ "amazon-q": { ...NOTHING, customers: 2 }, "relay-sqs": { ...NOTHING, customers: 3 } });
    const quantity = (price: string): number =>
      lines.filter((line) => line.price === price).reduce((sum, line) => sum + line.quantity, 0);
    assert.deepEqual([quantity("kmsKey"), quantity("alarm")], [1, 1 + 2 + 3 + 2]);
  });

  test("the customers pay for what crosses, the company for everything after", () => {
    for (const way of TOPOLOGIES) {
      const lines = costLines({
        [way]: { ...NOTHING, customers: 5, findings: 1000, heartbeats: 10, mailAddresses: 1 },
      });
      for (const { payer, price, why } of lines) {
        const isClock = way === "relay-aws" && why === "the clock, every minute";
        const crosses = !isClock && ["crossing", "direct", "apiDestination", "ownEvent", "schedule"].includes(price);
        assert.equal(payer, crosses ? "customer" : "company", `${way}: ${why}`);
      }
      near(sumUsd(lines, "customer") + sumUsd(lines, "company"), sumUsd(lines));
    }
  });

  test("the relay on AWS costs at most 2 USD a month when nothing happens, its alarms and the hub left out", () => {
    const idle = costLines({ "relay-aws": NOTHING });
    const hub = costLines({ "relay-sqs": NOTHING });
    const without = (lines: typeof idle) => sumUsd(lines.filter(({ price }) => price !== "alarm"));
    const own = without(idle) - without(hub);
    assert.ok(own > 1 && own <= 2, `${own} USD`);
  });

  test("a month has 730 hours", () => {
    assert.equal(heartbeatsAMonth(50, 60), 36_500);
    assert.equal(heartbeatsAMonth(1, 5), 8760);
  });

  test("every price says where it was read", () => {
    for (const { source, usd, per } of Object.values(PRICES)) {
      assert.match(source.url, /^https:\/\//);
      assert.ok(usd > 0 && per > 0 && source.name !== "");
    }
  });
});

suite("loadsOf", () => {
  const config = Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1" },
    slack: { workspace: "T0123456789" },
    customers: [
      customer("acme", { accounts: ["222222222222", "333333333333"], regions: ["ap-northeast-1", "us-east-1"] }),
      customer("globex", { accounts: ["444444444444"], heartbeatMinutes: 30 }),
      customer("initech", {
        accounts: ["555555555555"],
        delivery: "amazon-q",
        email: ["a@initech.example", "b@initech.example"],
      }),
    ],
  });

  function customer(id: string, more: object): object {
    return { id, name: id, slack: { channel: "C0CHANNEL00" }, ...more };
  }

  test("customers by their delivery, each with its accounts, regions and heartbeats", () => {
    const month = { findings: 300, eventKb: 4 };
    assert.deepEqual(loadsOf(config, month), {
      "amazon-q": { customers: 1, findings: 100, heartbeats: 730, eventKb: 4, mailAddresses: 2 },
      "relay-sqs": { customers: 2, findings: 200, heartbeats: 4 * 730 + 2 * 730, eventKb: 4, mailAddresses: 0 },
    });
    const elsewhere = { ...config, hub: { ...config.hub, relay: { url: "https://relay.msp.example/v1/sns" } } };
    assert.deepEqual(Object.keys(loadsOf(elsewhere, month)), ["amazon-q", "relay-sns"]);
    const onAws = { ...config, hub: { ...config.hub, relay: "aws" as const } };
    assert.deepEqual(Object.keys(loadsOf(onAws, month)), ["amazon-q", "relay-aws"]);
  });
});
