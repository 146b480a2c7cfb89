/** Digests: when they are due, by the customer's own clock, and what they say, as pictures. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { Config } from "./config.ts";
import { type DigestFacts, digestOf } from "./digest.ts";
import { DIGEST_LATE_MS, type DueDigest, dueDigests } from "./digest-due.ts";
import { prepare } from "./prepare.ts";
import type { ResolvedCustomer } from "./resolved-customer.ts";
import { assertSound, isGoldenCard } from "./sound-message.contract.ts";
import { renderMessage } from "./terminal.ts";

const acme = prepare(Config.parse(SAMPLE_CONFIG)).customers.get("acme") as ResolvedCustomer;

function due(digest: ResolvedCustomer["digest"], timezone: string, now: string): readonly DueDigest[] {
  return dueDigests({ id: "acme", delivery: "relay", digest, timezone }, new Date(now));
}

suite("when a digest is due", () => {
  const cases: ReadonlyArray<
    readonly [why: string, digest: ResolvedCustomer["digest"], zone: string, now: string, ids: readonly string[]]
  > = [
    ["a minute early", { daily: "09:00" }, "Asia/Tokyo", "2026-11-26T23:59:00Z", []],
    ["on time", { daily: "09:00" }, "Asia/Tokyo", "2026-11-27T00:00:00Z", ["daily-2026-11-27"]],
    ["an hour late", { daily: "09:00" }, "Asia/Tokyo", "2026-11-27T01:00:00Z", ["daily-2026-11-27"]],
    ["three hours late: the next one says it", { daily: "09:00" }, "Asia/Tokyo", "2026-11-27T03:00:00Z", []],
    [
      "yesterday evening's, after midnight",
      { daily: "23:30" },
      "Europe/Berlin",
      "2026-11-26T23:30:00Z",
      ["daily-2026-11-26"],
    ],
    ["on its weekday", { weekly: "mon 09:00" }, "UTC", "2026-11-23T09:05:00Z", ["weekly-2026-11-23"]],
    ["on another weekday", { weekly: "mon 09:00" }, "UTC", "2026-11-24T09:05:00Z", []],
    [
      "both at once",
      { daily: "09:00", weekly: "mon 09:00" },
      "UTC",
      "2026-11-23T09:00:00Z",
      ["daily-2026-11-23", "weekly-2026-11-23"],
    ],
    [
      "a time that the clocks leave out",
      { daily: "02:30" },
      "Europe/Berlin",
      "2026-03-29T01:35:00Z",
      ["daily-2026-03-29"],
    ],
    ["none is wanted", {}, "UTC", "2026-11-23T09:00:00Z", []],
  ];
  for (const [why, digest, zone, now, ids] of cases) {
    test(why, () =>
      assert.deepEqual(
        due(digest, zone, now).map(({ id }) => id),
        ids.map((id) => `digest-acme-${id}`),
      ),
    );
  }

  test("never for who is told by Amazon Q", () => {
    const digest = { daily: "09:00" };
    const now = new Date("2026-11-27T09:00:00Z");
    assert.deepEqual(dueDigests({ id: "acme", delivery: "amazon-q", digest, timezone: "UTC" }, now), []);
  });

  for (const timezone of ["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]) {
    test(`once a day through a year in ${timezone}, whatever the clocks do, looked at every 20 minutes`, () => {
      const seen = new Map<string, DueDigest>();
      const end = Date.parse("2027-01-10T00:00:00Z");
      for (let now = Date.parse("2026-01-10T00:00:00Z"); now < end; now += 20 * 60_000) {
        for (const one of due({ daily: "02:30" }, timezone, new Date(now).toISOString())) seen.set(one.id, one);
      }
      assert.ok(seen.size >= 365 && seen.size <= 366, `${seen.size} digests`);
      const all = [...seen.values()];
      for (const [index, { since }] of all.entries()) {
        // What one leaves off with, the next begins with.
        if (index > 0) assert.deepEqual(since, all[index - 1]?.at);
      }
    });
  }

  test("a restart looks again and finds the same", () => {
    const first = due({ daily: "09:00" }, "UTC", "2026-11-27T09:00:00Z");
    const again = due(
      { daily: "09:00" },
      "UTC",
      new Date(Date.parse("2026-11-27T09:00:00Z") + DIGEST_LATE_MS - 1).toISOString(),
    );
    assert.deepEqual(again, first);
  });
});

suite("what a digest says (GOLDEN=1 rewrites it)", () => {
  const [daily] = due({ daily: "09:00" }, "Asia/Tokyo", "2026-11-27T00:00:00Z");
  const [weekly] = due({ weekly: "fri 09:00" }, "Asia/Tokyo", "2026-11-27T00:00:00Z");
  assert.ok(daily && weekly);
  const quiet: DigestFacts = {
    opened: 0,
    resolved: 0,
    open: {},
    oldest: [],
    silences: 0,
    silenced: 0,
    dead: 0,
    silent: 0,
  };
  const busy: DigestFacts = {
    opened: 1204,
    resolved: 31,
    open: { CRITICAL: 2, HIGH: 1170, MEDIUM: 1 },
    oldest: [
      {
        title: "S3 general purpose buckets should block *public* read access <!channel>",
        severity: "CRITICAL",
        resource: "acme-public-assets",
        account: "222222222222",
        openedAt: new Date("2026-10-15T00:00:00Z"),
      },
      {
        title: "Hardware MFA should be enabled for the root user",
        severity: "CRITICAL",
        resource: "",
        account: "333333333333",
        openedAt: new Date("2026-11-26T20:00:00Z"),
      },
    ],
    silences: 2,
    silenced: 5,
    dead: 1,
    silent: 1,
  };
  const japanese: ResolvedCustomer = { ...acme, name: "株式会社アクメ", language: "ja", timezone: "Asia/Tokyo" };
  const english: ResolvedCustomer = { ...japanese, name: "Acme & Sons", language: "en" };
  const cases = [
    ["digest-busy", daily, busy],
    ["digest-weekly", weekly, { ...busy, opened: 12, dead: 0, silent: 0 }],
    ["digest-quiet", daily, quiet],
  ] as const;
  for (const [name, one, facts] of cases) {
    test(name, () => {
      const shown = [english, japanese].map((customer) => {
        const message = digestOf(one, facts, customer);
        assertSound(message, customer);
        return `${message.text}\n\n${renderMessage(message, { width: 88, color: false })}`;
      });
      isGoldenCard(`${name}.txt`, `${shown.join("\n\n")}\n`);
    });
  }
});
