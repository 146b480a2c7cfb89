import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { matches, parsePattern } from "@shirase/event-pattern";
import { eventSamples, sampleEvent } from "@shirase/testkit/events";
import { patternOfOne } from "./silence-pattern.ts";

suite("the pattern of one problem", () => {
  const hub = eventSamples().filter(({ file }) => sampleEvent(file)["source"] === "aws.securityhub");

  for (const { file } of hub) {
    const event = sampleEvent(file);
    const text = patternOfOne(JSON.stringify(event));
    if (text === undefined) continue;
    test(`${file}: it is a pattern, and matches the event`, () => {
      const read = parsePattern(text);
      assert.ok("pattern" in read, text);
      assert.ok(matches(read.pattern, event));
    });
  }

  test("most samples of Security Hub have one", () => {
    const named = hub.filter(({ file }) => patternOfOne(JSON.stringify(sampleEvent(file))) !== undefined);
    assert.ok(named.length > hub.length / 2, `${named.length} of ${hub.length}`);
  });

  test("another resource, region or control is not silenced with it", () => {
    const event = sampleEvent("securityhub/lifecycle/01-new.json");
    const read = parsePattern(patternOfOne(JSON.stringify(event)) ?? "{}");
    assert.ok("pattern" in read);
    const [finding] = (event["detail"] as { findings: readonly Record<string, unknown>[] }).findings;
    const others = [
      { Resources: [{ Id: "arn:aws:ec2:eu-west-1:222222222222:security-group/other" }] },
      { Region: "us-west-2" },
      { Compliance: { SecurityControlId: "IAM.6" } },
    ];
    for (const other of others) {
      assert.ok(
        !matches(read.pattern, { ...event, detail: { findings: [{ ...finding, ...other }] } }),
        JSON.stringify(other),
      );
    }
  });

  const none: ReadonlyArray<readonly [why: string, event: object]> = [
    ["another service", { source: "aws.health", detail: { findings: [] } }],
    ["no finding", { source: "aws.securityhub", detail: {} }],
    ["no resource", { source: "aws.securityhub", detail: { findings: [{ Title: "x", Resources: [] }] } }],
    ["two findings", { source: "aws.securityhub", detail: { findings: [{ Title: "x" }, { Title: "y" }] } }],
  ];
  for (const [why, event] of none) {
    test(`none: ${why}`, () => assert.equal(patternOfOne(JSON.stringify(event)), undefined));
  }
});
