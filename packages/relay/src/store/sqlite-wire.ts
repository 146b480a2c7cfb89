/**
 * How the store's calls travel between the relay's thread and the store's own.
 *
 * An event is packed small: its finding goes as the text in which it will be kept, with beside it only what deciding
 * looks at, and of the reasons only the last, which says whether all held. Unpacked it decides the same.
 */
import type { Finding } from "@shirase/core/finding";
import type { HeardFinding } from "@shirase/core/hear";
import type { Reason } from "@shirase/core/reason";
import type { ToTell } from "./sqlite-tell.ts";
import { type HeardWithBody, type Store, StoreFullError } from "./store.ts";

/** What can be asked of the thread; `close` ends it. */
export type Method = keyof Store;

/** One call. Of `tell` the first argument is packed. */
export type Call = { readonly id: number; readonly method: Method; readonly args: readonly unknown[] };

/** The answer to a call. */
export type Answer = { readonly id: number } & ({ readonly result: unknown } | { readonly error: PackedError });

/** Why the store could not be opened, or that it is open. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly error: PackedError };

/** An error without its class. */
export type PackedError = { readonly name: string; readonly message: string; readonly code?: string };

/** An event on its way: lists, because names of fields would be copied with each. */
export type PackedEvent = readonly [
  event: Stranger | readonly [...Owned, findings: readonly PackedFinding[]],
  /** Whole, only of what belongs in quarantine. */
  body: string | undefined,
];

type Stranger = readonly [eventId: string, source: string, quarantine: string];
type Owned = readonly [
  eventId: string,
  source: string,
  customerId: string,
  channelId: string,
  sentAt: number,
  beatOfAccount: string | undefined,
  beatOfRegion: string | undefined,
];
type PackedReason = readonly [
  step: Reason["step"],
  held: boolean,
  because: string,
  code: Reason["said"]["code"],
  /** Only of a no, which people will ask about. */
  facts: Reason["said"]["facts"] | undefined,
];
type PackedFinding = readonly [
  /** The finding as text. */
  json: string,
  kind: Finding["kind"],
  key: string,
  alias: string | undefined,
  controlId: string | undefined,
  title: string,
  severity: Finding["severity"],
  seen: Finding["seen"],
  isTakenOn: boolean,
  seenBecause: string,
  resource: Finding["resources"][number] | undefined,
  firstSeenAt: number,
  updatedAt: number,
  heard: PackedReason | undefined,
  wanted: PackedReason | undefined,
  quarantine: string | undefined,
];

/** Packs an event for the thread. */
export function packed({ heard, body }: HeardWithBody): PackedEvent {
  const { eventId, source } = heard;
  if ("quarantine" in heard) return [[eventId, source, heard.quarantine], body()];
  const { customerId, channelId, sentAt, heartbeat, findings } = heard;
  const { accountId, region } = heartbeat ?? {};
  const isForeign = findings.some(({ quarantine }) => quarantine !== undefined);
  const all = findings.map(packedFinding);
  const event = [eventId, source, customerId, channelId, sentAt.getTime(), accountId, region, all] as const;
  return [event, isForeign ? body() : undefined];
}

/** Unpacks it there. */
export function unpacked([event, body = ""]: PackedEvent): ToTell {
  if (event.length === 3) {
    const [eventId, source, quarantine] = event;
    const said = { code: "nobodysAccount", facts: {} } as const;
    return { heard: { eventId, source, quarantine, said }, body: () => body };
  }
  const [eventId, source, customerId, channelId, sentAt, accountId, region, all] = event;
  const heartbeat = accountId === undefined || region === undefined ? {} : { heartbeat: { accountId, region } };
  const base = { eventId, source, customerId, channelId, sentAt: new Date(sentAt), reasons: [] };
  const heard = { ...base, findings: all.map(unpackedFinding), ...heartbeat };
  return { heard, body: () => body, json: all.map(([json]) => json) };
}

function packedFinding({ finding, heard, wanted, quarantine }: HeardFinding): PackedFinding {
  return [
    JSON.stringify(finding),
    finding.kind,
    finding.key,
    finding.aliases[0],
    finding.controlId,
    finding.title,
    finding.severity,
    finding.seen,
    finding.isTakenOn,
    finding.seenBecause,
    finding.resources[0],
    finding.firstSeenAt.getTime(),
    finding.updatedAt.getTime(),
    packedReason(heard.at(-1)),
    packedReason(wanted.at(-1)),
    quarantine,
  ];
}

/** What it says; how it says it is in the text beside it. */
function unpackedFinding(of: PackedFinding): HeardFinding {
  const [, kind, key, alias, controlId, title, severity, seen, isTakenOn, seenBecause, resource] = of;
  const [firstSeenAt, updatedAt, heard, wanted, quarantine] = of.slice(11) as unknown as Tail;
  const finding: Finding = {
    ...SAID_ELSEWHERE,
    kind,
    key,
    aliases: alias === undefined ? [] : [alias],
    ...(controlId === undefined ? {} : { controlId }),
    title,
    severity,
    seen,
    isTakenOn,
    seenBecause,
    resources: resource === undefined ? [] : [resource],
    firstSeenAt: new Date(firstSeenAt),
    updatedAt: new Date(updatedAt),
  };
  const reasons = { heard: unpackedReasons(heard), wanted: unpackedReasons(wanted) };
  return { finding, ...reasons, ...(quarantine === undefined ? {} : { quarantine }) };
}

type Tail = readonly [number, number, PackedReason | undefined, PackedReason | undefined, string | undefined];

const SAID_ELSEWHERE = {
  product: "",
  cause: "",
  accountId: "",
  region: "",
  description: "",
  standards: [],
  facts: [],
  isSample: false,
} as const;

function packedReason(reason: Reason | undefined): PackedReason | undefined {
  return (
    reason && [reason.step, reason.held, reason.because, reason.said.code, reason.held ? undefined : reason.said.facts]
  );
}

function unpackedReasons(reason: PackedReason | undefined): readonly Reason[] {
  if (!reason) return [];
  const [step, held, because, code, facts = {}] = reason;
  return [{ step, held, because, said: { code, facts } }];
}

/** An error, for the way. */
export function packedError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  return { name, message, ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}) };
}

/** The error as it was thrown there: its name, its message, its code. */
export function unpackedError({ name, message, code }: PackedError): Error {
  const error = code === "store-full" ? new StoreFullError(message) : new Error(message);
  if (error instanceof StoreFullError) return error;
  error.name = name;
  return code === undefined ? error : Object.assign(error, { code });
}
