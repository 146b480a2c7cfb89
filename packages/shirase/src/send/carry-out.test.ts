/** The order of things, and what is said of each ending. AWS, Slack and time are values here; the real ones are in send.emulator.test.ts. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { resolveCustomer } from "@shirase/core/resolved-customer";
import type { SlackHistory } from "@shirase/relay/send/slack-history";
import { type ManualClock, manualClock } from "@shirase/testkit/clock";
import { UserError } from "../user-error.ts";
import { carryOut } from "./carry-out.ts";
import type { Probe } from "./probe.ts";
import type { Sending } from "./sending.ts";

const CHANNEL = "C0ACME00000";
const TOKYO: Probe = {
  accountId: "222222222222",
  region: "ap-northeast-1",
  kind: "test event",
  mark: "shirase-bbbbbbbb",
};
const VIRGINIA: Probe = { ...TOKYO, region: "us-east-1", mark: "shirase-cccccccc" };
const FINDING: Probe = { ...TOKYO, kind: "test finding" };

type Looked = Awaited<ReturnType<SlackHistory["newest"]>>;
type Given = {
  readonly delivery?: "relay" | "amazon-q";
  readonly hub?: object;
  readonly sendings: (clock: ManualClock, log: string[]) => readonly Sending[];
  /** What Slack answers, look by look; the last one again and again. Undefined: nobody looks. */
  readonly looks?: readonly ((clock: ManualClock) => Looked)[];
  readonly blind?: string;
  /** What Slack asked for before anything was sent. */
  readonly pauseMs?: number;
  readonly timeoutMs?: number;
  /** Time until the person has had enough. */
  readonly stopAfterMs?: number;
};
type Outcome = {
  readonly problems: readonly string[];
  readonly log: readonly string[];
  readonly looks: readonly number[];
};

function config(delivery: string, hub: object): Config {
  return Config.parse({
    hub: { account: "111111111111", region: "ap-northeast-1", ...hub },
    slack: { workspace: "T0123456789" },
    customers: [{ id: "acme", name: "Acme", accounts: ["222222222222"], delivery, slack: { channel: CHANNEL } }],
  });
}

/** Runs it with time turned by hand, until it ends. */
async function carriedOut(given: Given): Promise<Outcome> {
  const clock = manualClock();
  const start = clock.now().getTime();
  const log: string[] = [];
  const looks: number[] = [];
  const history: SlackHistory = {
    newest: async () => {
      const look = given.looks?.[Math.min(looks.length, given.looks.length - 1)];
      looks.push(clock.now().getTime() - start);
      return look?.(clock) ?? { messages: [] };
    },
    permalink: async (channelId, ts) => `https://example.slack.com/archives/${channelId}/p${ts.replace(".", "")}`,
  };
  const whole = config(given.delivery ?? "relay", given.hub ?? {});
  const [entry] = whole.customers;
  assert.ok(entry);
  const stopping = new AbortController();
  if (given.stopAfterMs === 0) stopping.abort();
  const channel =
    given.blind === undefined ? given.looks && { history, pauseMs: given.pauseMs ?? 0 } : { blind: given.blind };
  let isOver = false;
  const running = carryOut(given.sendings(clock, log), {
    config: whole,
    customer: resolveCustomer(whole, entry),
    channel,
    timeoutMs: given.timeoutMs ?? 120_000,
    clock,
    signal: stopping.signal,
    tell: (line) => log.push(line),
    progress: (line) => log.push(`(${line})`),
  }).finally(() => {
    isOver = true;
  });
  running.catch(() => undefined);
  for (let turn = 0; turn < 1000 && !isOver; turn += 1) {
    if (given.stopAfterMs !== undefined && clock.now().getTime() - start >= given.stopAfterMs) stopping.abort();
    await clock.advance(100);
  }
  return { problems: await running, log, looks };
}

/** A sending that AWS takes after 400 ms, or refuses. */
function sending(probe: Probe, { refused, stays }: { readonly refused?: string; readonly stays?: boolean } = {}) {
  return (clock: ManualClock, log: string[]): Sending => {
    let isThere = false;
    return {
      probe,
      send: async () => {
        const now = clock.now();
        await clock.wait(400, new AbortController().signal);
        if (refused !== undefined) throw new UserError(refused);
        isThere = probe.kind === "test finding";
        return now;
      },
      takeBack: async () => {
        if (!isThere) return false;
        log.push("takes back");
        if (stays) throw new UserError("222222222222, ap-northeast-1: AWS takes no more calls");
        isThere = false;
        return true;
      },
      leftBehind: () => (isThere ? "aws securityhub batch-update-findings …" : undefined),
    };
  };
}

function all(...makers: readonly ReturnType<typeof sending>[]): Given["sendings"] {
  return (clock, log) => makers.map((make) => make(clock, log));
}

