/**
 * How the store's calls travel between the relay's thread and the store's own.
 *
 * An event is packed small: its finding goes as the text in which it will be kept, with beside it only what deciding
 * looks at, and of the reasons only the last, which says whether all held. Unpacked it decides the same.
 */
import type { Finding } from "@shirase/core/finding";
import type { Heard, HeardFinding } from "@shirase/core/hear";
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

/** An event on its way. */
export type PackedEvent = {
  readonly heard: Heard;
  readonly json: readonly string[];
  /** Only of what belongs in quarantine. */
  readonly body?: string;
};

/** Packs an event for the thread. */
export function packed({ heard, body }: HeardWithBody): PackedEvent {
  if ("quarantine" in heard) return { heard, json: [], body: body() };
  const isForeign = heard.findings.some(({ quarantine }) => quarantine !== undefined);
  return {
    heard: { ...heard, reasons: [], findings: heard.findings.map(slimFinding) },
    json: heard.findings.map(({ finding }) => JSON.stringify(finding)),
    ...(isForeign ? { body: body() } : {}),
  };
}

/** Unpacks it there. */
export function unpacked({ heard, json, body = "" }: PackedEvent): ToTell {
  return { heard, body: () => body, json };
}

function slimFinding({ finding, heard, wanted, quarantine }: HeardFinding): HeardFinding {
  return {
    finding: slim(finding),
    heard: heard.slice(-1).map(slimReason),
    wanted: wanted.slice(-1).map(slimReason),
    ...(quarantine === undefined ? {} : { quarantine }),
  };
}

/** What it says and not how. The rest is in the text beside it. */
function slim(finding: Finding): Finding {
  const { kind, key, aliases, controlId, title, severity, seen, isTakenOn, seenBecause, resources } = finding;
  return {
    kind,
    key,
    aliases: aliases.slice(0, 1),
    product: "",
    cause: "",
    ...(controlId === undefined ? {} : { controlId }),
    accountId: "",
    region: "",
    title,
    description: "",
    severity,
    seen,
    isTakenOn,
    seenBecause,
    resources: resources.slice(0, 1),
    standards: [],
    facts: [],
    firstSeenAt: finding.firstSeenAt,
    updatedAt: finding.updatedAt,
    isSample: finding.isSample,
  };
}

function slimReason({ step, held, because, said }: Reason): Reason {
  return { step, held, because, said: { code: said.code, facts: {} } };
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
