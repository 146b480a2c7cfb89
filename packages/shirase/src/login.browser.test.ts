/**
 * Signing in to the console as people do: a real relay, an OpenID provider, a real browser. Who comes as what, what they
 * then see, and how they leave.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { startFakeSlack } from "@shirase/fake-slack";
import { startRelay, stderrLogger } from "@shirase/relay/main";
import { axeViolations, startBrowser } from "@shirase/testkit/browser";
import { freePort } from "@shirase/testkit/free-port";
import { loadConfig, loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import { startOpenIdProvider } from "@shirase/testkit/openid-provider";
import axe from "axe-core";
import type { Page } from "playwright-core";

const OPERATOR = "ana@msp.example";
const VIEWER = "ben@msp.example";
const LIMITED = "kim@msp.example";
const STRANGER = "eve@msp.example";
const CUSTOMERS = loadCustomers(2);
const [CUSTOMER] = CUSTOMERS;
const CHANNEL = CUSTOMER?.channel ?? "";

/** What the test looks for, by language. */
const SAYS = {
  en: {
    overview: "Overview",
    deliveries: "Deliveries",
    setup: "Setup",
    audit: "Audit log",
    tryNow: "Try now",
    sendTest: "Send a test finding",
    notFound: "No such page",
    live: "live",
    whyNot: "Your role is viewer: the buttons that change something are an operator's.",
    sentAgain: "sent again",
    notInvited: "You are not in the list",
    signOut: "Sign out",
    signedOut: "You are not signed in",
    signIn: "Sign in",
  },
  ja: {
    overview: "概要",
    deliveries: "配信",
    setup: "設定状況",
    audit: "操作履歴",
    tryNow: "今すぐ再試行",
    sendTest: "テスト通知を送る",
    notFound: "ページがありません",
    live: "自動更新中",
    whyNot: "閲覧者（viewer）として表示しています。送信などの操作ボタンは operator にだけ表示されます。",
    sentAgain: "再送",
    notInvited: "一覧にありません",
    signOut: "サインアウト",
    signedOut: "サインインしていません",
    signIn: "サインイン",
  },
} as const;
type Language = keyof typeof SAYS;

const started = await startBrowser();
const skip = "skip" in started ? started.skip : false;

