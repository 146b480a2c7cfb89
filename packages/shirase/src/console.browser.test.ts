/**
 * The console as the people on duty use it: a real relay, a Slack that refuses what Slack refuses, a real browser.
 * With SHIRASE_SCREENSHOTS=1 it also takes the pictures of docs/console.md.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { readConfig } from "@shirase/core/config-file";
import { prepare } from "@shirase/core/prepare";
import type { Silence } from "@shirase/core/silence";
import { channelPages, type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { onboarding } from "@shirase/infra/onboarding";
import { type Relay, startRelay, stderrLogger } from "@shirase/relay/main";
import { axeViolations, startBrowser } from "@shirase/testkit/browser";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { accountsOf, diceFrom, strangersEvent } from "./demo/accounts.ts";
import { loadConfig } from "./load-config.ts";
import { onboardFor } from "./onboard-for.ts";

const IMAGES = join(import.meta.dirname, "..", "..", "..", "docs", "images");
const TEMPLATES = "https://shirase-templates-{region}.s3.{region}.amazonaws.com";
const CONFIG = join(import.meta.dirname, "..", "demo", "shirase.yaml");
const MOST_PAGE_BYTES = 150_000;

type Look = {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
};

const DESK: Look = { viewport: { width: 1280, height: 860 }, colorScheme: "light" };
const LOOKS: readonly Look[] = [DESK, { viewport: { width: 390, height: 844 }, colorScheme: "dark" }];

const PAGES: ReadonlyArray<readonly [name: string, path: (scene: Scene) => string]> = [
  ["overview", () => "/"],
  ["customer", () => "/customers/acme"],
  ["channel", () => "/customers/acme/channel"],
  ["silences", () => "/customers/acme/silences"],
  ["hostile-silences", () => "/customers/globex/silences"],
  ["setup", () => "/setup"],
  ["sent", () => "/setup/customers/acme"],
  ["report", () => "/customers/acme/report"],
  ["playground", () => "/playground?customer=acme"],
  ["finding", (scene) => scene.told],
  ["hostile", (scene) => scene.hostile],
  ["hostile-channel", () => "/customers/globex/channel"],
  ["hostile-report", () => "/customers/globex/report"],
  ["deliveries", () => "/deliveries"],
  ["deliveries-sent", () => "/deliveries?state=sent"],
  ["audit", () => "/audit"],
];

const started = await startBrowser();
const skip = "skip" in started ? started.skip : false;

suite("the console in a browser", { skip }, () => {
  let scene!: Scene;
  before(async () => {
    scene = await startScene();
  });
  after(async () => {
    await scene?.stop();
    if ("stop" in started) await started.stop();
  });

  suite("overview", () => {
    test("a customer whose channel is gone stands first, and says why", async () => {
      const page = await open(scene, "/");
      await page.getByRole("row").nth(1).getByText("paused").waitFor();
      const first = (await page.getByRole("row").nth(1).textContent()) ?? "";
      assert.match(first, /Initech Group/);
      assert.match((await page.locator(".lead").textContent()) ?? "", /Initech Group \(paused/);
      await page.context().close();
    });

    test("each account and region with its last heartbeat, behind one click", async () => {
      const page = await open(scene, "/");
      const row = page.getByRole("row", { name: /株式会社アクメ/ });
      await row.locator("summary").click();
      await row.getByText("222222222222 ap-northeast-1").waitFor();
      await row.getByText("beating", { exact: true }).waitFor();
      assert.equal(await row.getByText("not set up", { exact: true }).count(), 3);
      await page.context().close();
    });

    test("what happens appears without a reload, and what was folded open stays so", async () => {
      const page = await open(scene, "/");
      const row = page.getByRole("row", { name: /Globex/ });
      const before = await newToday(row);
      await row.locator("summary").click();
      await page.getByRole("status").getByText("live").waitFor();
      await scene.relay.accept([first(scene, "globex")]);
      await page.waitForFunction(
        ([name, count]) => {
          const found = [...document.querySelectorAll("tbody tr")].find((one) =>
            one.textContent?.includes(String(name)),
          );
          return Number(found?.querySelector("td.number")?.textContent) > Number(count);
        },
        ["Globex", before] as const,
      );
      assert.equal(await row.locator("details").getAttribute("open"), "");
      await page.context().close();
    });
  });

  suite("deliveries", () => {
    test("a paused channel says what to do, and is tried at once when told to", async () => {
      const page = await open(scene, "/");
      await page
        .getByRole("row", { name: /Initech/ })
        .getByRole("link", { name: "paused" })
        .click();
      const card = page.getByRole("listitem").filter({ hasText: "Initech Group" });
      await card.getByText("channel_not_found").waitFor();
      await card.getByText(/Invite the app/).waitFor();
      await card.getByRole("button", { name: "Try now" }).click();
      await page.getByText("Messages that wait to be sent again: 0.").waitFor();
      await until(async () => (await scene.relay.store.pauses()).some(({ channelId }) => channelId === "C0INITECH00"));
      await page.context().close();
    });

    test("a dead letter names its reason, and one click sends it again", async () => {
      const page = await open(scene, "/deliveries?state=dead");
      const row = page.getByRole("row", { name: /Globex/ }).first();
      await row.getByText("invalid_blocks").waitFor();
      const before = scene.slack.channel("C0GLOBEX000").messages().length;
      await row.getByRole("button", { name: "Send again" }).click();
      await page.getByText("Messages that wait to be sent again: 1.").waitFor();
      await until(async () => scene.slack.channel("C0GLOBEX000").messages().length > before);
      await page.goto(`${scene.url}/audit`);
      await page.getByRole("row", { name: /local.*sent again.*message .*: 1 messages/ }).waitFor();
      await page.context().close();
    });

    test("a message that was sent leads to itself in Slack", async () => {
      const page = await open(scene, "/deliveries?state=sent&customer=globex");
      const link = page.getByRole("link", { name: "open in Slack" }).first();
      const answer = await fetch(new URL((await link.getAttribute("href")) ?? "", scene.url), { redirect: "manual" });
      assert.equal(answer.status, 303);
      assert.match(answer.headers.get("location") ?? "", /\/archives\/C0GLOBEX000\/p\d+/);
      await page.context().close();
    });

    test("who comes from elsewhere, or without this page's token, changes nothing", async () => {
      const page = await open(scene, "/deliveries");
      const token = (await page.locator("input[name=token]").first().getAttribute("value")) ?? "";
      const post = (headers: Record<string, string>, shown: string) =>
        fetch(`${scene.url}/deliveries/redrive`, {
          method: "POST",
          redirect: "manual",
          headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
          body: new URLSearchParams({ token: shown, scope: "filter" }),
        });
      assert.equal((await post({}, "")).status, 403);
      assert.equal((await post({ origin: "https://evil.example" }, token)).status, 403);
      assert.equal((await post({ "sec-fetch-site": "cross-site" }, token)).status, 403);
      assert.equal((await post({ origin: scene.url }, token)).status, 303);
      await page.context().close();
    });
  });

  suite("a customer", () => {
    test("what is open, narrowed by severity, then by a part of a word", async () => {
      const page = await open(scene, "/");
      await page.getByRole("link", { name: "Globex Corporation" }).click();
      const rows = page.locator("table.rows tbody tr");
      const all = await rows.count();
      await page.getByLabel("Severity").selectOption("CRITICAL");
      await page.getByRole("button", { name: "Show" }).click();
      await page.waitForURL(/severity=CRITICAL/);
      const critical = await rows.count();
      assert.ok(critical > 0 && critical < all, `${critical} of ${all}`);
      const resource = (await rows.first().locator("td").nth(1).textContent()) ?? "";
      await page.getByLabel("Search").fill(resource.slice(2, -2).trim().toUpperCase());
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=[^&]/);
      assert.equal(await rows.count(), 1);
      await page.getByLabel("Search").fill("no such thing anywhere");
      await page.keyboard.press("Enter");
      await page.getByText("No finding has all of these words.").waitFor();
      await page.context().close();
    });

    test("the channel shows what Slack shows, with its threads", async () => {
      const page = await open(scene, "/customers/globex");
      await page.getByRole("link", { name: "Channel", exact: true }).click();
      const cards = page.locator("ol.slack > li");
      await cards.first().waitFor();
      const inSlack = scene.slack
        .channel("C0GLOBEX000")
        .messages()
        .filter((one) => one.thread_ts === undefined);
      assert.ok((await cards.count()) >= inSlack.length, "every root is there");
      await cards.first().getByRole("link", { name: "open in Slack" }).first().waitFor();
      await page.context().close();
    });
  });

  suite("a finding", () => {
    test("its life: what was new, why, and the message that told it, one click from Slack", async () => {
      const page = await open(scene, "/customers/globex?severity=CRITICAL");
      await page.locator("table.rows tbody th a").first().click();
      const step = page.locator(".step.told").last();
      await step.getByText("opened", { exact: true }).waitFor();
      await step.getByText("C0GLOBEX000").waitFor();
      await step.getByRole("link", { name: "open in Slack" }).waitFor();
      await page.getByText("match: every field holds").first().waitFor();
      await page.getByText("The last event that changed it, as it came").click();
      await page.getByText('"detail-type"').waitFor();
      await page.context().close();
    });

    test("nothing that it says is done, wherever it is shown", async () => {
      for (const path of [
        scene.hostile,
        "/",
        "/customers/globex?q=evil",
        "/customers/globex/channel",
        "/deliveries?state=sent",
      ]) {
        const page = await open(scene, path);
        const text = (await page.locator("main").textContent()) ?? "";
        if (path.includes("globex") || path === scene.hostile) assert.match(text, /script/, path);
        assert.match(await page.title(), / · shirase$/, path);
        const found = await page.evaluate(
          "[document.querySelectorAll('main script, main img, main [onerror], a[href^=javascript]').length, document.body.innerText.includes(String.fromCharCode(0x202e))]",
        );
        assert.deepEqual(found, [0, false], path);
        await page.context().close();
      }
    });
  });

  suite("silences", () => {
    test("one problem is silenced from its page, named with its reason, and ended again", async () => {
      const page = await open(scene, scene.told);
      await page.getByRole("link", { name: "Silence this problem" }).click();
      await page.getByLabel("Reason").fill("<script>moving</script> until \u202eMonday");
      await page.getByLabel("Owner").fill("Ana");
      await page.getByLabel("For how many days").selectOption("3");
      const pattern = await page.getByLabel(/^Matches/).inputValue();
      await page.getByRole("button", { name: "Silence" }).click();
      await page.getByText("The silence holds from now on.").waitFor();
      const row = page.getByRole("row", { name: /moving/ });
      await row.getByText("Ana", { exact: true }).waitFor();
      const [kept] = (await scene.relay.store.silences(new Date())).filter(({ owner }) => owner === "Ana");
      assert.deepEqual(JSON.parse(kept?.match ?? ""), JSON.parse(pattern));
      const days = ((kept?.until.getTime() ?? 0) - (kept?.from.getTime() ?? 0)) / (24 * 3_600_000);
      assert.equal(days, 3);
      await page.goto(`${scene.url}/customers/${kept?.customerId}`);
      await page.getByRole("link", { name: /silences? holds?$/ }).click();
      await row.getByRole("button", { name: "End it now" }).click();
      await page.getByRole("status").getByText("The silence has ended.").waitFor();
      await page.getByRole("heading", { name: "Ended in the last 30 days" }).waitFor();
      await page.goto(`${scene.url}/audit`);
      await page.getByRole("row", { name: /local.*ended a silence/ }).waitFor();
      await page.getByRole("row", { name: /local.*made a silence/ }).waitFor();
      await page.context().close();
    });

    test("what is silenced is not told, is counted, and its page says who silenced it", async () => {
      const page = await open(scene, "/customers/globex/silences");
      await page.getByLabel(/^Matches/).fill('{"detail":{"findings":{"Title":[{"wildcard":"*whale*"}]}}}');
      await page.getByLabel("Reason").fill("a whale is expected");
      await page.getByLabel("Owner").fill("Bo");
      await page.getByRole("button", { name: "Silence" }).click();
      await page.getByText("The silence holds from now on.").waitFor();
      const event = first(scene, "globex") as { readonly detail: Readonly<Record<string, unknown>> };
      const [finding] = event.detail["findings"] as readonly Readonly<Record<string, unknown>>[];
      const whale = { ...finding, Id: `${String(finding?.["Id"])}/whale`, Title: "A whale at the gate" };
      const resources = [{ Type: "AwsEc2Instance", Id: "arn:aws:ec2:eu-west-1:444444444444:instance/i-whale" }];
      const told = await scene.relay.accept([
        { ...event, id: "whale", detail: { findings: [{ ...whale, Resources: resources }] } },
      ]);
      assert.ok("told" in told && told.told === 0);
      await page.reload();
      const row = page.getByRole("row", { name: /a whale is expected/ });
      await row.getByRole("cell", { name: "1", exact: true }).waitFor();
      await page.goto(`${scene.url}/customers/globex?q=whale`);
      await page.locator("table.rows tbody th a").first().click();
      await page.getByText(/Bo silenced it until .*: a whale is expected/).waitFor();
      await page.context().close();
    });

    test("what is wrong is said, and what was typed stays", async () => {
      const page = await open(scene, "/customers/acme/silences");
      await page.getByLabel(/^Matches/).fill('{"source":"aws.health"}');
      await page.getByLabel("Reason").fill("because");
      await page.getByLabel("Owner").fill("Ana");
      await page.getByRole("button", { name: "Silence" }).click();
      await page
        .getByRole("alert")
        .getByText(/none that EventBridge takes/)
        .waitFor();
      assert.equal(await page.getByLabel("Reason").inputValue(), "because");
      assert.deepEqual(await axeViolations(page, axe.source), []);
      await page.context().close();
    });
  });

  suite("playground", () => {
    test("a pattern is explained as it is typed, tried on what is remembered, and becomes a filter", async () => {
      const page = await open(scene, scene.told);
      await page.getByRole("link", { name: "Change the pattern in the playground" }).click();
      await page.getByText("match: every field holds").waitFor();
      await page.getByLabel("Pattern").fill('{"source":"aws.securityhub"}');
      await page.getByText("This is no pattern yet").waitFor();
      await page.getByLabel("Pattern").fill('{"source":["aws.nothing"]}');
      await page.getByText(/found "aws.securityhub", wanted "aws.nothing"/).waitFor();
      await page.getByText(/^0 of [1-9]\d* problems/).waitFor();
      await page.getByLabel("Pattern").fill('{"source":["aws.securityhub"]}');
      await page.getByText(/^[1-9]\d* of [1-9]\d* problems/).waitFor();
      await page.getByText('filter: {"source":["aws.securityhub"]}').waitFor();
      await page.context().close();
    });
  });

  suite("the playground's editor", () => {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`colours what is typed, letter by letter, and marks what is wrong (${colorScheme})`, async () => {
        const page = await open(scene, "/playground?customer=acme", "en", { ...DESK, colorScheme });
        const behind = page.locator(".paint").first();
        const field = page.getByLabel("Pattern");
        await field.fill('{"source": [{"prefix": "aws."}, 7, true]}');
        await page.getByText(/^\d+ of \d+ problems/).waitFor();
        assert.equal(await behind.textContent(), `${await field.inputValue()}\n`);
        const colours = await behind.evaluate((pre) =>
          ["key", "operator", "text", "value"].map((kind) => {
            const span = pre.querySelector(`.${kind}`);
            return span === null ? kind : `${span.textContent} ${getComputedStyle(span).color}`;
          }),
        );
        assert.deepEqual(
          colours.map((one) => one.split(" rgb")[0]),
          ['"source"', '"prefix"', '"aws."', "7"],
        );
        assert.equal(new Set(colours.map((one) => one.split(" rgb")[1])).size, 4);
        await field.press("End");
        await field.pressSequentially(" x");
        assert.equal(await behind.textContent(), `${await field.inputValue()}\n`);
        await page.getByText("This is no pattern yet").waitFor();
        await behind.locator(".wrong").filter({ hasText: "x" }).waitFor();
        await field.fill('{\n  "source": "aws.securityhub"\n}');
        await behind.locator(".here").filter({ hasText: '"aws.securityhub"' }).waitFor();
        const [one, other] = await page.evaluate(() =>
          [".paint", ".editor textarea"].map((name) => {
            const { width, height } = document.querySelector(name)?.getBoundingClientRect() ?? {};
            return [Math.round(width ?? 0), Math.round(height ?? 0)];
          }),
        );
        assert.deepEqual(one, other, "one lies behind the other");
        assert.deepEqual(await axeViolations(page, axe.source), []);
        await page.context().close();
      });
    }

    test("an operator is one only among a field's values, and what is missing at the end is shown", async () => {
      const page = await open(scene, "/playground?customer=acme");
      const behind = page.locator(".paint").first();
      const field = page.getByLabel("Pattern");
      const operators = (): Promise<readonly string[]> => behind.locator(".operator").allTextContents();
      await field.fill(
        '{"detail":{"prefix":[{"anything-but":{"prefix":"a"}}]},"$or":[{"suffix":["b"]},{"numeric":[1]}]}',
      );
      await page.getByText(/^\d+ of \d+ problems/).waitFor();
      assert.deepEqual(await operators(), ['"anything-but"', '"prefix"', '"$or"']);
      assert.equal(await page.locator(".paint").nth(1).locator(".operator").count(), 0, "an event has none");
      await field.fill('{"source":["aws.macie"]');
      await page.getByText("This is no pattern yet").waitFor();
      await behind.locator(".here").waitFor({ state: "attached" });
      await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
      assert.equal(await behind.isVisible(), false, "in a person's own colours the field itself is read");
      const [shown, wanted] = await field.evaluate((one) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = "FieldText";
        return [getComputedStyle(one).webkitTextFillColor, getComputedStyle(probe).color];
      });
      assert.equal(shown, wanted, "and in them");
      await page.context().close();
    });

    test("a key given twice makes no text for a config", async () => {
      const page = await open(scene, "/playground?customer=acme");
      await page.getByLabel("Pattern").fill('{"source":["aws.macie"],"source":["aws.securityhub"]}');
      await page.getByText("A key is given twice, so it is not clear what a config should say").waitFor();
      assert.equal(await page.getByRole("region", { name: /for shirase.yaml/ }).count(), 0);
      assert.equal(await page.getByRole("link", { name: "Make this silence now" }).count(), 0);
      await page.context().close();
    });

    test("an empty first line stays where it is, and answers come in the order of the questions", async () => {
      const page = await open(
        scene,
        `/playground?customer=acme&pattern=${encodeURIComponent('\n{"source":["aws.macie"]}')}`,
      );
      assert.equal(await page.getByLabel("Pattern").inputValue(), '\n{"source":["aws.macie"]}');
      const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      let asked = 0;
      await page.route("**/playground", async (route) => {
        asked += 1;
        const isFirst = asked === 1;
        const answer = await route.fetch();
        if (isFirst) await first.promise;
        await route.fulfill({ response: answer }).catch(() => undefined);
        if (isFirst) second.resolve();
      });
      await page.getByLabel("Pattern").fill('{"source":["aws.first"]}');
      await until(async () => asked === 1);
      await page.getByLabel("Pattern").fill('{"source":["aws.second"]}');
      await page.getByText('filter: {"source":["aws.second"]}').waitFor();
      first.resolve();
      await second.promise;
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
      await page.getByText('filter: {"source":["aws.second"]}').waitFor({ timeout: 1000 });
      await page.context().close();
    });

    test("a snippet is copied with one click, and that is said", async () => {
      const page = await open(scene, "/playground?customer=acme", "ja");
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      const text = page.getByRole("region", { name: /shirase.yaml/ }).first();
      const part = page.locator(".copied").first();
      await part.getByRole("button", { name: "コピー" }).click();
      await part.getByText("コピーしました").waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await text.textContent());
      await page.context().close();
    });

    test("a pattern becomes a silence: as text for the config, or at once", async () => {
      const page = await open(scene, "/playground?customer=globex");
      await page.getByLabel("Pattern").fill('{"source":["aws.macie"]}');
      const text = page.getByRole("region", { name: "As a silence of one week, for shirase.yaml" });
      await text.getByText('- match: {"source":["aws.macie"]}').waitFor();
      const written = (await text.textContent()) ?? "";
      const head = 'hub: { account: "111111111111", region: ap-northeast-1 }\nslack: { workspace: T0123456789 }\n';
      const rest = '    name: Globex\n    accounts: ["444444444444"]\n    slack: { channel: C0GLOBEX000 }\n';
      const read = readConfig(`${head}${written}${rest}`, "shirase.yaml");
      assert.ok("config" in read, JSON.stringify(read));
      assert.deepEqual(read.config.customers[0]?.silences?.[0]?.match, { source: ["aws.macie"] });
      await page.getByRole("link", { name: "Make this silence now" }).click();
      assert.equal(await page.getByLabel(/^Matches/).inputValue(), '{"source":["aws.macie"]}');
      await page.context().close();
    });
  });

  suite("setup", () => {
    test("says what remains to be done, and a test finding comes to the channel", async () => {
      const page = await open(scene, "/setup");
      const card = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: "株式会社アクメ" }) });
      await card.getByText("Waiting for the first heartbeat of 3 places.").waitFor();
      await card.getByText("shirase onboard acme").waitFor();
      await card.getByText("The config as it was loaded").click();
      await card.getByText("CRITICAL, HIGH").waitFor();
      await card.getByRole("button", { name: "Send a test finding" }).click();
      await page.getByText("a test finding is on its way to the channel.").waitFor();
      const isTest = ({ text }: { readonly text: string }): boolean => text.includes("テスト");
      await until(async () =>
        scene.slack
          .channel("C0ACME00000")
          .messages()
          .some(({ shown }) => isTest(shown)),
      );
      await page.context().close();
    });
  });

  suite("what a customer is sent", () => {
    test("is a click away from setup, and its files are those that shirase onboard writes", async () => {
      const page = await open(scene, "/setup");
      await page.getByRole("link", { name: "What 株式会社アクメ is sent" }).click();
      await page.getByText("aws cloudformation").first().waitFor();
      const link = page.getByRole("link", { name: "Open in the customer's AWS console" }).first();
      assert.match((await link.getAttribute("href")) ?? "", /^https:\/\/ap-northeast-1\.console\.aws\.amazon\.com\//);
      const config = await loadConfig(CONFIG);
      const customer = prepare(config).customers.get("acme");
      assert.ok(customer);
      const sent = onboarding(config, customer, { templateBase: TEMPLATES });
      assert.ok(!("problem" in sent));
      for (const [name, text] of Object.entries(sent.attachments)) {
        const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
        const file = await fetch(new URL(href ?? "", scene.url));
        assert.equal(await file.text(), text, name);
        assert.match(file.headers.get("content-disposition") ?? "", /^attachment;/);
      }
      assert.equal((await fetch(new URL("/setup/customers/acme/files/toString", scene.url))).status, 404);
      assert.equal((await fetch(new URL("/setup/customers/nobody", scene.url))).status, 404);
      await page.context().close();
    });
  });

  suite("report", () => {
    test("this month beside the last, and the same as CSV without a formula in it", async () => {
      const page = await open(scene, "/customers/globex");
      await page.getByRole("link", { name: "Report" }).click();
      const row = page.getByRole("row", { name: /^Opened/ }).first();
      assert.ok(Number(await row.locator("td").first().textContent()) > 3);
      const csv = await fetch(
        new URL((await page.getByRole("link", { name: "CSV" }).getAttribute("href")) ?? "", scene.url),
      );
      assert.match(csv.headers.get("content-disposition") ?? "", /globex-\d{4}-\d{2}\.csv/);
      const text = await csv.text();
      assert.match(text, /^"Opened",[1-9]/m);
      assert.doesNotMatch(text, /(^|,)"?[=@]/m);
      await page.context().close();
    });
  });

  suite("every page", () => {
    for (const [name, path] of PAGES) {
      // What is hostile is so in every language.
      for (const language of name.startsWith("hostile") ? (["en"] as const) : (["en", "ja"] as const)) {
        test(`${name} (${language}): keeps nobody out (axe), on a phone and in the dark as well`, async () => {
          for (const look of LOOKS) {
            const page = await open(scene, path(scene), language, look);
            assert.deepEqual(await axeViolations(page, axe.source), [], `${name} ${JSON.stringify(look)}`);
            const width = await page.evaluate("document.documentElement.scrollWidth");
            assert.ok(Number(width) <= look.viewport.width, `${name} is ${width} px wide on ${look.viewport.width}`);
            if (process.env["SHIRASE_SCREENSHOTS"]) await picture(page, name, language, look);
            await page.context().close();
          }
        });
      }

      test(`${name}: weighs less than ${MOST_PAGE_BYTES / 1000} kB with all that it loads`, async () => {
        const page = await open(scene, path(scene));
        const sizes = await page.evaluate(
          "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map((one) => one.decodedBodySize)",
        );
        const total = (sizes as readonly number[]).reduce((sum, size) => sum + size, 0);
        assert.ok(total > 1000 && total < MOST_PAGE_BYTES, `${total} bytes`);
        await page.context().close();
      });
    }

    test("the language is one click away and stays", async () => {
      const page = await open(scene, "/");
      await page.getByRole("link", { name: "日本語" }).click();
      await page.getByRole("heading", { name: "概要" }).waitFor();
      await page.goto(`${scene.url}/`);
      await page.getByRole("heading", { name: "概要" }).waitFor();
      await page.context().close();
    });

    test("a keyboard gets to the content with the first tab", async () => {
      const page = await open(scene, "/");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.id"), "main");
      await page.context().close();
    });
  });
});

