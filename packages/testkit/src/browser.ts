/**
 * A real browser for tests: the Chromium that an npm package brings, so that nothing has to be installed by hand.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, type Page, chromium as playwright } from "playwright-core";

/** A running browser, or why this machine has none. */
export type RunningBrowser = { readonly browser: Browser; readonly stop: () => Promise<void> };

/**
 * Not the package's own list: it is for Lambda, runs everything in one process, which dies with the first page, and
 * switches web security off. Root has no sandbox; nothing here may look for anything outside this machine.
 */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/**
 * Starts it. It unpacks into a folder of its own: it would otherwise reuse whatever another version left in the
 * system's.
 */
export async function startBrowser(): Promise<RunningBrowser | { readonly skip: string }> {
  const folder = mkdtempSync(join(tmpdir(), "shirase-browser-"));
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    const executablePath = await chromium.executablePath();
    const browser = await playwright.launch({ executablePath, args: FLAGS, headless: true });
    const stop = async (): Promise<void> => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return { browser, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { skip: `no browser here: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}` };
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}

/**
 * What axe finds that keeps people out of a page, a line each.
 *
 * @param axeSource - axe's own code. The page's policy forbids foreign scripts, as it should; the browser's own door is
 *   open to tests.
 */
export async function axeViolations(page: Page, axeSource: string): Promise<readonly string[]> {
  const found = await page.evaluate(`${axeSource}; axe.run()`);
  const { violations } = found as { violations: readonly { id: string; help: string; nodes: { html: string }[] }[] };
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
}