suite("signing in to the console in a browser", { skip }, () => {
  let scene!: Scene;
  before(async () => {
    scene = await startScene();
  });
  after(async () => {
    await scene?.stop();
    if ("stop" in started) await started.stop();
  });

  for (const language of ["en", "ja"] as const) {
    const says = SAYS[language];

    test(`(${language}) a viewer is sent to sign in, comes to the page asked for, and finds no button to press`, async () => {
      const page = await visit(scene, VIEWER, "/deliveries", language);
      assert.equal(page.url(), `${scene.url}/deliveries`);
      await page.getByText(VIEWER).waitFor();
      await page.getByText("channel_not_found").first().waitFor();
      assert.equal(await page.getByRole("button", { name: says.tryNow }).count(), 0);
      await page.getByText(says.whyNot).waitFor();
      assert.deepEqual(await axeViolations(page, axe.source), [], "the deliveries of a viewer");
      await page.getByRole("link", { name: says.setup }).click();
      await page.getByText(says.whyNot).waitFor();
      assert.equal(await page.getByRole("button", { name: says.sendTest }).count(), 0);
      await page.getByRole("link", { name: says.overview }).click();
      await page.getByRole("link", { name: "Customer c0" }).click();
      await page.getByRole("heading", { name: "Customer c0" }).waitFor();
      await page.context().close();
    });

    test(`(${language}) an operator presses one, and the audit log says who it was`, async () => {
      const page = await visit(scene, OPERATOR, "/deliveries", language);
      assert.equal(await page.getByText(says.whyNot).count(), 0);
      await page.getByRole("button", { name: says.tryNow }).click();
      await page.waitForURL(/redriven=/);
      await page.getByRole("link", { name: says.audit }).click();
      const row = page
        .getByRole("row")
        .filter({ hasText: OPERATOR })
        .filter({ hasText: `channel ${CHANNEL}` });
      await row.first().getByText(says.sentAgain).waitFor();
      await page.context().close();
      // Slack refuses the channel again: the next reader finds it paused, whichever language comes first.
      await scene.paused();
    });

    test(`(${language}) who may see one customer finds that one, as it is by now, and no other`, async () => {
      const page = await visit(scene, LIMITED, "/", language);
      await page.getByRole("status").getByText(says.live).waitFor();
      assert.equal(await page.getByRole("row").count(), 2, "the head and one customer");
      assert.equal(await page.getByRole("link", { name: says.audit }).count(), 0);
      assert.deepEqual(await axeViolations(page, axe.source), [], "the overview of one customer");
      await page.getByRole("link", { name: "Customer c0" }).click();
      const rows = page.locator("table.rows tbody tr");
      await rows.first().waitFor();
      const before = await rows.count();
      await scene.happens();
      await rows.nth(before).waitFor();
      await page.goto(`${scene.url}/customers/c1`);
      await page.getByRole("heading", { name: says.notFound }).waitFor();
      await page.context().close();
    });

    test(`(${language}) whom the list does not name is refused in words that everybody can read`, async () => {
      const page = await visit(scene, STRANGER, "/", language);
      await page.getByRole("heading", { name: says.notInvited }).waitFor();
      assert.deepEqual(await axeViolations(page, axe.source), [], "the refusal");
      assert.ok(!((await page.locator("body").textContent()) ?? "").includes("Customer c0"));
      await page.goto(`${scene.url}/`);
      await page.getByRole("heading", { name: says.notInvited }).waitFor();
      await page.context().close();
    });

    test(`(${language}) who signs out is asked to sign in again`, async () => {
      const page = await visit(scene, VIEWER, "/", language);
      await page.getByRole("button", { name: says.signOut }).click();
      await page.getByRole("heading", { name: says.signedOut }).waitFor();
      assert.equal(page.url(), `${scene.url}/login/out`);
      assert.equal(await page.getByText(VIEWER).count(), 0);
      // Somebody else on the same machine.
      scene.signsIn(OPERATOR);
      await page.getByRole("main").getByRole("link", { name: says.signIn }).click();
      await page.getByText(OPERATOR).waitFor();
      await page.context().close();
    });
  }
});

type Scene = {
  readonly url: string;
  /** Who the provider says that it is, from now on. */
  readonly signsIn: (email: string) => void;
  /** Something new is found at the first customer. */
  readonly happens: () => Promise<void>;
  /** Waits until the customer's channel is paused. */
  readonly paused: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A relay with two customers, whose channels Slack does not know: there is a button to press. */
async function startScene(): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-login-"));
  const provider = await startOpenIdProvider();
  const slack = await startFakeSlack({ channels: [] });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { issuer, clientId, clientSecret } = provider;
  const login = {
    url,
    oidc: { issuer, clientId, clientSecret: { env: "CLIENT_SECRET" } },
    people: [{ email: OPERATOR, role: "operator" }, { email: VIEWER }, { email: LIMITED, customers: [CUSTOMER?.id] }],
  };
  const relay = await startRelay({
    config: Config.parse({ ...(loadConfig(CUSTOMERS) as object), console: login }),
    slackToken: slack.token,
    ingestKey: "a-key-for-tests",
    consoleClientSecret: clientSecret,
    listen: { host: "127.0.0.1", port },
    dataDir,
    slackApiUrl: slack.apiUrl,
    readsQueues: false,
    logger: stderrLogger("silent"),
  });
  const stop = async (): Promise<void> => {
    await relay.stop();
    await slack.close();
    await provider.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  let problems = 0;
  const happens = async (): Promise<void> => {
    assert.ok(CUSTOMER);
    problems += 1;
    await relay.accept([securityHubEvent(CUSTOMER, problems)]);
  };
  const paused = (): Promise<void> => until(async () => (await relay.store.pauses()).length > 0);
  try {
    await happens();
    await paused();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, signsIn: (email) => provider.next({ email }), happens, paused, stop };
}

/** A new browser in which this person asks for a page: the provider sends them back signed in. */
async function visit(scene: Scene, email: string, path: string, language: Language): Promise<Page> {
  if ("skip" in started) throw new Error(started.skip);
  const context = await started.browser.newContext({ locale: language });
  const page = await context.newPage();
  scene.signsIn(email);
  await page.goto(`${scene.url}${path}`);
  return page;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > giveUpAt) throw new Error("what was waited for did not come within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
