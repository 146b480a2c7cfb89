/**
 * The demo as a newcomer meets it: the command is started as typed, its page is opened in a real browser, and every
 * customer's channel fills up. With SHIRASE_SCREENSHOTS=1 it also takes the pictures of the README.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, suite, test } from "node:test";
import { type RunningBrowser, startBrowser } from "@shirase/testkit/browser";
import axe from "axe-core";
import type { Page } from "playwright-core";

const BIN = join(import.meta.dirname, "bin.ts");
const IMAGES = join(import.meta.dirname, "..", "..", "..", "docs", "images");
const STARTED_WITHIN_MS = 20_000;

const started = await startBrowser();
const skip = "skip" in started ? started.skip : false;

suite("the demo in a browser", { skip }, () => {
  let child: ChildProcess;
  let url = "";

  before(async () => {
    const args = ["--conditions=@shirase/source", BIN, "demo", "--listen", "127.0.0.1:0", "--every", "0.2"];
    child = spawn(process.execPath, args, { env: cleanEnv(), stdio: ["ignore", "pipe", "inherit"] });
    url = await addressSaid(child);
  });
  after(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
    if ("stop" in started) await started.stop();
  });

  for (const [channel, language, words] of [
    ["acme-security", "ja", "株式会社アクメ"],
    ["globex-security", "en", "Globex Corporation"],
    ["initech-security", "en", "Initech Group"],
  ] as const) {
    test(`#${channel} hears of its own customer (${language})`, async () => {
      const page = await open(started, url);
      await page.getByRole("link", { name: channel }).click();
      await page.getByText(words).first().waitFor();
      await page.getByText("CRITICAL").first().waitFor();
      const text = (await page.locator("main").textContent()) ?? "";
      assert.match(text, /CRITICAL/);
      for (const other of ["株式会社アクメ", "Globex Corporation", "Initech Group"]) {
        if (other !== words) assert.ok(!text.includes(other), `${other} is told in #${channel}`);
      }
      await page.close();
    });
  }

  test("a message arrives while one looks on, without a reload", async () => {
    const page = await open(started, url);
    const count = async (): Promise<number> =>
      Number(/(\d+) accepted/.exec((await page.locator("body").textContent()) ?? "")?.[1]);
    const first = await count();
    await page.waitForFunction(
      (before) => Number(/(\d+) accepted/.exec(document.body.textContent ?? "")?.[1]) > before,
      first,
    );
    assert.ok((await count()) > first);
    await page.close();
  });

  test("nothing on the page keeps anybody out (axe)", async () => {
    const page = await open(started, url);
    // The page's policy forbids foreign scripts, as it should; the browser's own door is open to tests.
    const found = await page.evaluate(`${axe.source}; axe.run()`);
    const { violations } = found as { violations: readonly { id: string; help: string }[] };
    assert.deepEqual(
      violations.map(({ id, help }) => `${id}: ${help}`),
      [],
    );
    await page.close();
  });

  if (process.env["SHIRASE_SCREENSHOTS"]) {
    test("the pictures of the README", async () => {
      mkdirSync(IMAGES, { recursive: true });
      const page = await open(started, url);
      await page.setViewportSize({ width: 1280, height: 860 });
      await page.getByText("株式会社アクメ").first().waitFor();
      await page.screenshot({ path: join(IMAGES, "demo.png") });
      await page.close();
    });
  }
});

async function open(running: RunningBrowser | { readonly skip: string }, url: string): Promise<Page> {
  if ("skip" in running) throw new Error(running.skip);
  const page = await running.browser.newPage();
  await page.goto(url);
  return page;
}

/** A newcomer's environment: nothing of ours is set. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { SLACK_BOT_TOKEN: _token, SLACK_API_URL: _url, SHIRASE_CONFIG: _config, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1" };
}

function addressSaid(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the demo said no address")), STARTED_WITHIN_MS);
    if (!child.stdout) return reject(new Error("the demo has no standard output"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = /open\s+(http:\S+)/.exec(line)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(`${found}/slack`);
    });
  });
}
