import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { type HubPlan, planHub } from "./hub-plan.ts";

type Loose = Readonly<Record<string, unknown>>;

function customer(id: string, more: Loose = {}): Loose {
  const number = [...id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_000_000;
  const accounts = [`900${String(number).padStart(9, "0")}`];
  return {
    id,
    name: id,
    accounts,
    slack: { channel: `C0${id.toUpperCase().replaceAll("-", "").padEnd(8, "0")}` },
    ...more,
  };
}

function config(customers: readonly Loose[], hub: Loose = {}, slack: Loose = {}): Config {
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1", ...hub },
    slack: { workspace: "T0123456789", ...slack },
    customers,
  });
}

function planOf(read: Config): HubPlan {
  const planning = planHub(read);
  assert.ok("plan" in planning, "problems" in planning ? planning.problems.join("\n") : "");
  return planning.plan;
}

function problemsOf(read: Config): string {
  const planning = planHub(read);
  return "problems" in planning ? planning.problems.join("\n") : "";
}

suite("planHub: buses", () => {
  const two = [customer("acme"), customer("globex", { bus: "globex-bus" })];
  const cases: ReadonlyArray<readonly [why: string, hub: Loose, want: readonly (readonly [string, boolean])[]]> = [
    [
      "a bus each by default, under its own name where it has one",
      {},
      [
        ["shirase-acme", true],
        ["globex-bus", true],
      ],
    ],
    ["one for all", { buses: "shared" }, [["shirase", true]]],
    ["the account's own, which is there already", { buses: "default" }, [["default", false]]],
  ];
  for (const [why, hub, want] of cases) {
    test(why, () => {
      const { buses } = planOf(config(two, hub));
      assert.deepEqual(
        buses.map(({ name, isCreated }) => [name, isCreated]),
        want,
      );
    });
  }

  test("a shared bus admits customers who declared the same by one statement, others by their own", () => {
    const other = customer("initech", { sources: ["guardduty"] });
    const [bus] = planOf(config([...two, other], { buses: "shared" })).buses;
    const sids = bus?.statements.map(({ Sid }) => Sid.replace(/[0-9a-f]{8}$/, "HASH"));
    assert.deepEqual(sids, ["shirase-together-HASH", "shirase-initech"]);
  });

  test("a hundred customers share one bus; a policy that is nearly full is said before it is too late", () => {
    const many = (count: number): HubPlan => {
      const customers = Array.from({ length: count }, (_, n) => customer(`c${n}`, { accounts: [String(2e11 + n)] }));
      return planOf(config(customers, { buses: "shared" }));
    };
    assert.deepEqual(many(100).warnings, []);
    assert.match(
      many(260).warnings.join(),
      /bus shirase has \d{4} of the 10240 bytes .* Before it is full: .*`sources`/,
    );
  });

  test("the hundredth bus is too many: the default bus is one of AWS's hundred", () => {
    const many = (count: number): Config => config(Array.from({ length: count }, (_, n) => customer(`customer-${n}`)));
    assert.equal(problemsOf(many(99)), "");
    assert.match(problemsOf(many(100)), /100 event buses; AWS allows 100 .* Divide the customers/);
  });

  test("a policy that AWS would refuse names the way out, which differs by kind of bus", () => {
    const accounts = Array.from({ length: 900 }, (_, n) => String(200_000_000_000 + n));
    const large = customer("large", { accounts });
    assert.match(
      problemsOf(config([large])),
      /bus shirase-large would have \d+ bytes; AWS allows 10240\. .*organizationId/,
    );
    assert.match(problemsOf(config([large], { buses: "shared" })), /`hub\.buses: per-customer`, or .*organizationId/);
  });

  test("the hub's own account cannot be a customer on the default bus", () => {
    const own = customer("us", { accounts: ["111111111111"] });
    assert.equal(problemsOf(config([own])), "");
    assert.match(
      problemsOf(config([own], { buses: "default" })),
      /Customer us lists the hub's own account 111111111111/,
    );
  });
});

suite("planHub: ways", () => {
  const cases: ReadonlyArray<readonly [why: string, one: Loose, hub: Loose, want: string]> = [
    ["the relay reads a queue", {}, {}, "queue"],
    ["a relay elsewhere is reached over HTTPS", {}, { relay: { url: "https://relay.msp.example/v1/sns" } }, "https"],
    [
      "Amazon Q takes no relay",
      { delivery: "amazon-q" },
      { relay: { url: "https://relay.msp.example/v1/sns" } },
      "amazon-q",
    ],
  ];
  for (const [why, one, hub, want] of cases) {
    test(why, () => assert.equal(planOf(config([customer("acme", one)], hub)).routes[0]?.delivery, want));
  }
});

suite("planHub: chat channels", () => {
  const byQ = { delivery: "amazon-q" };
  const shared = { ...byQ, slack: { channel: "C0SHARED000" } };

  test("two customers in one channel are one configuration", () => {
    const { slackChannels } = planOf(config([customer("acme", shared), customer("globex", shared), customer("quiet")]));
    assert.deepEqual(slackChannels, [
      { channelId: "C0SHARED000", customerIds: ["acme", "globex"], hearsAlarms: false },
    ]);
  });

  test("the operators' channel hears the alarms, a customer's as well if it is the same", () => {
    const separate = planOf(config([customer("acme", shared)], {}, { opsChannel: "C0OPS000000" }));
    assert.deepEqual(separate.slackChannels[1], { channelId: "C0OPS000000", customerIds: [], hearsAlarms: true });
    const same = planOf(config([customer("acme", shared)], {}, { opsChannel: "C0SHARED000" }));
    assert.deepEqual(same.slackChannels, [{ channelId: "C0SHARED000", customerIds: ["acme"], hearsAlarms: true }]);
  });

  test("without a customer of Amazon Q's nobody has to authorise it, so there is no channel", () => {
    assert.deepEqual(planOf(config([customer("acme")], {}, { opsChannel: "C0OPS000000" })).slackChannels, []);
  });

  const team = { tenantId: "12345678-90ab-cdef-1234-567890abcdef", teamId: "12345678-90ab-cdef-1234-567890abcde0" };
  const teams = { ...team, channelId: "19%3Aab3fbab1%40thread.tacv2" };

  test("a Teams channel is one configuration too", () => {
    const plan = planOf(config([customer("acme", { ...byQ, teams }), customer("globex", { ...byQ, teams })]));
    assert.deepEqual(plan.teamsChannels, [{ ...teams, customerIds: ["acme", "globex"] }]);
  });

  test("a Teams channel in two teams is a slip", () => {
    const other = { ...teams, teamId: "12345678-90ab-cdef-1234-567890abcde1" };
    const both = [customer("acme", { ...byQ, teams }), customer("globex", { ...byQ, teams: other })];
    assert.match(problemsOf(config(both)), /Customer globex: teams\.channelId .* another team/);
  });
});
