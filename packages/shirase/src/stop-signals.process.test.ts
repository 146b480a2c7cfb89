/** Ctrl-C, pressed once and twice, on a process of its own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { suite, test } from "node:test";

const MODULE = JSON.stringify(join(import.meta.dirname, "stop-signals.ts"));

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs work that hears of Ctrl-C, and presses it at each word that the work says. */
async function pressed(work: string, times: number): Promise<Ended> {
  const script = `
    const { interruptible } = await import(${MODULE});
    const alive = setInterval(() => undefined, 1000);
    await interruptible(async (signal) => { ${work} }, () => "last words\\n");
    clearInterval(alive);
    console.log("done");`;
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "pipe" });
  let [out, err, left] = ["", "", times];
  child.stdout?.on("data", (chunk) => {
    out += chunk;
    if (left > 0) child.kill("SIGINT");
    left -= 1;
  });
  child.stderr?.on("data", (chunk) => {
    err += chunk;
  });
  await once(child, "close");
  return { code: child.exitCode, out, err };
}

const ABORTED = "await new Promise((resolve) => signal.addEventListener('abort', resolve));";

suite("work that may be interrupted", () => {
  test("is not, if nobody presses anything", async () => {
    assert.deepEqual(await pressed("console.log('works');", 0), { code: 0, out: "works\ndone\n", err: "" });
  });

  test("once: it hears of it and finishes", async () => {
    const { code, out, err } = await pressed(`console.log('works'); ${ABORTED} console.log('tidies');`, 1);
    assert.deepEqual([code, out, err], [0, "works\ntidies\ndone\n", ""]);
  });

  test("twice: it ends at once, and says what is left", async () => {
    const forever = "await new Promise(() => undefined);";
    const { code, out, err } = await pressed(`console.log('works'); ${ABORTED} console.log('tidies'); ${forever}`, 2);
    assert.deepEqual([code, out, err], [1, "works\ntidies\n", "last words\n"]);
  });
});
