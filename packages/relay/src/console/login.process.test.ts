/** The console's login against a real OpenID provider: who gets in, what they may do, what is refused. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { startFakeSlack } from "@shirase/fake-slack";
import { freePort } from "@shirase/testkit/free-port";
import { loadConfig, loadCustomers } from "@shirase/testkit/load";
import { type Answer, type OpenIdProvider, startOpenIdProvider } from "@shirase/testkit/openid-provider";
import { type Relay, startRelay, stderrLogger } from "../main.ts";

const OPERATOR = "ana@msp.example";
const VIEWER = "ben@msp.example";

suite("the console's login", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-login-"));
  let provider: OpenIdProvider;
  let slack: Awaited<ReturnType<typeof startFakeSlack>>;
  let relay: Relay;
  let url = "";
  before(async () => {
    provider = await startOpenIdProvider();
    slack = await startFakeSlack();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const { issuer, clientId, clientSecret } = provider;
    const login = {
      url,
      oidc: { issuer, clientId, clientSecret: { env: "CLIENT_SECRET" } },
      people: [{ email: OPERATOR, role: "operator" }, { email: VIEWER }],
    };
    relay = await startRelay({
      config: Config.parse({ ...(loadConfig(loadCustomers(1)) as object), console: login }),
      slackToken: slack.token,
      ingestKey: "a-key-for-tests",
      consoleClientSecret: clientSecret,
      listen: { host: "127.0.0.1", port },
      dataDir,
      slackApiUrl: slack.apiUrl,
      readsQueues: false,
      logger: stderrLogger("silent"),
    });
  });
  after(async () => {
    await relay?.stop();
    await slack?.close();
    await provider?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** A browser that keeps cookies and follows nothing by itself. */
  const browser = () => {
    const jar = new Map<string, string>();
    return {
      jar,
      ask: async (path: string, form?: Record<string, string>, headers: Record<string, string> = {}) => {
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
        const answer = await fetch(new URL(path, url), {
          method: form ? "POST" : "GET",
          redirect: "manual",
          headers: { cookie, "accept-language": "en", ...headers },
          ...(form ? { body: new URLSearchParams(form) } : {}),
        });
        keepCookies(answer, jar);
        return { status: answer.status, to: answer.headers.get("location") ?? "", text: await answer.text(), answer };
      },
    };
  };
  type Browser = ReturnType<typeof browser>;

  /** Goes to the provider and comes back with what it says. */
  const cameBack = async (one: Browser, answer: Answer, to = "/") => {
    provider.next(answer);
    const there = await one.ask(`/login?to=${encodeURIComponent(to)}`);
    const back = await fetch(there.to, { redirect: "manual" });
    return back.headers.get("location") ?? "";
  };
  const signedIn = async (email: string): Promise<Browser> => {
    const one = browser();
    const back = await one.ask(await cameBack(one, { email }));
    assert.deepEqual([back.status, back.to], [303, "/"]);
    return one;
  };
  const tokenOf = (text: string): string => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? "";

  const PAGES = ["/", "/customers/c0", "/customers/c0/channel", "/customers/c0/report?format=csv", "/playground"];
  const MORE = ["/findings/1", "/deliveries", "/messages/1/slack", "/setup", "/audit", "/nothing"];
  test("nothing is shown and nothing is done without a session", async () => {
    const one = browser();
    for (const path of [...PAGES, ...MORE].filter((known) => known !== "/nothing")) {
      const { status, to } = await one.ask(path);
      assert.deepEqual([path, status, to], [path, 303, `/login?to=${encodeURIComponent(path)}`]);
    }
    assert.equal((await one.ask("/live")).status, 401);
    assert.equal((await one.ask("/", undefined, { "x-fragment": "1" })).status, 401);
    for (const path of ["/deliveries/redrive", "/setup/test", "/playground", "/logout"]) {
      assert.equal((await one.ask(path, {})).status, 401, path);
    }
    one.jar.set("shirase_session", "made-up");
    assert.equal((await one.ask("/")).status, 303);
  });

  test("who signs in comes to the page they asked for, and the cookie is out of scripts' reach", async () => {
    const one = browser();
    const back = await one.ask(await cameBack(one, { email: VIEWER.toUpperCase() }, "/setup?x=1"));
    assert.equal(back.to, "/setup?x=1");
    const cookie = back.answer.headers.getSetCookie().find((line) => line.startsWith("shirase_session="));
    assert.match(cookie ?? "", /HttpOnly; SameSite=Lax/);
    const page = await one.ask("/setup");
    assert.equal(page.status, 200);
    assert.ok(page.text.includes(VIEWER));
    assert.ok(!page.text.includes(provider.clientSecret));
  });

  test("a way back to another site leads to the overview", async () => {
    const one = browser();
    assert.equal((await one.ask(await cameBack(one, { email: VIEWER }, "//evil.example"))).to, "/");
  });

  test("a viewer may look and try patterns, and may not act", async () => {
    const one = await signedIn(VIEWER);
    const token = tokenOf((await one.ask("/setup")).text);
    for (const path of ["/deliveries/redrive", "/setup/test"]) {
      const { status, text } = await one.ask(path, { token, customer: "c0" });
      assert.equal(status, 403);
      assert.match(text, /Only operators/);
    }
    assert.equal((await one.ask("/playground", { token, pattern: "{}" })).status, 200);
  });

  test("a viewer is shown no button that they may not press, and reads why, in both languages", async () => {
    const [viewer, operator] = [await signedIn(VIEWER), await signedIn(OPERATOR)];
    const button = 'action="/setup/test"';
    assert.ok((await operator.ask("/setup")).text.includes(button));
    assert.doesNotMatch((await operator.ask("/setup")).text, /Your role is viewer/);
    for (const [language, why] of [
      ["en", /Your role is viewer/],
      ["ja", /閲覧者（viewer）/],
    ] as const) {
      const { text } = await viewer.ask("/setup", undefined, { "accept-language": language });
      assert.ok(!text.includes(button));
      assert.match(text, why);
    }
  });

  test("what an operator does is in the audit log by their address", async () => {
    const one = await signedIn(OPERATOR);
    const token = tokenOf((await one.ask("/setup")).text);
    assert.equal((await one.ask("/deliveries/redrive", { token, scope: "filter" })).status, 303);
    assert.ok((await one.ask("/audit")).text.split(OPERATOR).length > 2);
  });

  test("a form shows the token of its own session", async () => {
    const [one, other] = [await signedIn(OPERATOR), await signedIn(OPERATOR)];
    const token = tokenOf((await other.ask("/setup")).text);
    assert.equal((await one.ask("/deliveries/redrive", { scope: "filter" })).status, 403);
    assert.equal((await one.ask("/deliveries/redrive", { token, scope: "filter" })).status, 403);
  });

  test("who signs out is out, also with the old cookie", async () => {
    const one = await signedIn(OPERATOR);
    const cookie = one.jar.get("shirase_session") ?? "";
    const token = tokenOf((await one.ask("/setup")).text);
    assert.equal((await one.ask("/logout", { token })).to, "/login/out");
    assert.match((await one.ask("/login/out")).text, /You are not signed in/);
    one.jar.set("shirase_session", cookie);
    assert.equal((await one.ask("/")).status, 303);
  });

  test("a person whom the list does not name, or whose address is not verified, is told so", async () => {
    for (const answer of [{ email: "eve@msp.example" }, { email: OPERATOR, claims: { email_verified: false } }]) {
      const one = browser();
      const { status, text } = await one.ask(await cameBack(one, answer));
      assert.equal(status, 403);
      assert.match(text, /You are not in the list/);
      assert.equal(one.jar.has("shirase_session"), false);
    }
  });

  const bad: ReadonlyArray<readonly [why: string, answer: Omit<Answer, "email">]> = [
    ["another nonce", { claims: { nonce: "another" } }],
    ["another issuer", { claims: { iss: "https://evil.example" } }],
    ["another audience", { claims: { aud: "another" } }],
    ["an expired token", { claims: { exp: 1 } }],
    ["another key's signature", { isForged: true }],
  ];
  for (const [why, answer] of bad) {
    test(`refused: ${why}`, async () => {
      const one = browser();
      const { status, text } = await one.ask(await cameBack(one, { email: OPERATOR, ...answer }));
      assert.equal(status, 401);
      assert.match(text, /The sign-in did not work/);
      assert.equal(one.jar.has("shirase_session"), false);
    });
  }

  test("refused: another state, another browser's answer, the same answer twice", async () => {
    const one = browser();
    const back = new URL(await cameBack(one, { email: OPERATOR }));
    assert.equal((await browser().ask(back.href)).status, 401);
    const forged = new URL(back);
    forged.searchParams.set("state", "another");
    assert.equal((await one.ask(forged.href)).status, 401);
    assert.equal((await one.ask(back.href)).status, 401);
  });
});

function keepCookies(answer: Response, jar: Map<string, string>): void {
  for (const line of answer.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === "") jar.delete(name);
    else jar.set(name, value);
  }
}