const nothing = (): Looked => ({ messages: [] });
/** The messages of these marks, posted 3.2 s after the start. */
function posted(...marks: readonly string[]): (clock: ManualClock) => Looked {
  const ts = (Date.parse("2026-11-20T00:00:03.200Z") / 1000).toFixed(6);
  return () => ({ messages: [{ ts: "1.1", text: "another" }, ...marks.map((mark) => ({ ts, text: `card ${mark}` }))] });
}
const failing = (failure: Extract<Looked, { failure: object }>["failure"]) => (): Looked => ({ failure });

suite("what is told of a test that arrives", () => {
  test("each part with the time it took, and where the message is", async () => {
    const { problems, log } = await carriedOut({
      sendings: all(sending(TOKYO), sending(VIRGINIA)),
      looks: [nothing, posted(TOKYO.mark), posted(TOKYO.mark, VIRGINIA.mark)],
    });
    assert.deepEqual(problems, []);
    const link = "https://example.slack.com/archives/C0ACME00000/p1795132803200000";
    assert.deepEqual(log, [
      "sent      222222222222, ap-northeast-1  test event shirase-bbbbbbbb, taken by AWS in 0.4 s",
      "sent      222222222222, us-east-1       test event shirase-cccccccc, taken by AWS in 0.4 s",
      "(looking into channel C0ACME00000, for 120 s at most …)",
      `in Slack  222222222222, ap-northeast-1  after 3.2 s  ${link}`,
      `in Slack  222222222222, us-east-1       after 2.8 s  ${link}`,
    ]);
  });

  test("a finding is archived once it was seen", async () => {
    const { problems, log } = await carriedOut({ sendings: all(sending(FINDING)), looks: [posted(FINDING.mark)] });
    assert.deepEqual(problems, []);
    assert.match(
      log.join("\n"),
      /^sent .*\n.*\nin Slack .*\ntakes back\narchived {2}222222222222, ap-northeast-1 {2}in 0\.0 s$/,
    );
  });

  test("where the clocks contradict each other, the time is what our own says", async () => {
    const { log } = await carriedOut({
      sendings: all(sending(TOKYO)),
      looks: [nothing, () => ({ messages: [{ ts: "1895132803.200000", text: TOKYO.mark }] })],
    });
    assert.match(log.join("\n"), /after 4\.4 s/);
  });

  test("nobody wants to look: what to look for, and no failure", async () => {
    const { problems, log, looks } = await carriedOut({ sendings: all(sending(TOKYO)) });
    assert.deepEqual([problems, looks], [[], []]);
    assert.equal(
      log[1],
      "look for  222222222222, ap-northeast-1  shirase-bbbbbbbb on a card of 222222222222, ap-northeast-1",
    );
  });
});

suite("how often Slack is asked", () => {
  test("never twice within two seconds, and not beyond the time", async () => {
    const { looks } = await carriedOut({ sendings: all(sending(TOKYO)), looks: [nothing], timeoutMs: 30_000 });
    for (const [index, at] of looks.entries())
      assert.ok(index === 0 || at - (looks[index - 1] ?? 0) >= 2000, `${looks}`);
    assert.ok(looks.length > 10 && (looks.at(-1) ?? 0) <= 33_000, `${looks}`);
  });

  test("after a 429 not before Slack said so", async () => {
    const wait = failing({ kind: "wait", afterMs: 20_000 });
    const { looks } = await carriedOut({ sendings: all(sending(TOKYO)), looks: [wait, posted(TOKYO.mark)] });
    assert.equal((looks[1] ?? 0) - (looks[0] ?? 0), 20_000);
  });

  test("nor when it said so before anything was sent", async () => {
    const { looks } = await carriedOut({ sendings: all(sending(TOKYO)), looks: [posted(TOKYO.mark)], pauseMs: 9000 });
    assert.deepEqual(looks, [9400]);
  });

  test("a pause longer than the time that is left is not cut short", async () => {
    const wait = failing({ kind: "wait", afterMs: 60_000 });
    const given = { sendings: all(sending(TOKYO)), looks: [nothing, wait, posted(TOKYO.mark)], timeoutMs: 10_000 };
    const { problems, looks } = await carriedOut(given);
    assert.equal(looks.length, 2);
    assert.match(problems[0] ?? "", /The last look failed: Slack asked for a pause of 60 s\./);
  });
});

