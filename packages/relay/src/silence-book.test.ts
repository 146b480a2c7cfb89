import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { NO_SILENCERS, type Silence } from "@shirase/core/silence";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { openSilenceBook } from "./silence-book.ts";

const NOW = new Date("2026-11-23T00:00:00Z");
const made: Silence = {
  id: "made",
  customerId: "acme",
  match: '{"source":["aws.health"]}',
  owner: "ana",
  reason: "moving",
  from: NOW,
  until: new Date("2026-11-24T00:00:00Z"),
};

suite("the book of silences", () => {
  const silences = [
    { match: { source: ["aws.macie"] }, owner: "bo", reason: "r", from: "2026-11-20", until: "2026-11-30" },
  ];
  const customers = SAMPLE_CONFIG.customers.map((one) => (one.id === "acme" ? { ...one, silences } : one));
  const prepared = prepare(Config.parse({ ...SAMPLE_CONFIG, customers }));
  const owners = (all: ReadonlyMap<string, readonly Silence[]>) => all.get("acme")?.map(({ owner }) => owner);

  test("holds the config's and those of the store, as they come and go", async () => {
    let kept: readonly Silence[] = [];
    const book = await openSilenceBook({ silences: () => Promise.resolve(kept) }, prepared, NOW);
    assert.deepEqual(owners(book.silencers()), ["bo"]);
    kept = [made, { ...made, id: "other", customerId: "globex" }];
    await book.refresh(NOW);
    assert.deepEqual(owners(book.silencers()), ["bo", "ana"]);
    assert.equal(book.silencers().get("globex")?.length, 1);
    const same = book.silencers();
    await book.refresh(NOW);
    assert.equal(book.silencers(), same, "nothing is compiled anew when nothing changed");
    kept = [];
    await book.refresh(NOW);
    assert.deepEqual(owners(book.silencers()), ["bo"]);
  });

  test("stays as it was when the store cannot be read", async () => {
    let isBroken = false;
    const read = () => (isBroken ? Promise.reject(new Error("disk")) : Promise.resolve([made]));
    const book = await openSilenceBook({ silences: read }, { silencers: NO_SILENCERS }, NOW);
    isBroken = true;
    await assert.rejects(book.refresh(NOW), /disk/);
    assert.deepEqual(owners(book.silencers()), ["ana"]);
  });
});