/** Files that pages of the documentation show. */
const PICTURES: ReadonlySet<string> = new Set([
  "overview",
  "overview.ja",
  "overview-phone",
  "deliveries",
  "customer",
  "channel",
  "finding",
  "playground",
  "setup",
  "sent",
  "silences",
  "report.ja",
]);

type Scene = {
  readonly url: string;
  readonly relay: Relay;
  readonly slack: FakeSlack;
  /** Paths of a finding that was told, and of one that means harm. */
  readonly told: string;
  readonly hostile: string;
  readonly events: Readonly<Record<string, ReturnType<typeof accountsOf>>>;
  readonly stop: () => Promise<void>;
};

function silenceOf(customerId: string): Silence {
  const now = Date.now();
  const hostile = "<img src=x onerror=alert(1)> \u202e <!channel>";
  return {
    id: `of-${customerId}`,
    customerId,
    match: JSON.stringify({ source: ["aws.securityhub"], detail: { findings: { Title: [{ prefix: hostile }] } } }),
    owner: customerId === "globex" ? hostile : "Ana Sato",
    reason: customerId === "globex" ? hostile : "The new load balancer opens port 8080 until the move is over",
    from: new Date(now - 3_600_000),
    until: new Date(now + 5 * 24 * 3_600_000),
  };
}

