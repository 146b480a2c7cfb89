/** What the store's contract is told: events with findings, and messages, each with only what a test is about. */
import { createHash } from "node:crypto";
import type { Finding, Severity } from "@shirase/core/finding";
import type { HeardFinding } from "@shirase/core/hear";
import { reason } from "@shirase/core/reason";
import type { HeardWithBody, NewMessage, Retention, Store } from "./store.ts";

/** The store that a test works on; it may close it and put another in its place. */
export type Bench = { store: Store };

export const ACME = { customerId: "acme", channelId: "C0ACME00000" } as const;
export const GLOBEX = { customerId: "globex", channelId: "C0GLOBEX000" } as const;

const START = Date.parse("2026-11-20T00:00:00Z");

/** So many seconds after the tests' first moment. */
export function at(seconds: number): Date {
  return new Date(START + seconds * 1000);
}

export const DAY = 24 * 3600;

/** A failing finding of its own problem. `key` has four parts, the first three its cause. */
export function finding(resource: string, over: Partial<Finding> = {}): Finding {
  const key = `222222222222|eu-west-1|EC2.19|${resource}`;
  return {
    kind: "finding",
    key,
    aliases: [`arn:aws:securityhub:eu-west-1:222222222222:finding/${resource}`],
    product: "Security Hub",
    cause: "EC2.19",
    controlId: "EC2.19",
    accountId: "222222222222",
    region: "eu-west-1",
    title: "Ports are open to the world",
    description: "",
    severity: "HIGH",
    seen: "failing",
    isTakenOn: false,
    seenBecause: "Compliance.Status FAILED",
    resources: [{ id: resource, type: "AwsEc2SecurityGroup" }],
    standards: [],
    facts: [{ name: "starts", value: at(0) }],
    firstSeenAt: at(0),
    updatedAt: at(0),
    isSample: false,
    ...over,
  };
}

/** An event of a customer with these findings, all of them wanted. Sent when its first finding was updated. */
export function heard(
  eventId: string,
  findings: readonly Finding[],
  over: Partial<typeof ACME | typeof GLOBEX> & { readonly sentAt?: Date } = {},
): HeardWithBody {
  const all = findings.map((one): HeardFinding => ({ finding: one, heard: [], wanted: [] }));
  return heardWith(eventId, all, over);
}

function heardWith(eventId: string, findings: readonly HeardFinding[], over: object = {}): HeardWithBody {
  const sentAt = findings[0]?.finding.updatedAt ?? at(0);
  const base = { eventId, source: "aws.securityhub", ...ACME, sentAt, reasons: [] };
  return { heard: { ...base, ...over, findings }, body: () => `{"id":"${eventId}"}` };
}

/** An event about a new problem at each of these resources. */
export function opened(eventId: string, resources: readonly string[], over: Parameters<typeof heard>[2] = {}) {
  const findings = resources.map((resource) => finding(resource));
  return heard(eventId, findings, over);
}

/** A new telling of a problem. */
export function telling(
  eventId: string,
  resource: string,
  seconds: number,
  over: Partial<Finding> & { readonly severity?: Severity } = {},
): HeardWithBody {
  return heard(eventId, [finding(resource, { updatedAt: at(seconds), ...over })]);
}

export const RESOLVED = { seen: "passing", severity: "INFORMATIONAL" } as const;

/** An event that nobody owns. */
export function stranger(eventId: string): HeardWithBody {
  const quarantine = "no customer has account 999999999999";
  const said = { code: "nobodysAccount", facts: { account: "999999999999" } } as const;
  return { heard: { eventId, source: "aws.securityhub", quarantine, said }, body: () => `{"id":"${eventId}"}` };
}

/** An event of acme's with a sound finding and one about an account that is not acme's. */
export function halfForeign(eventId: string): HeardWithBody {
  const refused = reason("owner", false, "foreignAccount", { account: "999999999999", customer: "acme" });
  const foreign = { finding: finding("sg-foreign"), heard: [refused], wanted: [], quarantine: refused.because };
  return heardWith(eventId, [{ finding: finding("sg-own"), heard: [], wanted: [] }, foreign]);
}

/** A sign of life of acme's account in a region. */
export function beat(eventId: string, region = "eu-west-1"): HeardWithBody {
  return heardWith(eventId, [], { heartbeat: { accountId: "222222222222", region } });
}

/** A card to acme's channel; its body is its id. */
export function message(id: string, over: Partial<NewMessage> = {}): NewMessage {
  const base = { kind: "card", severityRank: 3, body: `{"text":"${id}"}`, counted: 1, isBroadcast: false } as const;
  return { id, ...ACME, ...base, causeKey: "222222222222|eu-west-1|EC2.19", face: finding("sg-face"), ...over };
}

/** A word to the people who run shirase. */
export function note(id: string, over: Partial<NewMessage> = {}): NewMessage {
  return {
    id,
    customerId: "",
    channelId: "C0OPS000000",
    kind: "note",
    severityRank: 3,
    body: `{"text":"${id}"}`,
    counted: 0,
    isBroadcast: false,
    ...over,
  };
}

/** Tells, claims all that is pending in one message of that id, and has it sent: its problems hang under it. */
export async function tellAndSend(store: Store, id: string, resources: readonly string[], seconds = 0): Promise<void> {
  await store.tell([opened(`event of ${id}`, resources)], at(seconds));
  await claimAll(store, message(id, { counted: resources.length }), seconds);
  await store.markSent(id, `${id}.ts`, at(seconds));
}

/** Claims all that is pending of acme's. */
export async function claimAll(store: Store, claiming: NewMessage, seconds: number): Promise<void> {
  const { pending } = await store.view(claiming.channelId, claiming.customerId, at(seconds));
  await store.claim(claiming, { seqs: pending.map(({ seq }) => seq) }, at(seconds));
}

/** Tells of many new problems in one burst root of that id, counted and sent, none of them named. */
export async function tellInBurst(store: Store, id: string, resources: readonly string[], seconds = 0): Promise<void> {
  await store.tell([opened(`event of ${id}`, resources)], at(seconds));
  const { lastSeq, pendingCount } = await store.view(ACME.channelId, ACME.customerId, at(seconds));
  const { causeKey: _, face: __, ...burst } = message(id, { kind: "burst", counted: pendingCount });
  await store.claim(burst, { countedUpTo: lastSeq }, at(seconds));
  await store.markSent(id, `${id}.ts`, at(seconds));
}

/** Resources that a list of pending notices is about, as listed. */
export function resourcesOf(
  pending: readonly { readonly notice: { readonly finding: Finding } }[],
): readonly (string | undefined)[] {
  return pending.map(({ notice }) => notice.finding.resources[0]?.id);
}

/** Keeps everything, but for what a test says. */
export function retention(over: Partial<Retention> = {}): Retention {
  const never = new Date(0);
  return {
    sentBefore: never,
    endedBefore: never,
    silentBefore: never,
    quarantinedBefore: never,
    mostQuarantined: 1000,
    ...over,
  };
}

/** Names of resources, in an order that is not that of their age. */
export function resourceNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `sg-${createHash("sha256").update(String(n)).digest("hex")}`);
}
