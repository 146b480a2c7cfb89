/**
 * The chain from a finding to who must hear of it, in one screen: observe, then route. Pure and synchronous: the store
 * runs it inside its transaction, and again when another writer was faster; `simulate` runs it with nothing stored.
 */
import type { Envelope } from "./event.ts";
import type { Finding, Severity } from "./finding.ts";
import { type Heard, type HeardFinding, hear } from "./hear.ts";
import { type Known, type News, type Observed, observe } from "./observe.ts";
import type { Arrival } from "./owner.ts";
import type { Prepared } from "./prepare.ts";
import { isAskedFor } from "./questions.ts";
import { type Reason, reason } from "./reason.ts";
import { route, type ToldNews } from "./route.ts";
import type { Said } from "./said.ts";

/** What one channel is to be told: what is new about a finding, for a customer. Compose turns it into a message. */
export type Notice = {
  readonly customerId: string;
  /** Destination: the Slack channel id. */
  readonly channelId: string;
  readonly news: ToldNews;
  /** The problem: `finding.key`. */
  readonly key: string;
  /** What is wrong, whichever the resource: all of one cause share a card. Unique for what is told alone. */
  readonly causeKey: string;
  /** As it stands: a passed finding itself says INFORMATIONAL. */
  readonly severity: Severity;
  /** What it was told at before, when it changed. */
  readonly severityBefore?: Severity;
  readonly finding: Finding;
  /** When this spell of the problem began; equal to the finding's own for what is told alone. */
  readonly openedAt: Date;
  /** The envelope it came in. */
  readonly eventId: string;
  readonly decidedAt: Date;
};

/** The answer for one finding of an event. */
export type Verdict = {
  readonly finding: Finding;
  /** One for each channel that hears of it; empty when nobody does. */
  readonly notices: readonly Notice[];
  /** Every step taken; the last one with `held: false` is why nobody hears. */
  readonly reasons: readonly Reason[];
  /** What is new about it; undefined when it is not remembered at all. */
  readonly news?: News;
  /** What is known of it from now on; undefined when it is not remembered. */
  readonly known?: Known;
  /** Why this finding alone belongs in quarantine: it is about an account that is not the customer's. */
  readonly quarantine?: string;
};

/** The answer for an event: whose it is and what follows, or why it is kept in quarantine. */
export type Decision =
  | {
      readonly event: Envelope;
      readonly customerId: string;
      /** What was decided about the event as a whole. The last one with `held: false` is why it has no verdicts. */
      readonly reasons: readonly Reason[];
      readonly verdicts: readonly Verdict[];
    }
  | { readonly event: Envelope; readonly quarantine: string; readonly said: Said };

/** An owned event, as {@link hear} heard it. */
export type HeardEvent = Extract<Heard, { readonly customerId: string }>;

/**
 * What follows from one finding.
 *
 * @param known - what is known of `one.finding.key` for this customer; undefined: nothing.
 * @throws never.
 */
export function decideOne(event: HeardEvent, one: HeardFinding, known: Known | undefined, now: Date): Verdict {
  const { finding, heard, quarantine } = one;
  if (!heard.every(({ held }) => held)) {
    return { finding, notices: [], reasons: heard, ...(quarantine === undefined ? {} : { quarantine }) };
  }
  if (isAskedFor(finding) || finding.kind === "other") return decideAlone(event, one, now);
  const observed = observe(known, finding, event.sentAt);
  const { tell, reasons } = route(one, observed);
  const all = [...heard, ...reasons];
  if (tell === undefined) return { finding, notices: [], reasons: all, news: observed.news, known: untold(observed) };
  const { severity, openedAt } = observed.known;
  const told = { ...observed.known, toldSeverity: severity };
  const before = known?.toldSeverity;
  const notice: Notice = {
    ...noticeBase(event, finding, now),
    news: tell,
    causeKey: causeKeyOf(finding.key),
    severity,
    ...(before === undefined || before === severity ? {} : { severityBefore: before }),
    openedAt: new Date(openedAt),
  };
  return { finding, notices: [notice], reasons: all, news: observed.news, known: told };
}

/** Back, and nobody wants to hear: then nobody wants to hear that it is over again, and once wanted it is new. */
function untold({ known, news }: Observed): Known {
  if (news !== "reopened" && news !== "flapped") return known;
  const { toldSeverity: _, ...rest } = known;
  return rest;
}

/** A test, what a person sent, and an event nobody taught us to read: each is told for itself, nothing is remembered. */
function decideAlone(event: HeardEvent, one: HeardFinding, now: Date): Verdict {
  const { finding, heard, wanted } = one;
  const code = finding.kind === "test" ? "test" : finding.kind === "other" ? "toldAlone" : "asked";
  const reasons = [...heard, reason("state", true, code), ...wanted];
  if (!wanted.every(({ held }) => held)) return { finding, notices: [], reasons };
  const notice: Notice = {
    ...noticeBase(event, finding, now),
    news: "opened",
    causeKey: `alone|${event.eventId}|${event.findings.indexOf(one)}`,
    severity: finding.severity,
    openedAt: finding.firstSeenAt,
  };
  return { finding, notices: [notice], reasons };
}

function noticeBase({ customerId, channelId, eventId }: HeardEvent, finding: Finding, now: Date) {
  return { customerId, channelId, finding, key: finding.key, eventId, decidedAt: now } as const;
}

/** The key less its resource: account, region or `global`, cause. */
export function causeKeyOf(key: string): string {
  return key.split("|", 3).join("|");
}

/** Is a notice told for itself, on a card of its own that nothing joins? */
export function isAlone({ causeKey }: Pick<Notice, "causeKey">): boolean {
  return causeKey.startsWith("alone|");
}

/** What is remembered of a customer's problems: by the customer's id and the finding's key. */
export type Recall = (customerId: string, key: string) => Known | undefined;

/**
 * Whose event is it, what does it say, who must hear? The whole chain for one event, for who keeps no store.
 *
 * @param arrival - how it came in; the bus decides together with the account.
 * @param prepared - the config, from `prepare`.
 * @param now - when it is decided; becomes `decidedAt` of the notices.
 * @param recall - what is known; without it nothing is, as on a relay's first day.
 * @returns for an owned event one verdict for each finding, told or not, with every reason.
 * @throws never.
 */
export function decide(event: Envelope, arrival: Arrival, prepared: Prepared, now: Date, recall?: Recall): Decision {
  const heard = hear(event, arrival, prepared, { silencers: prepared.silencers, now });
  if ("quarantine" in heard) return { event, quarantine: heard.quarantine, said: heard.said };
  const { customerId, reasons } = heard;
  const known = new Map<string, Known>();
  const verdicts = heard.findings.map((one) => {
    const { key } = one.finding;
    const verdict = decideOne(heard, one, known.get(key) ?? recall?.(customerId, key), now);
    if (verdict.known) known.set(key, verdict.known);
    return verdict;
  });
  return { event, customerId, reasons, verdicts };
}