/** The demo's customers, one of them with a channel that Slack does not know, and half a day of findings. */
async function startScene(): Promise<Scene> {
  const config = await loadConfig(CONFIG);
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-console-"));
  const alive = config.customers.filter(({ id }) => id !== "initech");
  const slack = await startFakeSlack({
    teamId: config.slack.workspace,
    teamName: "Your company",
    botName: "shirase",
    channels: alive.map(({ id, slack }) => ({ id: slack.channel, name: `${id}-security` })),
  });
  // A message that Slack refuses, as it is and made plainer: a dead letter.
  slack.fault({ kind: "error", error: "invalid_blocks", channel: "C0GLOBEX000", method: "chat.postMessage", times: 2 });
  const relay = await startRelay({
    config,
    slackToken: slack.token,
    ingestKey: "a-key-for-tests",
    listen: { host: "127.0.0.1", port: 0 },
    dataDir,
    slackApiUrl: slack.apiUrl,
    readsQueues: false,
    logger: stderrLogger("fatal"),
    mount: (app) => app.route("/slack", channelPages(slack, { basePath: "/slack" })),
    onboard: onboardFor(config, TEMPLATES),
  });
  const stop = async (): Promise<void> => {
    await relay.stop();
    await slack.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const events = await fill(relay, config);
    await until(async () => (await relay.store.pauses()).length > 0);
    await until(async () => ((await relay.store.stats()).waitingByCustomer.get("globex") ?? 0) === 0);
    for (const customerId of ["acme", "globex"]) await relay.store.addSilence(silenceOf(customerId));
    const told = await findingAt(relay.url, "acme", "instance");
    const hostile = await findingAt(relay.url, "globex", "sg-evil-small");
    return { url: relay.url, told, hostile, relay, slack, events, stop };
  } catch (error) {
    // What is left running would keep the whole run waiting.
    await stop();
    throw error;
  }
}

