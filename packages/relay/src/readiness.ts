/**
 * Is the relay of use? It is when what it takes can be written, when it can read its queues, and when Slack lets it in.
 * A Slack that is down for a while makes it no less ready: events are taken and told later. A token that Slack refuses
 * does: a person must act.
 */
import type { Clock } from "./clock.ts";
import { queueInWords } from "./ingest/queue.ts";
import type { QueueState } from "./ingest/sqs.ts";
import type { Destination } from "./send/destination.ts";
import type { Store } from "./store/store.ts";

/** `undefined` when all is well, else what is not and what to do. Never throws. */
export type Readiness = () => Promise<string | undefined>;

/** Whom it asks. */
export type ReadinessOptions = {
  readonly store: Pick<Store, "probe">;
  readonly destination: Pick<Destination, "check">;
  readonly queues: () => readonly QueueState[];
  readonly clock: Clock;
};

const ASK_SLACK_EVERY_MS = 60_000;
const ASK_STORE_EVERY_MS = 5000;

/** Anybody may ask, as often as they like: Slack and the disk are asked less often. */
export function readinessOf({ store, destination, queues, clock }: ReadinessOptions): Readiness {
  const askStore = atMostEvery(ASK_STORE_EVERY_MS, clock, () => problemOfStore(store, clock));
  const askSlack = atMostEvery(ASK_SLACK_EVERY_MS, clock, async () => {
    const failure = await destination.check();
    return failure?.kind === "stop" ? `Slack: ${failure.reason}. ${failure.remedy}` : undefined;
  });
  return async () => (await askStore()) ?? problemOfQueues(queues()) ?? (await askSlack());
}

function problemOfQueues(queues: readonly QueueState[]): string | undefined {
  const problems = queues.flatMap(({ arn, trouble }) =>
    trouble ? [`${queueInWords(arn)}: ${trouble.problem}. ${trouble.remedy}`] : [],
  );
  return problems.length === 0 ? undefined : problems.join(" ");
}

async function problemOfStore(store: Pick<Store, "probe">, clock: Clock): Promise<string | undefined> {
  try {
    await store.probe(clock.now());
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return `the data folder cannot be written: ${cause}. ${remedyFor(error)}`;
  }
}

/** What to do about an error of the store's. Its own name a remedy already. */
function remedyFor(error: unknown): string {
  const { code, message } =
    error instanceof Error ? { code: "", ...error, message: error.message } : { code: "", message: "" };
  if (code === "store-gone" || code === "file-gone") return "Nothing is acknowledged until then.";
  if (/malformed|not a database/.test(message)) {
    return "Stop the relay and ask `shirase data check`; put a backup in its place if it says so.";
  }
  return "Make room, or mend its permissions.";
}

/** Keeps a good answer for a while; a bad one is asked for again, so that a cure shows at once. */
function atMostEvery(ms: number, clock: Clock, ask: Readiness): Readiness {
  let last: { readonly at: number; readonly answer: Promise<string | undefined> } | undefined;
  return async () => {
    const now = clock.now().getTime();
    if (last === undefined || now - last.at >= ms) last = { at: now, answer: ask() };
    const asked = last;
    const problem = await asked.answer;
    if (problem !== undefined && last === asked) last = undefined;
    return problem;
  };
}
