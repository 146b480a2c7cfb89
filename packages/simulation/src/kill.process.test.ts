/** kill -9 for real; `npm run bench:delivery -- kill` does it fifty times. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { killInBurst } from "./kill.ts";

suite("kill -9 in mid-burst, Slack's limits on", () => {
  test("ten times: what was acknowledged is named once, nothing twice, nothing hidden", async () => {
    const { messages: _, ...killed } = await killInBurst({ seed: 6, kills: 10, findings: 1000, customers: 4 });
    assert.deepEqual(killed, { acknowledged: 1000, lost: 0, twice: 0, hidden: 0, rateLimited: 0 });
  });
});
