/**
 * From what a reader found to a whole Finding: bounds every text, fills what is missing from the envelope, makes the
 * identity key. Readers only say what their format says; the rules that hold for all formats are here.
 */
import type { Envelope } from "../event.ts";
import type { Fact, Finding, FindingKind, Resource, Seen, Severity } from "../finding.ts";
import { httpLink } from "../http-link.ts";
import { keyOf } from "../identity.ts";
import { READ } from "../limits.ts";

/** What a reader found. Empty texts and missing dates are filled in by {@link findingOf}. */
export type Draft = {
  readonly kind?: FindingKind;
  readonly product: string;
  /** "" when the format names none: the title is the cause then. */
  readonly cause: string;
  readonly controlId?: string;
  readonly accountId: string;
  readonly accountName?: string;
  readonly region: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly seen: Seen;
  readonly seenBecause: string;
  readonly resources: readonly Resource[];
  readonly resourceCount?: number;
  /** What stands in the key instead of the first resource: a Health event names other resources on each page. */
  readonly keyResource?: string;
  /** `global` when the format knows that the problem is in no region. */
  readonly keyRegion?: "global";
  readonly remediationUrl?: string;
  readonly consoleUrl?: string | undefined;
  readonly standards?: readonly string[];
  readonly facts?: readonly (Fact | undefined)[];
  readonly aliases: readonly string[];
  readonly firstSeenAt?: Date | undefined;
  readonly updatedAt?: Date | undefined;
  readonly isTakenOn?: boolean;
  readonly isSample?: boolean;
};

/** What a finding says of its state, and which words said so. */
export type SeenBecause = { readonly seen: Seen; readonly seenBecause: string };

/**
 * A finding whose service gave no severity. Rather one message too many than one missed: who names such a source
 * in `sources` wants to hear it, and a severity would be a guess.
 */
export const UNSAID_SEVERITY: Severity = "HIGH";

/** The finding a draft amounts to, in the event it came in. */
export function findingOf(event: Envelope, draft: Draft): Finding {
  const accountId = /^\d{12}$/.test(draft.accountId) ? draft.accountId : event.account;
  const region = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(draft.region) ? draft.region : event.region;
  const title = draft.title || draft.cause || event.detailType;
  const cause = draft.cause || title;
  // A sample must never pass for the real finding it imitates, nor hide it.
  const keyCause = draft.isSample ? `sample ${cause}` : cause;
  const [primary = accountResource(accountId), ...others] = draft.resources.slice(0, READ.resources);
  const resourceId = draft.keyResource ?? primary.id;
  const place = draft.keyRegion ?? region;
  const updatedAt = draft.updatedAt ?? event.time;
  return {
    kind: draft.kind ?? "finding",
    key: keyOf({ accountId, region: place, cause: keyCause, controlId: draft.controlId, resourceId }),
    aliases: [...new Set(draft.aliases.filter((alias) => alias !== ""))].slice(0, READ.aliases),
    product: draft.product,
    cause,
    accountId,
    region,
    title,
    description: draft.description,
    severity: draft.severity,
    seen: draft.seen,
    seenBecause: draft.seenBecause,
    resources: [primary, ...others],
    standards: draft.standards ?? [],
    facts: (draft.facts ?? []).filter((fact) => fact !== undefined).filter((fact) => fact.value !== ""),
    firstSeenAt: draft.firstSeenAt ?? updatedAt,
    updatedAt,
    isTakenOn: draft.isTakenOn ?? false,
    isSample: draft.isSample ?? false,
    ...optionalParts(draft),
  };
}

/** The fields that a finding has only when there is something to say. */
function optionalParts(draft: Draft): Partial<Finding> {
  const remediationUrl = httpLink(draft.remediationUrl ?? "");
  const count = draft.resourceCount ?? draft.resources.length;
  return {
    ...(draft.controlId ? { controlId: draft.controlId } : {}),
    ...(draft.accountName ? { accountName: draft.accountName } : {}),
    ...(remediationUrl ? { remediationUrl } : {}),
    ...(draft.consoleUrl ? { consoleUrl: draft.consoleUrl } : {}),
    ...(count > Math.min(draft.resources.length, READ.resources) && count > 1 ? { resourceCount: count } : {}),
  };
}

/** The account as the resource of what names none, as Security Hub writes it. */
export function accountResource(accountId: string): Resource {
  return { id: `AWS::::Account:${accountId}`, type: "AwsAccount" };
}
