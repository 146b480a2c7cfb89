/** One visit to a page: a browser context of its own, so that nothing is cached, and what the browser says of it. */
import type { RunningBrowser } from "@shirase/testkit/browser";

/** What a visit took. */
export type Paint = {
  /** From the start of the navigation to the first byte of the answer. */
  readonly byteMs: number;
  /** … to the first contentful paint. */
  readonly paintMs: number;
  /** All that was transferred, headers as well. */
  readonly bytes: number;
};

/** Visits it. @throws when it is no page that was found. */
export async function paintOf(browser: RunningBrowser["browser"], url: string): Promise<Paint> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  try {
    const page = await context.newPage();
    const answer = await page.goto(url, { waitUntil: "load" });
    if (answer?.status() !== 200) throw new Error(`${url} answered ${answer?.status()}`);
    return await page.evaluate(paintHere);
  } finally {
    await context.close();
  }
}

/** Runs in the page. The first paint may come after the load. */
async function paintHere(): Promise<Paint> {
  const paint = await new Promise<PerformanceEntry>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const found = list.getEntriesByName("first-contentful-paint")[0];
      if (found) resolve(found);
    });
    observer.observe({ type: "paint", buffered: true });
  });
  const navigation = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming;
  const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const bytes = [navigation, ...resources].reduce((sum, { transferSize }) => sum + transferSize, 0);
  return { byteMs: navigation.responseStart, paintMs: paint.startTime, bytes };
}
