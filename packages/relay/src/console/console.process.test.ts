/** The console beside the relay's own doors: what is whose, and that neither stands in the other's way. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { startFakeSlack } from "@shirase/fake-slack";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { type Relay, startRelay, stderrLogger } from "../main.ts";

const KEY = "a-key-for-tests";
const CUSTOMERS = loadCustomers(1);

suite("the console beside the relay's doors", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-console-"));
  let slack: Awaited<ReturnType<typeof startFakeSlack>>;
  let relay: Relay;
  before(async () => {
    slack = await startFakeSlack();
    relay = await start(join(dataDir, "with"), undefined);
  });
  after(async () => {
    await relay?.stop();
    await slack?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const start = (folder: string, console: boolean | undefined): Promise<Relay> =>
    startRelay({
      config: Config.parse(loadConfig(CUSTOMERS)),
      slackToken: slack.token,
      ingestKey: KEY,
      listen: { host: "127.0.0.1", port: 0 },
      dataDir: folder,
      slackApiUrl: slack.apiUrl,
      readsQueues: false,
      logger: stderrLogger("silent"),
      console,
    });

  test("under a foreign name events are still taken, and the console is not shown", async () => {
    const [customer] = CUSTOMERS;
    assert.ok(customer);
    const body = JSON.stringify(securityHubEvent(customer, 1, 0, { status: "FAILED" }));
    const headers = { host: "relay.example", authorization: `Bearer ${KEY}` };
    assert.equal((await ask(relay.url, "POST", "/v1/events", headers, body)).status, 202);
    assert.equal((await ask(relay.url, "GET", "/healthz", headers)).status, 200);
    assert.equal((await ask(relay.url, "GET", "/", headers)).status, 421);
    assert.equal((await ask(relay.url, "GET", "/", {})).status, 200);
  });

  test("what is nobody's path is refused in JSON as before, what is a page's in words", async () => {
    assert.match((await ask(relay.url, "GET", "/v2/events", {})).text, /"not-found"/);
    const page = await ask(relay.url, "GET", "/findings/999", {});
    assert.equal(page.status, 404);
    assert.match(page.text, /No such page|ページがありません/);
  });

  test("no page, whoever asks for it in whatever way, shows a secret", async () => {
    for (const path of ["/", "/setup", "/deliveries", "/audit", "/customers/c0", "/playground", "/assets/console.js"]) {
      const { text } = await ask(relay.url, "GET", path, {});
      for (const secret of [KEY, slack.token]) assert.ok(!text.includes(secret), `${path} shows a secret`);
    }
  });

  test("a language is kept in a cookie that scripts do not see, and leads to no other site", async () => {
    for (const [to, want] of [
      ["/setup?x=1", "/setup?x=1"],
      ["//evil.example", "/"],
      ["/\\evil.example", "/"],
      ["https://evil.example", "/"],
    ] as const) {
      const answer = await ask(relay.url, "GET", `/language/ja?to=${encodeURIComponent(to)}`, {});
      assert.deepEqual([answer.status, answer.headers["location"]], [303, want]);
      assert.match(String(answer.headers["set-cookie"]), /HttpOnly.*SameSite=Lax/);
    }
  });

  test("without a console the relay's answers are what they were", async () => {
    const bare = await start(join(dataDir, "without"), false);
    assert.match((await ask(bare.url, "GET", "/", {})).text, /"not-found"/);
    assert.equal((await ask(bare.url, "GET", "/healthz", {})).status, 200);
    await bare.stop();
  });
});

type Answer = {
  readonly status: number;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
};

/** As fetch, which does not let one choose the Host header. */
function ask(url: string, method: string, path: string, headers: Record<string, string>, body = ""): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
