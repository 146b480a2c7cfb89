/**
 * What must be true of every story, however it went. Each breach says which promise is broken and by what.
 *
 * Slack's side is its ledger: what a reader would see. The relay's side is the witness of its store. Where both are
 * needed they must agree.
 */
import { SEVERITIES, type Severity } from "@shirase/core/finding";
import { LOOKS } from "@shirase/core/looks";
import { type Known, observe, type Standing, standsAs } from "@shirase/core/observe";
import type { LedgerEntry } from "@shirase/fake-slack";
import type { DeadLetter } from "@shirase/relay/store/store";
import type { HeardTelling, Made, Witness } from "./witness.ts";
import type { World } from "./world.ts";

/** A promise that was broken. */
export type Breach = {
  readonly promise:
    | "acknowledged means durable"
    | "a 429 is waited out"
    | "each news is told"
    | "nothing is told twice"
    | "a message names what it tells"
    | "what is counted is named"
    | "each customer in its own channel"
    | "no 429 of our own making"
    | "nothing is hidden"
    | "no order matters"
    | "a finished world is quiet"
    | "a card shows how it stands"
    | "nothing breaks";
  readonly words: string;
};

/** What is asked at the end. */
export type Ending = {
  readonly world: World;
  readonly letters: readonly DeadLetter[];
  /** Requests to Slack in the days after all was told. */
  readonly requestsAfterEnd: readonly string[];
};

/** Every broken promise; none is what we want. */
export function breachesOf(ending: Ending): readonly Breach[] {
  const posts = postsOf(ending.world.network.slack.ledger());
  return [
    ...untold(ending.world, posts),
    ...unshown(ending, posts),
    ...uncounted(ending),
    ...misplaced(ending.world),
    ...overPace(ending.world),
    ...disordered(ending.world.witness),
    ...unquiet(ending),
    ...misshown(ending.world, posts),
    ...undurable(ending.world),
    ...broken(ending.world),
  ];
}

type Posts = ReadonlyMap<string, readonly LedgerEntry[]>;

/** Slack's messages by the relay's id of them. */
function postsOf(ledger: readonly LedgerEntry[]): Posts {
  return Map.groupBy(ledger, (entry) => payloadOf(entry).delivery);
}

function payloadOf({ payload }: LedgerEntry): { readonly delivery: string; readonly customer: string } {
  const found = payload.metadata?.["event_payload"];
  return found as unknown as { delivery: string; customer: string };
}

function textOf({ text, blocks, attachments }: LedgerEntry["payload"]): string {
  return JSON.stringify([text, blocks, attachments]);
}

/** Each news is in one message that names it. */
function untold({ witness }: World, posts: Posts): readonly Breach[] {
  return [...witness.dues.values()].flatMap(({ words, toldIn, resource }): readonly Breach[] => {
    if (toldIn.length === 0) return [{ promise: "each news is told", words: `${words} is in no message` }];
    if (toldIn.length > 1)
      return [{ promise: "nothing is told twice", words: `${words} is in ${toldIn.join(" and ")}` }];
    const nameless = toldIn.filter((id) =>
      (posts.get(id) ?? []).some((entry) => !textOf(entry.payload).includes(resource)),
    );
    return nameless.map((id) => ({ promise: "a message names what it tells", words: `${id} does not name ${words}` }));
  });
}

/** Each message was shown once, or is a dead letter. */
function unshown({ world, letters }: Ending, posts: Posts): readonly Breach[] {
  const dead = new Set(letters.map(({ id }) => id));
  return [...world.witness.made].flatMap(([id, { message }]): readonly Breach[] => {
    const shown = posts.get(id) ?? [];
    const still = shown.filter(({ deletedAt }) => deletedAt === undefined);
    const what = `${message.kind} ${id}`;
    if (dead.has(id)) {
      return shown.length === 0 ? [] : [{ promise: "nothing is told twice", words: `${what} was shown and given up` }];
    }
    if (shown.length === 0) return [{ promise: "each news is told", words: `${what} was never shown` }];
    return still.length > 1
      ? [{ promise: "nothing is told twice", words: `${what} was shown ${still.length} times` }]
      : [];
  });
}

/** Under each burst as many are named as were counted. */
function uncounted({ world }: Ending): readonly Breach[] {
  const sums = new Map<string, { counted: number; named: number }>();
  for (const { message, isCount } of world.witness.made.values()) {
    const id = message.root?.id ?? message.id;
    const sum = sums.get(id) ?? { counted: 0, named: 0 };
    if (isCount) sum.counted += message.counted;
    else if (message.kind === "names") sum.named += message.counted;
    sums.set(id, sum);
  }
  return [...sums].flatMap(([id, { counted, named }]): readonly Breach[] => {
    const words = `under ${id} ${counted} are counted and ${named} named`;
    return counted === named ? [] : [{ promise: "what is counted is named", words }];
  });
}

/** Nothing of a customer stands in a channel that was never its own, nor in another's message. */
function misplaced({ network, witness, customers, channels, story }: World): readonly Breach[] {
  const owners = new Map([...witness.dues.values()].map(({ resource, customerId }) => [resource, customerId]));
  const homes = new Map(customers.map(({ id }, n) => [id, new Set([channels[story.channels[n] ?? 0]])]));
  for (const act of story.acts) {
    if (act.kind === "move") homes.get(customers[act.customer]?.id ?? "")?.add(channels[act.channel]);
  }
  return network.slack.ledger().flatMap((entry): readonly Breach[] => {
    const { customer, delivery } = payloadOf(entry);
    const texts = textOf(entry.payload) + textOf(entry.shown);
    const strangers = [...texts.matchAll(/sg-[0-9a-f]{17}/g)].filter(([resource]) => owners.get(resource) !== customer);
    const isAtHome = customer === "" || homes.get(customer)?.has(entry.channel);
    if (strangers.length === 0 && isAtHome) return [];
    const words = `${delivery} of ${customer} in ${entry.channel} names ${strangers.length} things of others`;
    return [{ promise: "each customer in its own channel", words }];
  });
}

