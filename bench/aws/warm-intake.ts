/** Intake's own file, called as Lambda calls it, batch after batch. own-time.ts starts it and reads what it says last. */
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { loadCustomers, securityHubEvent } from "@shirase/testkit/load";
import type { WarmIntake, Worked } from "./own-time.ts";

type Batch = { readonly Records: readonly object[] };
type Handler = (event: Batch) => Promise<unknown>;

const SIZE = 10;
/** Compiled by then, and its connections are open. */
const WARM_UP = 100;
const ROUNDS = 9;
const COUNTED = 40;

const file = join(process.env["LAMBDA_TASK_ROOT"] ?? "", "intake.mjs");
const { handler } = (await import(pathToFileURL(file).href)) as { readonly handler: Handler };
const customers = loadCustomers(SIZE);

/** Problem `n` of each of ten customers: no channel shares its writes with another. */
function acrossChannels(n: number, telling = 0): Batch {
  return batchOf(customers.map((customer) => securityHubEvent(customer, n, telling)));
}

/** Ten problems of one customer: a burst. */
function inOneChannel(n: number): Batch {
  const [first] = customers;
  if (!first) throw new Error("there is no customer");
  return batchOf(Array.from({ length: SIZE }, (_, index) => securityHubEvent(first, 1_000_000 + n * SIZE + index)));
}

function batchOf(events: readonly object[]): Batch {
  const Records = events.map((event, n) => {
    return { messageId: `m${n}`, receiptHandle: "any", body: JSON.stringify(event) };
  });
  return { Records };
}

/** What one batch takes. The batches are made before: making them is no work of intake's. */
async function measure(batch: (n: number) => Batch): Promise<Worked> {
  for (let n = 0; n < WARM_UP; n += 1) await handler(batch(n));
  const rounds: Worked[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const batches = Array.from({ length: COUNTED }, (_, n) => batch(WARM_UP + round * COUNTED + n));
    const [loop, cpu, at] = [performance.eventLoopUtilization(), process.cpuUsage(), performance.now()];
    for (const one of batches) await handler(one);
    const { user, system } = process.cpuUsage(cpu);
    rounds.push({
      activeMs: performance.eventLoopUtilization(loop).active / COUNTED,
      cpuMs: (user + system) / 1000 / COUNTED,
      wallMs: (performance.now() - at) / COUNTED,
    });
  }
  const [middle] = rounds.toSorted((a, b) => a.cpuMs - b.cpuMs).slice(Math.floor(ROUNDS / 2));
  if (!middle) throw new Error("nothing was measured");
  return middle;
}

const warm: WarmIntake = {
  "ten new findings of one customer": await measure(inOneChannel),
  "one new finding of each of ten customers": await measure(acrossChannels),
  "ten that say nothing new": await measure((n) => acrossChannels(n, 1)),
};
process.stderr.write(`${JSON.stringify(warm)}\n`);