/** Half a day of findings, one of them hostile; an account that beats, and a stranger. */
async function fill(relay: Relay, config: Awaited<ReturnType<typeof loadConfig>>): Promise<Scene["events"]> {
  const dice = diceFrom(7);
  const events = Object.fromEntries(config.customers.map((one) => [one.id, accountsOf(one, dice)]));
  const at = new Date();
  for (const accounts of Object.values(events)) await relay.accept([accounts.first(at)]);
  await until(async () => (await relay.store.stats()).deadByCustomer.size > 0);
  for (const accounts of Object.values(events)) {
    for (let step = 0; step < 12; step += 1) await relay.accept(accounts.next(at));
  }
  const globex = events["globex"];
  assert.ok(globex);
  await relay.accept([
    hostileEvent(globex, at, "sg-evil-large", `${TRICKS}${"🄰".repeat(500_000)}`),
    hostileEvent(globex, at, "sg-evil-small", TRICKS),
    strangersEvent(dice, at),
    heartbeat("222222222222", "ap-northeast-1", at),
    heartbeat("444444444444", "ap-northeast-1", at),
  ]);
  return events;
}

/** The path of the first open finding that a search finds. */
async function findingAt(url: string, customerId: string, word: string): Promise<string> {
  const page = await (await fetch(`${url}/customers/${customerId}?q=${word}`)).text();
  const path = /href="(\/findings\/\d+)"/.exec(page)?.[1];
  assert.ok(path, `no finding has ${word}`);
  return path;
}

