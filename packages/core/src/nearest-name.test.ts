import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nearestName } from "./nearest-name.ts";

const KEYS = ["id", "name", "accounts", "severities", "sources", "slack", "regions", "timezone"];
const ZONES = ["UTC", "Asia/Tokyo", "Asia/Taipei", "Europe/Berlin"];

suite("nearestName", () => {
  const cases: ReadonlyArray<readonly [why: string, word: string, names: readonly string[], want: string | undefined]> =
    [
      ["two letters are swapped", "regoins", KEYS, "regions"],
      ["a letter is missing", "acounts", KEYS, "accounts"],
      ["singular for plural", "account", KEYS, "accounts"],
      ["an irregular plural", "severity", KEYS, "severities"],
      ["case does not count", "timeZone", KEYS, "timezone"],
      ["nor do separators", "SecurityHub", ["guardduty", "security-hub"], "security-hub"],
      ["an abbreviation", "CRIT", ["HIGH", "CRITICAL"], "CRITICAL"],
      ["a prefix too many", "aws.health", ["health", "config"], "health"],
      ["the city of a time zone", "Tokyo", ZONES, "Asia/Tokyo"],
      ["a small slip in a long name", "Asia/Tokio", ZONES, "Asia/Tokyo"],
      ["another word altogether", "password", KEYS, undefined],
      ["a short word that shares nothing", "xy", KEYS, undefined],
      ["nothing is near to nothing", "", KEYS, undefined],
      ["only separators are nothing too", "--", KEYS, undefined],
      ["a page of text is no typo", "x".repeat(100), KEYS, undefined],
      ["the name itself", "slack", KEYS, "slack"],
    ];
  for (const [why, word, names, want] of cases) {
    test(`${why} (${word.slice(0, 20)} -> ${want})`, () => assert.equal(nearestName(word, names), want));
  }
});