function undurable({ acknowledged, witness }: World): readonly Breach[] {
  const lost = [...acknowledged].filter((id) => !witness.committed.has(id));
  return lost.map((id) => ({ promise: "acknowledged means durable", words: `event ${id} was never committed` }));
}

function overPace({ network }: World): readonly Breach[] {
  const refused = network.slack.refused().filter(({ status }) => status === 429);
  const hasty = network.hasty();
  const hidden = network.slack.ledger().filter((entry) => entry.hidden);
  return [
    ...(hasty > 0 ? [{ promise: "a 429 is waited out", words: `${hasty} posts did not wait` } as const] : []),
    ...refused.map(({ method, channel, receivedAt }): Breach => {
      const words = `${method} in ${channel} at ${receivedAt.toISOString()}`;
      return { promise: "no 429 of our own making", words };
    }),
    ...hidden.map((entry): Breach => {
      const words = `${payloadOf(entry).delivery} in ${entry.channel} at ${entry.receivedAt.toISOString()}`;
      return { promise: "nothing is hidden", words };
    }),
  ];
}

/** Each problem stands as if its tellings had come in order, each once. */
function disordered({ heard, known }: Witness): readonly Breach[] {
  return [...heard].flatMap(([id, tellings]): readonly Breach[] => {
    const got = known.get(id);
    const want = inOrder(tellings);
    if (got && want && JSON.stringify(standsOf(got)) === JSON.stringify(standsOf(want))) return [];
    const words = `${id}: ${JSON.stringify(got && standsOf(got))}, in order ${JSON.stringify(want && standsOf(want))}`;
    return [{ promise: "no order matters", words }];
  });
}

function inOrder(tellings: readonly HeardTelling[]): Known | undefined {
  const sorted = tellings.toSorted(
    (a, b) => a.finding.updatedAt.getTime() - b.finding.updatedAt.getTime() || a.sentAt.getTime() - b.sentAt.getTime(),
  );
  let known: Known | undefined;
  for (const { finding, sentAt } of sorted) known = observe(known, finding, sentAt).known;
  return known;
}

/** What must not depend on the order; how often it flapped on the way, and what it was told at, may. */
function standsOf({ standing, severity, isTakenOn, copies }: Known): object {
  return { standing, isTakenOn, copies, ...(standing === "open" ? { severity } : {}) };
}

function unquiet({ requestsAfterEnd }: Ending): readonly Breach[] {
  if (requestsAfterEnd.length === 0) return [];
  return [
    { promise: "a finished world is quiet", words: `${requestsAfterEnd.length} x ${requestsAfterEnd[0]} and more` },
  ];
}

/** The colour of each card, and of a burst that is over, is that of how its problems stand. */
function misshown({ witness, story, customers }: World, posts: Posts): readonly Breach[] {
  const moved = new Set(
    story.acts.flatMap((act) => (act.kind === "move" || act.kind === "remove" ? [customers[act.customer]?.id] : [])),
  );
  return [...witness.made].flatMap(([id, made]): readonly Breach[] => {
    const { kind, customerId } = made.message;
    if ((kind !== "card" && kind !== "burst") || moved.has(customerId)) return [];
    const [entry] = posts.get(id) ?? [];
    const color = entry?.shown.attachments[0]?.["color"];
    const want = colorFor(membersOf(id, made, witness));
    if (entry === undefined || entry.deletedAt || color === want || want === undefined) return [];
    if (kind === "burst" && want !== LOOKS.passing[1]) return [];
    return [{ promise: "a card shows how it stands", words: `${kind} ${id} is ${color} and should be ${want}` }];
  });
}

function membersOf(id: string, { tells }: Made, { rootOf, dues, known }: Witness): readonly Known[] {
  const own = [...rootOf].filter(([, root]) => root === id).map(([problem]) => problem);
  const told = tells.flatMap((name) => {
    const due = dues.get(name);
    return due ? [`${due.customerId}|${due.key}`] : [];
  });
  return [...new Set([...own, ...told])].flatMap((problem) => known.get(problem) ?? []);
}

function colorFor(members: readonly Known[]): string | undefined {
  if (members.length === 0) return undefined;
  const stands = members.map((known): Standing | Severity => {
    const now = standsAs(known);
    return now === "open" ? known.severity : now;
  });
  const worst = SEVERITIES.findLast((severity) => stands.includes(severity));
  if (worst) return LOOKS[worst][1];
  return stands.includes("resolved") ? LOOKS.passing[1] : LOOKS.quiet[1];
}

/** What Slack may say of a message: its channel is closed, or somebody deleted what we speak of. */
const EXPECTED: ReadonlySet<string> = new Set(["is_archived", "is_inactive", "message_not_found", "thread_not_found"]);

function broken({ faults, network, unacknowledged }: World): readonly Breach[] {
  const refused = network.slack.refused().filter(({ status, error }) => status === 200 && !EXPECTED.has(error));
  return [
    ...faults.map((error): Breach => ({ promise: "nothing breaks", words: String(error) })),
    ...refused.map(({ method, error }): Breach => ({ promise: "nothing breaks", words: `${method}: ${error}` })),
    ...(unacknowledged > 0
      ? [{ promise: "nothing breaks", words: `${unacknowledged} requests never acknowledged` } as const]
      : []),
  ];
}
