import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { Config } from "./config.ts";
import { type KnownBeat, pulseNews, pulsesOf, pulseText } from "./heartbeat.ts";
import { prepare } from "./prepare.ts";

const { customers } = prepare(Config.parse(SAMPLE_CONFIG));
const NOW = new Date("2026-11-20T12:00:00Z");
const LONG_AGO = new Date("2026-11-01T00:00:00Z");
const MINUTE = 60_000;

function beat(minutesAgo: number, isMissed = false): KnownBeat {
  const at = new Date(NOW.getTime() - minutesAgo * MINUTE);
  return { customerId: "acme", accountId: "222222222222", region: "ap-northeast-1", at, isMissed };
}

function stateOf(beats: readonly KnownBeat[], listeningSince = LONG_AGO): string | undefined {
  const pulses = pulsesOf(customers.values(), beats, NOW, listeningSince);
  return pulses.find(({ customerId, accountId, region }) => {
    return customerId === "acme" && accountId === "222222222222" && region === "ap-northeast-1";
  })?.state;
}

suite("pulsesOf", () => {
  const cases: ReadonlyArray<readonly [why: string, beats: readonly KnownBeat[], state: string]> = [
    ["one that never came is waited for, not missed", [], "never"],
    ["a fresh one is a sign of life", [beat(1)], "beating"],
    ["a late one is", [beat(179)], "beating"],
    ["three intervals are silence", [beat(181)], "missed"],
  ];
  for (const [why, beats, state] of cases) test(`${why} (${state})`, () => assert.equal(stateOf(beats), state));

  test("what a relay that was down could not hear is no silence", () => {
    const started = new Date(NOW.getTime() - 10 * MINUTE);
    assert.equal(stateOf([beat(600)], started), "beating");
    assert.equal(stateOf([beat(600)], new Date(NOW.getTime() - 181 * MINUTE)), "missed");
  });

  test("nobody waits for customers whom Amazon Q tells: their heartbeats end at the hub", () => {
    const told = new Set(pulsesOf(customers.values(), [], NOW, LONG_AGO).map(({ customerId }) => customerId));
    for (const { id, delivery } of customers.values()) assert.equal(told.has(id), delivery === "relay", id);
  });
});

suite("pulseNews", () => {
  const newsOf = (beats: readonly KnownBeat[], since = LONG_AGO): string => {
    const { missed, back } = pulseNews(pulsesOf(customers.values(), beats, NOW, since), beats, since);
    return `${missed.length} missed, ${back.length} back`;
  };
  const cases: ReadonlyArray<readonly [why: string, beats: readonly KnownBeat[], news: string]> = [
    ["silence is news once", [beat(181)], "1 missed, 0 back"],
    ["and not again", [beat(500, true)], "0 missed, 0 back"],
    ["its end is news", [beat(1, true)], "0 missed, 1 back"],
    ["all is well", [beat(1)], "0 missed, 0 back"],
  ];
  for (const [why, beats, news] of cases) test(`${why} (${news})`, () => assert.equal(newsOf(beats), news));

  test("a relay that starts in the middle of a silence does not call it over", () => {
    assert.equal(newsOf([beat(500, true)], NOW), "0 missed, 0 back");
  });
});

suite("pulseText", () => {
  const pulses = pulsesOf(customers.values(), [beat(181)], NOW, LONG_AGO).filter(({ state }) => state === "missed");

  test("says whose, where, since when, and what to do", () => {
    const text = pulseText({ missed: pulses, back: [] }, customers, "en", "Asia/Tokyo");
    assert.match(
      text,
      /^No heartbeat from 1 place\(s\)\. Findings from there may not arrive:\n• \*株式会社アクメ\* `222222222222`/,
    );
    assert.match(text, /2026-11-20 17:59 GMT\+9>, expected every 60 min\n/);
    assert.match(text, /`shirase send CUSTOMER` tries the whole way\.$/);
  });

  test("names some and counts the others", () => {
    const [pulse] = pulses;
    assert.ok(pulse);
    const text = pulseText(
      { missed: [], back: Array.from({ length: 40 }, () => pulse) },
      customers,
      "ja",
      "Asia/Tokyo",
    );
    assert.match(text, /^40か所から/);
    assert.match(text, /ほか25か所$/);
  });
});
