import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Config } from "./config.ts";
import { OWN_EVENTS_PATTERN, presetPattern } from "./presets.ts";
import { resolveCustomer } from "./resolved-customer.ts";

/** The only customer of a config, resolved; what is given here overrides the plainest one. */
function resolved(customer: object, defaults: object = {}) {
  const config = Config.parse({
    hub: { account: "111111111111", region: "eu-west-1" },
    slack: { workspace: "T0123456789" },
    defaults,
    customers: [
      { id: "acme", name: "Acme", accounts: ["222222222222"], slack: { channel: "C0ACME00000" }, ...customer },
    ],
  });
  const [first] = config.customers;
  assert.ok(first);
  return resolveCustomer(config, first);
}

suite("resolveCustomer", () => {
  test("what the customer leaves out comes from the defaults and the hub", () => {
    const { language, timezone, delivery, severities, regions } = resolved({}, { language: "ja", severities: ["LOW"] });
    assert.deepEqual(
      { language, timezone, delivery, severities, regions },
      { language: "ja", timezone: "UTC", delivery: "relay", severities: ["LOW"], regions: ["eu-west-1"] },
    );
  });

  test("what the customer says wins", () => {
    const { language, severities, regions } = resolved(
      { language: "en", severities: ["HIGH"], regions: ["us-east-1", "us-east-1", "us-west-2"] },
      { language: "ja", severities: ["LOW"] },
    );
    assert.deepEqual(
      { language, severities, regions },
      { language: "en", severities: ["HIGH"], regions: ["us-east-1", "us-west-2"] },
    );
  });

  test("with the relay, findings that were fixed leave the account as well", () => {
    const { pattern, patternName, rulePatterns } = resolved({});
    assert.equal(patternName, "lifecycle");
    assert.equal(pattern, presetPattern("lifecycle", ["security-hub"], ["CRITICAL", "HIGH"]));
    assert.deepEqual(rulePatterns, [pattern]);
  });

  test("with Amazon Q they do not: it would post them as new alerts", () => {
    assert.equal(resolved({ delivery: "amazon-q" }).patternName, "alerts");
    assert.equal(resolved({ delivery: "amazon-q", pattern: "lifecycle" }).patternName, "lifecycle");
  });

  test("a pattern of one's own is taken as it is; shirase's own events get a rule of theirs", () => {
    const { pattern, patternName, rulePatterns } = resolved({ pattern: { source: ["aws.securityhub"] } });
    assert.equal(patternName, "custom");
    assert.deepEqual(rulePatterns, ['{"source":["aws.securityhub"]}', OWN_EVENTS_PATTERN]);
    assert.equal(pattern, rulePatterns[0]);
  });
});