/** Everything that a finding could try, in its title, its description and its resource. */
const TRICKS =
  '<script>document.title="owned"</script><img src=x onerror="document.title=1"> \u202egpj.exe <!channel> <@U0VICTIM> ' +
  '"><a href="javascript:alert(1)">x</a> {{7*7}} =HYPERLINK("https://evil.example")';

function hostileEvent(accounts: ReturnType<typeof accountsOf>, at: Date, resource: string, title: string): unknown {
  const event = JSON.parse(JSON.stringify(accounts.first(at)));
  const finding = event.detail.findings[0];
  finding.Title = title;
  finding.Description = TRICKS;
  finding.Resources[0].Id = `arn:aws:ec2:ap-northeast-1:444444444444:security-group/${resource}${TRICKS}`;
  finding.Remediation.Recommendation.Url = "javascript:alert(document.cookie)";
  return event;
}

/** A new problem of a customer's. */
function first({ events }: Scene, customerId: string): unknown {
  const accounts = events[customerId];
  assert.ok(accounts, customerId);
  return accounts.first(new Date());
}

function heartbeat(account: string, region: string, at: Date): unknown {
  const detail = { version: 1, customer: "acme" };
  const time = `${at.toISOString().slice(0, 19)}Z`;
  const id = `heartbeat-${account}-${region}-${at.getTime()}`;
  return { version: "0", id, source: "shirase.heartbeat", "detail-type": "Heartbeat", account, region, time, detail };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > giveUpAt) throw new Error("what was waited for did not come within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open({ url }: Scene, path: string, language: "en" | "ja" = "en", look: Look = DESK): Promise<Page> {
  const context: BrowserContext = await browser().newContext({ ...look, locale: language });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(`${url}${path}`);
  assert.deepEqual(faults, [], `${path}: the browser complains`);
  return page;
}

function browser(): Browser {
  if ("skip" in started) throw new Error(started.skip);
  return started.browser;
}

async function newToday(row: ReturnType<Page["getByRole"]>): Promise<number> {
  return Number(await row.locator("td.number").first().textContent()) || 0;
}

async function picture(page: Page, name: string, language: "en" | "ja", look: Look): Promise<void> {
  const file = `${name}${look === DESK ? "" : "-phone"}${language === "en" ? "" : `.${language}`}`;
  if (!PICTURES.has(file)) return;
  mkdirSync(IMAGES, { recursive: true });
  await page.screenshot({ path: join(IMAGES, `console-${file}.png`), fullPage: look === DESK });
}
