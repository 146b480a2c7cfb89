import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CROSSING_CONFIG } from "@shirase/testkit/crossing";
import { SAMPLE_CONFIG } from "@shirase/testkit/customers";
import { crossedEvents, sampleEvent } from "@shirase/testkit/events";
import { Config } from "./config.ts";
import { type Envelope, readEnvelope } from "./event.ts";
import { busName, ownerOf, ownersOf } from "./owner.ts";
import { say } from "./said.ts";

const owners = ownersOf(Config.parse(SAMPLE_CONFIG));

function eventFrom(account: string): Envelope {
  const read = readEnvelope({
    id: "1",
    source: "aws.securityhub",
    "detail-type": "x",
    account,
    region: "us-east-1",
    time: "2026-11-20T00:00:00Z",
    detail: { findings: [{ AwsAccountId: "222222222222" }] },
  });
  if ("problem" in read) throw new Error(read.problem.message);
  return read.event;
}

suite("ownerOf", () => {
  const arn = (bus: string): string => `arn:aws:events:ap-northeast-1:111111111111:event-bus/${bus}`;
  const cases: ReadonlyArray<readonly [why: string, account: string, bus: string | undefined, want: string]> = [
    ["without a bus the account decides", "222222222222", undefined, "acme"],
    ["the customer's own bus agrees", "222222222222", "shirase-acme", "acme"],
    ["a bus may be given as an ARN", "555555555555", arn("globex-bus"), "globex"],
    ["a shared bus says nothing", "333333333333", "shirase-findings", "acme"],
    ["the default bus says nothing", "333333333333", arn("default"), "acme"],
    ["another customer's bus is a contradiction", "222222222222", "globex-bus", "quarantine"],
    ["and so the other way round", "555555555555", arn("shirase-acme"), "quarantine"],
    ["nobody's account stays nobody's on a known bus", "999999999999", "shirase-acme", "quarantine"],
    ["what the payload says of its account decides nothing", "999999999999", undefined, "quarantine"],
    ["the hub's own account is no customer", "111111111111", undefined, "quarantine"],
  ];
  for (const [why, account, bus, want] of cases) {
    test(`${why} (${account} on ${bus ?? "no bus"} -> ${want})`, () => {
      const owner = ownerOf(eventFrom(account), { bus }, owners);
      assert.equal("customer" in owner ? owner.customer.id : "quarantine", want);
    });
  }

  test("a contradiction names both sides, for whoever has to sort it out", () => {
    const owner = ownerOf(eventFrom("222222222222"), { bus: "globex-bus" }, owners);
    assert.ok("quarantine" in owner);
    const sentence = say(owner.quarantine, "en");
    for (const word of ["222222222222", "acme", "globex", "globex-bus"]) assert.ok(sentence.includes(word), sentence);
  });

  test("an ARN of no bus is kept as it is", () => assert.equal(busName("arn:aws:sns:x:1:y"), "arn:aws:sns:x:1:y"));
});

suite("ownerOf, over events that crossed accounts", () => {
  const crossing = ownersOf(Config.parse(CROSSING_CONFIG));
  for (const { file, case: why, bus, expect } of crossedEvents()) {
    test(`${why} (${file} on ${bus} -> ${expect.owner ?? "quarantine"})`, () => {
      const read = readEnvelope(sampleEvent(file));
      assert.ok("event" in read);
      const owner = ownerOf(read.event, { bus }, crossing);
      assert.equal("customer" in owner ? owner.customer.id : null, expect.owner);
    });
  }

  test("a queue does not say the bus: then an account of another customer's is that customer's own", () => {
    const read = readEnvelope(sampleEvent("crossing/globex-on-acmes-bus.json"));
    assert.ok("event" in read);
    const owner = ownerOf(read.event, {}, crossing);
    assert.equal("customer" in owner && owner.customer.id, "globex");
  });
});
