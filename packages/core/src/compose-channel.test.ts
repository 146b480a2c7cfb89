/** What is said in a channel, message by message: in pictures, and as a promise that nothing is left out. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { loadCustomers, type Says, securityHubEvent } from "@shirase/testkit/load";
import fc from "fast-check";
import { type CauseTally, type ChannelView, type Pending, type Root, VIEW } from "./channel-view.ts";
import { composeNext, type Planned, recompose } from "./compose.ts";
import { Config } from "./config.ts";
import { decide, isAlone, type Notice } from "./decide.ts";
import { readEnvelope } from "./event.ts";
import type { Finding } from "./finding.ts";
import type { Known } from "./observe.ts";
import { prepare } from "./prepare.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { assertSound, isGoldenCard } from "./sound-message.contract.ts";
import { renderMessage } from "./terminal.ts";

const NOW = new Date("2026-11-20T03:00:00Z");
const [LOAD] = loadCustomers(1);
assert.ok(LOAD);
const prepared = prepare(
  Config.parse({
    ...SAMPLE_CONFIG,
    customers: [
      {
        id: "c0",
        name: "株式会社アクメ",
        language: "ja",
        accounts: [{ id: LOAD.account, name: "acme-prod" }],
        slack: { channel: LOAD.channel, mention: { CRITICAL: "S0ONCALL000" } },
        severities: ["CRITICAL", "HIGH", "MEDIUM"],
      },
    ],
  }),
);
const japanese = prepared.customers.get("c0") as ResolvedCustomer;
const english: ResolvedCustomer = { ...japanese, name: "Acme & Sons", language: "en" };

/** Tells events one after the other and gathers what is to be told. */
function noticesOf(
  tellings: readonly (readonly [problem: number, telling?: number, says?: Says])[],
): readonly Notice[] {
  const memory = new Map<string, Known>();
  return tellings.flatMap(([problem, telling, says]) => {
    const read = readEnvelope(securityHubEvent(LOAD as NonNullable<typeof LOAD>, problem, telling, says));
    assert.ok("event" in read);
    const decision = decide(read.event, {}, prepared, NOW, (_, key) => memory.get(key));
    assert.ok("verdicts" in decision);
    return decision.verdicts.flatMap(({ finding, known, notices }) => {
      if (known) memory.set(finding.key, known);
      return notices;
    });
  });
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

/** A channel as a store would keep it, in a few maps. */
function channelOf(notices: readonly Notice[]) {
  const waiting = new Map<number, Notice>(notices.map((notice, index) => [index + 1, notice]));
  const counted = new Map<number, Notice>();
  const told = new Map<number, string>();
  const rootOfKey = new Map<string, Root>();
  const cardOfCause = new Map<string, Root>();
  const messages: Planned[] = [];
  let burst: { root: Root; at: Date } | undefined;
  const pendingOf = ([seq, notice]: readonly [number, Notice]): Pending => {
    const rootId = isAlone(notice) ? undefined : rootOfKey.get(notice.key)?.id;
    return { seq, notice, ...(rootId === undefined ? {} : { rootId }) };
  };
  const view = (): ChannelView => {
    const worstFirst = [...waiting].sort(([a, one], [b, other]) => rank(other) - rank(one) || a - b);
    const toName = [...counted].sort(([, a], [, b]) => rank(b) - rank(a) || (a.causeKey < b.causeKey ? -1 : 1));
    return {
      pending: worstFirst.slice(0, VIEW.pending).map(pendingOf),
      pendingCount: waiting.size,
      lastSeq: Math.max(0, ...waiting.keys()),
      newestAt: NOW,
      tally: tallyOf([...waiting.values()]),
      roots: new Map([...rootOfKey.values()].map((root) => [root.id, root])),
      liveCards: cardOfCause,
      ...(burst
        ? { burst: { root: burst.root, countedAt: burst.at, left: counted.size, toName: toName.map(pendingOf) } }
        : {}),
    };
  };
  const own = (notice: Notice, root: Root): void => {
    if (!isAlone(notice) && !rootOfKey.has(notice.key)) rootOfKey.set(notice.key, root);
  };
  const count = (upTo: number, root: Root): void => {
    for (const [seq, notice] of [...waiting]) {
      if (seq > upTo) continue;
      waiting.delete(seq);
      counted.set(seq, notice);
      own(notice, root);
    }
  };
  const tell = (seq: number, root: Root): void => {
    const notice = waiting.get(seq) ?? counted.get(seq);
    assert.ok(notice, `notice ${seq} is told and does not wait`);
    assert.equal(told.get(seq), undefined, `notice ${seq} is told twice`);
    told.set(seq, root.id);
    waiting.delete(seq);
    counted.delete(seq);
    own(notice, root);
  };
  const take = (plan: Planned, now: Date): void => {
    messages.push(plan);
    const root = plan.root ?? rootMadeBy(plan, messages.length, now);
    if (plan.causeKey !== undefined) cardOfCause.set(plan.causeKey, root);
    if ("countedUpTo" in plan.covers) {
      count(plan.covers.countedUpTo, root);
      burst = { root, at: now };
    } else {
      for (const seq of plan.covers.seqs) tell(seq, root);
    }
  };
  return { view, take, told, messages, add: (seq: number, notice: Notice) => waiting.set(seq, notice) };
}

function rootMadeBy({ kind, severity }: Planned, number: number, now: Date): Root {
  const rootKind = kind === "burst" ? "burst" : "card";
  return { id: `m${number}`, kind: rootKind, ts: `${number}.0`, postedAt: now, touchedAt: now, severity };
}

function rank({ severity }: Notice): number {
  return ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"].indexOf(severity);
}

function tallyOf(notices: readonly Notice[]): readonly CauseTally[] {
  const tally = new Map<string, CauseTally>();
  for (const { causeKey, news, severity, finding } of notices) {
    const id = `${causeKey} ${news} ${severity}`;
    const { title, controlId } = finding;
    const known = tally.get(id) ?? { causeKey, title, ...(controlId ? { controlId } : {}), news, severity, count: 0 };
    tally.set(id, { ...known, count: known.count + 1 });
  }
  return [...tally.values()];
}

/** Sends until nothing waits, a second between two messages. */
function sendAll(channel: ReturnType<typeof channelOf>, customer: ResolvedCustomer): readonly Planned[] {
  for (let round = 0; round < 10_000; round += 1) {
    const now = new Date(NOW.getTime() + (round + 1) * 1000);
    const plan = composeNext(channel.view(), customer, now);
    if (plan === undefined) return channel.messages;
    if ("waitMs" in plan) assert.ok(plan.waitMs > 0, "a wait of nothing would spin");
    else channel.take(plan, now);
  }
  throw new Error("it never ends");
}

suite("what a channel reads, as in the golden files", () => {
  const stories: ReadonlyArray<readonly [name: string, notices: readonly Notice[]]> = [
    ["several", noticesOf([[0], [8], [16]])],
    ["fixed-before-told", noticesOf([[0], [8], [8, 1, { status: "PASSED" }]])],
    ["burst", noticesOf(upTo(40).map((n) => [n]))],
  ];
  for (const [name, notices] of stories) {
    test(name, () => {
      const both = [english, japanese].map((customer) => {
        const messages = sendAll(channelOf(notices), customer);
        for (const { message } of messages) assertSound(message, customer);
        return messages.map(drawn).join("\n");
      });
      isGoldenCard(`channel-${name}.txt`, both.join("\n\n"));
    });
  }

  test("changes, in the thread of their card", () => {
    const both = [english, japanese].map((customer) => {
      const said: string[] = [];
      const days = 24 * 60;
      const history: readonly (readonly [number, number, Says])[] = [
        [1, 0, { severity: "HIGH" }],
        [1, 1, { severity: "CRITICAL", minute: 30 }],
        [1, 2, { severity: "HIGH", minute: 60 }],
        [1, 3, { workflow: "SUPPRESSED", minute: 90 }],
        [1, 4, { severity: "HIGH", minute: 120 }],
        [1, 5, { status: "PASSED", minute: 5 * 60 }],
        [1, 6, { severity: "HIGH", minute: 9 * 60 }],
        [1, 7, { status: "PASSED", minute: 10 * 60 }],
        [1, 8, { severity: "HIGH", minute: 3 * days }],
      ];
      const channel = channelOf([]);
      for (const [index, notice] of noticesOf(history).entries()) {
        channel.add(index + 1, notice);
        const plan = composeNext(channel.view(), customer, NOW);
        assert.ok(plan && !("waitMs" in plan));
        channel.take(plan, NOW);
        assertSound(plan.message, customer);
        said.push(drawn(plan));
      }
      return said.join("\n");
    });
    isGoldenCard("channel-changes.txt", both.join("\n\n"));
  });

  test("a card and a burst, brought up to date", () => {
    const [notice] = noticesOf([[0]]);
    assert.ok(notice);
    const members = upTo(10).map((n) => ({
      resource: { ...(notice.finding.resources[0] as Finding["resources"][number]), id: `sg-${n}`, name: `group-${n}` },
      standing: n < 7 ? ("open" as const) : ("resolved" as const),
      severity: "CRITICAL" as const,
    }));
    const base = { id: "m1", ts: "1.0", channelId: "C", customerId: "c0", dueAt: NOW };
    const openedAt = notice.openedAt;
    const some = { open: { CRITICAL: 11 }, resolved: 3, suppressed: 0 };
    const none = { open: {}, resolved: 14, suppressed: 0 };
    const tally = tallyOf(noticesOf(upTo(40).map((n) => [n])));
    const both = [english, japanese].map((customer) => {
      const roots = [
        recompose(
          { ...base, kind: "card", face: notice.finding, state: { standings: some, members, openedAt } },
          customer,
        ),
        recompose(
          {
            ...base,
            kind: "card",
            face: notice.finding,
            state: { standings: none, members: [], openedAt, endedAt: NOW },
          },
          customer,
        ),
        recompose(
          { ...base, kind: "burst", tally, standings: { open: { HIGH: 3 }, resolved: 37, suppressed: 0 } },
          customer,
        ),
        recompose({ ...base, kind: "burst", tally, standings: { open: {}, resolved: 40, suppressed: 0 } }, customer),
      ];
      for (const message of roots) assertSound(message, customer);
      return roots.map((message) => renderMessage(message, { width: 88, color: false })).join("\n\n");
    });
    isGoldenCard("channel-edits.txt", both.join("\n\n"));
  });
});

function drawn({ kind, isBroadcast, root, counted, message }: Planned): string {
  const where = root ? `in the thread of ${root.ts}${isBroadcast ? ", and in the channel" : ""}` : "in the channel";
  const body = renderMessage(message, { width: 88, color: false });
  return `--- ${kind} ${where}, counts ${counted}\n${message.text}\n\n${body}\n`;
}

suite("composeNext", () => {
  const telling = fc.record({
    problem: fc.nat({ max: 60 }),
    says: fc.record({
      severity: fc.constantFrom("CRITICAL", "HIGH", "MEDIUM"),
      status: fc.constantFrom("FAILED", "FAILED", "PASSED"),
    }),
  });

  test("tells every notice in exactly one message, each message sound and counting what it tells", () => {
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 200 }), fc.nat({ max: 200 }), (tellings, first) => {
        const notices = noticesOf(tellings.map(({ problem, says }, n) => [problem, n, says as Says]));
        const channel = channelOf(notices.slice(0, first));
        sendAll(channel, japanese);
        for (const [index, notice] of notices.slice(first).entries()) channel.add(first + index + 1, notice);
        const messages = sendAll(channel, japanese);
        assert.equal(channel.told.size, notices.length);
        for (const { message, covers, counted } of messages) {
          assertSound(message, japanese);
          if ("seqs" in covers) assert.equal(counted, covers.seqs.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("few things are told one by one, many are counted in one message first", () => {
    const few = sendAll(channelOf(noticesOf(upTo(5).map((n) => [n]))), english);
    assert.deepEqual(
      few.map(({ kind }) => kind),
      ["card", "card", "card", "card", "card"],
    );
    const many = sendAll(channelOf(noticesOf(upTo(1000).map((n) => [n]))), english);
    assert.deepEqual([many[0]?.kind, many[0]?.counted], ["burst", 1000]);
    assert.ok(many.length <= 8, `${many.length} messages`);
  });
});