suite("what is told when it does not go well", () => {
  type Row = readonly [why: string, given: Given, want: readonly RegExp[], log?: RegExp];
  const finding = all(sending(FINDING));
  const rows: readonly Row[] = [
    [
      "it does not come: what, and each step of its way with this customer's names",
      { sendings: all(sending(TOKYO)), looks: [nothing], timeoutMs: 5000 },
      [
        /^not in channel C0ACME00000 within 5 s:\n {2}shirase-bbbbbbbb on a card/,
        /bus default → bus shirase-acme → relay/,
        /1\. stack shirase-acme in 222222222222, ap-northeast-1/,
        /2\. queue shirase-acme-dead-letters in 222222222222/,
        /3\. queue shirase-dead-letters in 111111111111, ap-northeast-1/,
        /4\. alarm shirase-relay-waits/,
        /5\. the relay's log/,
        /docs\/hub\.md/,
      ],
    ],
    [
      "a relay outside AWS has no queue",
      {
        sendings: all(sending(TOKYO)),
        looks: [nothing],
        timeoutMs: 5000,
        hub: { relay: { url: "https://relay.msp.example/v1/sns" } },
      },
      [/4\. the relay at https:\/\/relay\.msp\.example\/v1\/sns: .*confirmed/],
    ],
    [
      "with Amazon Q the last steps are others, and so is what to look for",
      { delivery: "amazon-q", sendings: all(sending(TOKYO)), looks: [nothing], timeoutMs: 5000 },
      [
        /Amazon Q's test message of 222222222222 in ap-northeast-1, sent at 2026-11-20T00:00:00Z/,
        /4\. topic shirase-acme in 111111111111/,
        /5\. log group \/aws\/chatbot\/shirase-C0ACME00000 in us-east-1/,
      ],
    ],
    [
      "a finding that does not come is archived all the same, and begins in Security Hub",
      { sendings: finding, looks: [nothing], timeoutMs: 5000 },
      [/1\. Security Hub in 222222222222, ap-northeast-1/],
      /archived/,
    ],
    [
      "only what is missing is missing",
      {
        sendings: all(sending(TOKYO), sending(VIRGINIA)),
        looks: [posted(TOKYO.mark)],
        timeoutMs: 5000,
      },
      [
        /within 5 s:\n {2}shirase-cccccccc on a card of 222222222222, us-east-1\nWhere/,
        /stack shirase-acme in 222222222222, us-east-1/,
      ],
      /in Slack {2}222222222222, ap-northeast-1/,
    ],
    [
      "an outage of Slack is named",
      {
        sendings: all(sending(TOKYO)),
        looks: [failing({ kind: "retry", reason: "Slack answered HTTP 503" })],
        timeoutMs: 5000,
      },
      [/The last look failed: Slack answered HTTP 503\./],
    ],
    [
      "an outage that is over is not",
      {
        sendings: all(sending(TOKYO)),
        looks: [failing({ kind: "retry", reason: "Slack answered HTTP 503" }), posted(TOKYO.mark)],
      },
      [],
      /in Slack/,
    ],
    [
      "there is no way to look: why, what to do, what to look for; a finding is archived",
      { sendings: finding, blind: "there is no Slack token: environment variable SLACK_BOT_TOKEN is not set. Set it." },
      [
        /^cannot look into channel C0ACME00000: there is no Slack token: .*Set it\.\nEverything was sent.*\n {2}shirase-bbbbbbbb/,
      ],
      /sent[\s\S]*archived/,
    ],
    [
      "the way to look is lost in between",
      {
        sendings: all(sending(TOKYO)),
        looks: [
          nothing,
          failing({ kind: "stop", scope: "channel", reason: "not_in_channel", remedy: "Invite the app." }),
        ],
      },
      [/cannot look into channel C0ACME00000: not_in_channel\. Invite the app\.\n/],
    ],
    [
      "the person has had enough: the finding is archived",
      { sendings: finding, looks: [nothing], stopAfterMs: 6000 },
      [/^stopped before everything was seen\. It may still come:\n {2}shirase-bbbbbbbb/],
      /archived/,
    ],
    [
      "stopped before it began",
      { sendings: all(sending(TOKYO)), looks: [nothing], stopAfterMs: 0 },
      [/^stopped before anything was sent\.$/],
    ],
    [
      "AWS refuses one region: the other is sent and waited for",
      {
        sendings: all(
          sending(TOKYO, { refused: "222222222222, ap-northeast-1: Security Hub is not switched on" }),
          sending(VIRGINIA),
        ),
        looks: [posted(VIRGINIA.mark)],
      },
      [/^222222222222, ap-northeast-1: Security Hub is not switched on$/],
      /in Slack {2}222222222222, us-east-1/,
    ],
    [
      "nothing was sent: nobody looks",
      { sendings: all(sending(TOKYO, { refused: "no" })), looks: [nothing] },
      [/^no$/],
    ],
    [
      "it cannot be archived: it is still there, and how to put it away by hand",
      { sendings: all(sending(FINDING, { stays: true })), looks: [posted(FINDING.mark)] },
      [
        /AWS takes no more calls\nThe finding may still be ACTIVE in Security Hub\. .*by hand:\n {2}aws securityhub batch-update-findings/,
      ],
    ],
  ];
  for (const [why, given, want, wantLog] of rows) {
    test(why, async () => {
      const { problems, log } = await carriedOut(given);
      const text = problems.join("\n\n");
      for (const part of want) assert.match(text, part);
      if (want.length === 0) assert.equal(text, "");
      if (wantLog) assert.match(log.join("\n"), wantLog);
    });
  }

  test("what nobody expected is thrown, and the finding is archived before", async () => {
    const log: string[] = [];
    const given: Given = {
      sendings: (clock) => [sending(FINDING)(clock, log)],
      looks: [
        () => {
          throw new Error("a bug");
        },
      ],
    };
    await assert.rejects(carriedOut(given), /a bug/);
    assert.deepEqual(log, ["takes back"]);
  });
});
