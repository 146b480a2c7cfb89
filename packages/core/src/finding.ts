/**
 * The one Finding model. Security Hub (ASFF and OCSF), GuardDuty, Inspector, Health and the rest say the same things
 * in different words; read/*.ts turns each into this, and nothing after it knows where a finding came from.
 */

/** Worst last, as numbers compare: see {@link severityRank}. */
export const SEVERITIES = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** 0 (INFORMATIONAL) to 4 (CRITICAL). */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** The severity of a rank; a number that is none reads as INFORMATIONAL. */
export function severityOfRank(rank: number): Severity {
  return SEVERITIES[rank] ?? "INFORMATIONAL";
}

/**
 * What the finding says of the problem now: it is there, someone suppressed it, it is gone; or the finding itself was
 * put away while the problem stayed, so it says nothing about the problem (`retired`).
 */
export type Seen = "failing" | "suppressed" | "passing" | "retired";

/**
 * `finding`: a service found something. `asked`: a person pressed a custom action in the console, so it is told
 * whatever its state. `insight`: a list of counts someone sent. `test`: our own. `other`: an event nobody taught us to
 * read; its detail-type is the title.
 */
export type FindingKind = "finding" | "asked" | "insight" | "test" | "other";

/** A thing in AWS that a finding is about. */
export type Resource = {
  /** ARN where there is one, else the name or id as the service gave it. */
  readonly id: string;
  /** As the service names it, e.g. `AwsEc2SecurityGroup`; "" when it says nothing. */
  readonly type: string;
  /** A human name (tag Name, group name) when the finding has one. */
  readonly name?: string;
};

/** One more thing worth reading on the card; text/{en,ja}.ts names it. */
export type Fact = { readonly name: FactName; readonly value: string | Date };
export type FactName =
  | "occurrences"
  | "package"
  | "fix"
  | "exploit"
  | "score"
  | "activity"
  | "access"
  | "contains"
  | "object"
  | "signals"
  | "contributors"
  | "starts"
  | "ends"
  | "impact"
  | "reason"
  | "action"
  | "askedBy"
  | "results"
  | "sent"
  | "mark";

/** One finding, normalised. Every text in it is hostile: written by strangers, never markup. */
export type Finding = {
  readonly kind: FindingKind;
  /** Identity: account, region or `global`, cause, primary resource. The same problem has the same key however often,
   * by whichever standard or copy it is told (design, "Identity and lifecycle"). The customer is added by the store. */
  readonly key: string;
  /** Other names of this finding: its Id or ARN, OCSF uid. For links and for joining copies. */
  readonly aliases: readonly string[];
  /** The product that found it, for people: "Security Hub", "GuardDuty", "Inspector". */
  readonly product: string;
  /** What is wrong, machine-readable: control id `EC2.19`, GuardDuty type, CVE id, event type code, else the title. */
  readonly cause: string;
  /** Security control id when it is one (`EC2.19`). */
  readonly controlId?: string;
  /** The finding's own account (not the envelope's: a delegated administrator sends its members' findings). */
  readonly accountId: string;
  readonly accountName?: string;
  /** The finding's own region, for links; `key` holds `global` for global resources. */
  readonly region: string;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly seen: Seen;
  /** Someone took it on (Workflow NOTIFIED, OCSF In Progress): still failing, and no longer news. */
  readonly isTakenOn: boolean;
  /** Why it is seen that way: "Compliance.Status PASSED", "RecordState ARCHIVED". For explanations, not for logic. */
  readonly seenBecause: string;
  /** At least one, at most 200; the first is the primary one. */
  readonly resources: readonly Resource[];
  /** How many resources the event named, when it named more than `resources` holds. */
  readonly resourceCount?: number;
  /** Where the vendor says how to fix it. Only http(s). */
  readonly remediationUrl?: string;
  /** The finding (or the service's page) in the AWS console of the right partition and region. */
  readonly consoleUrl?: string;
  /** Standards it counts against, short ids (`aws-foundational-security-best-practices`). */
  readonly standards: readonly string[];
  /** What else helps to judge it, most helpful first: the fixed version, how often, when it starts. */
  readonly facts: readonly Fact[];
  readonly firstSeenAt: Date;
  readonly updatedAt: Date;
  /** A sample or test, said so on the card. */
  readonly isSample: boolean;
};
