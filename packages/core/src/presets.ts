/**
 * The EventBridge patterns that decide what leaves a customer's accounts, made from the sources and severities the
 * config names: `classic`, `alerts` and `lifecycle`.
 *
 * Why not simply the wanted severities: a finding that passed is INFORMATIONAL by then, so such a pattern never hears
 * that anything was fixed; and `anything-but` does not match an absent field, so the pattern of 2020 silently drops
 * findings without Compliance (GuardDuty, Inspector) and passes on what somebody has already dealt with.
 *
 * Every pattern but `classic` is a list of alternatives ($or), one for each kind of event, so that a security officer
 * can read what may leave. Not here: matching (@shirase/event-pattern), the rule around it (the customer's template).
 */
import type { Source } from "./config.ts";
import type { Severity } from "./finding.ts";

/** The patterns that have a name. */
export type Preset = "classic" | "alerts" | "lifecycle";

/** Sources of shirase's own events: they must pass in every account, or nobody learns that the way is broken. */
export const OWN_SOURCES = ["shirase.test", "shirase.heartbeat"] as const;

/** Lets shirase's own events through, for customers whose pattern does not (`classic`, or one of their own). */
export const OWN_EVENTS_PATTERN = JSON.stringify({ source: OWN_SOURCES });

/** What a preset is made for. */
type Wish = { readonly withClosings: boolean; readonly severities: readonly Severity[] };
/** A pattern for one kind of event. */
export type Alternative = {
  readonly source: readonly string[];
  readonly "detail-type"?: readonly string[];
  readonly detail?: object;
};

/** Any other value, or none: `anything-but` alone does not match an absent field. */
function unless(value: string): readonly object[] {
  return [{ "anything-but": [value] }, { exists: false }];
}

/** The pattern of the 2020 article, to the byte. Knows one source and two severities, whatever the config says. */
const CLASSIC = JSON.stringify({
  source: ["aws.securityhub"],
  "detail-type": ["Security Hub Findings - Imported"],
  detail: {
    findings: {
      Compliance: { Status: [{ "anything-but": ["PASSED"] }] },
      RecordState: ["ACTIVE"],
      Severity: { Label: ["CRITICAL", "HIGH"] },
    },
  },
});

/** What each source contributes. Empty when the source has nothing of the wanted severities. */
const ALTERNATIVES: Readonly<Record<Source, (wish: Wish) => readonly Alternative[]>> = {
  "security-hub": (wish) => [securityHub(wish), securityHubV2(wish)],
  guardduty: ({ severities }) => {
    const ranges = guardDutyRanges(severities);
    return ranges.length === 0 ? [] : [one("aws.guardduty", "GuardDuty Finding", { severity: ranges })];
  },
  inspector: ({ withClosings, severities }) => {
    // A closed finding keeps its severity, so one clause hears both ends.
    const status = withClosings ? {} : { status: ["ACTIVE"] };
    return [one("aws.inspector2", "Inspector2 Finding", { severity: severities, ...status })];
  },
  macie: ({ severities }) => {
    const words = [severities.some(isHigh) ? "High" : "", ...wordsFor(severities, { MEDIUM: "Medium", LOW: "Low" })];
    const wanted = words.filter((word) => word !== "");
    return wanted.length === 0 ? [] : [one("aws.macie", "Macie Finding", { severity: { description: wanted } })];
  },
  "access-analyzer": ({ withClosings }) => [
    {
      source: ["aws.access-analyzer"],
      "detail-type": ["Access Analyzer Finding", "Unused Access Finding for IAM entities"],
      ...(withClosings ? {} : { detail: { status: ["ACTIVE"] } }),
    },
  ],
  health: ({ withClosings }) => [
    {
      source: ["aws.health"],
      "detail-type": ["AWS Health Event", "AWS Health Abuse Event"],
      ...(withClosings ? {} : { detail: { statusCode: unless("closed") } }),
    },
  ],
  // Rules that Security Hub itself made tell the same thing as its findings.
  config: ({ withClosings }) => [
    one("aws.config", "Config Rules Compliance Change", {
      configRuleName: [{ "anything-but": { prefix: "securityhub-" } }],
      newEvaluationResult: {
        complianceType: ["NON_COMPLIANT", ...(withClosings ? ["COMPLIANT", "NOT_APPLICABLE"] : [])],
      },
    }),
  ],
  cloudwatch: ({ withClosings }) => [
    one("aws.cloudwatch", "CloudWatch Alarm State Change", {
      state: { value: ["ALARM", ...(withClosings ? ["OK"] : [])] },
    }),
  ],
  "trusted-advisor": ({ withClosings }) => [
    one("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification", {
      status: ["ERROR", "WARN", ...(withClosings ? ["OK"] : [])],
    }),
  ],
  "cost-anomaly": () => [{ source: ["aws.ce"], "detail-type": ["Anomaly Detected"] }],
};

/**
 * A preset as one EventBridge pattern, compact JSON. `classic` is a constant: it knows neither the sources nor the
 * severities, and does not let shirase's own events through ({@link presetPatterns} sees to that).
 */
export function presetPattern(preset: Preset, sources: readonly Source[], severities: readonly Severity[]): string {
  if (preset === "classic") return CLASSIC;
  const alternatives = alternativesOf(preset, sources, severities);
  // $or wants two alternatives at least; one alone is a pattern itself.
  return JSON.stringify(alternatives.length === 1 ? alternatives[0] : { $or: alternatives });
}

/**
 * The patterns of the rules that a preset takes. Together they let shirase's own events through as well.
 *
 * @returns one pattern for one rule, two for `classic`. Each has at most 2,048 characters, even with every source and
 *   every severity (presets.test.ts holds it).
 */
export function presetPatterns(
  preset: Preset,
  sources: readonly Source[],
  severities: readonly Severity[],
): readonly string[] {
  const pattern = presetPattern(preset, sources, severities);
  return preset === "classic" ? [pattern, OWN_EVENTS_PATTERN] : [pattern];
}

function alternativesOf(
  preset: "alerts" | "lifecycle",
  sources: readonly Source[],
  severities: readonly Severity[],
): readonly Alternative[] {
  return [{ source: OWN_SOURCES }, ...alternativesFor(sources, severities, preset === "lifecycle")];
}

function alternativesFor(
  sources: readonly Source[],
  severities: readonly Severity[],
  withClosings: boolean,
): readonly Alternative[] {
  const wish = { withClosings, severities: [...new Set(severities)] };
  return [...new Set(sources)].flatMap((source) => ALTERNATIVES[source](wish));
}

/**
 * The events that are told when they arrive: what `alerts` lets through, without shirase's own. One pattern for each
 * kind of event, as objects; empty when the sources have nothing of the severities.
 */
export function toldAlternatives(sources: readonly Source[], severities: readonly Severity[]): readonly Alternative[] {
  return alternativesFor(sources, severities, false);
}

function one(source: string, detailType: string, detail: object): Alternative {
  return { source: [source], "detail-type": [detailType], detail };
}

function securityHub({ withClosings, severities }: Wish): Alternative {
  const wanted = { Severity: { Label: severities } };
  const closings = [
    { Compliance: { Status: ["PASSED"] } },
    { RecordState: ["ARCHIVED"] },
    { Workflow: { Status: ["RESOLVED", "SUPPRESSED"] } },
  ];
  const findings = withClosings
    ? { $or: [wanted, ...closings] }
    : {
        Compliance: { Status: unless("PASSED") },
        RecordState: ["ACTIVE"],
        ...wanted,
        Workflow: { Status: ["NEW", { exists: false }] },
      };
  return one("aws.securityhub", "Security Hub Findings - Imported", { findings });
}

/** The new Security Hub speaks OCSF: other keys, and words in other letters. */
function securityHubV2({ withClosings, severities }: Wish): Alternative {
  const severity = wordsFor(severities, {
    CRITICAL: ["Critical", "Fatal"],
    HIGH: "High",
    MEDIUM: "Medium",
    LOW: "Low",
    INFORMATIONAL: "Informational",
  });
  const closings = [
    { status: ["Resolved", "Archived", "Suppressed"] },
    { activity_name: ["Close"] },
    { compliance: { status: ["Pass"] } },
  ];
  const findings = withClosings
    ? { $or: [{ severity }, ...closings] }
    : { compliance: { status: unless("Pass") }, severity, status: ["New", { exists: false }] };
  return one("aws.securityhub", "Findings Imported V2", { findings });
}

/** GuardDuty's severity is a number from 1 to 10; neighbouring ranges become one. */
function guardDutyRanges(severities: readonly Severity[]): readonly object[] {
  const bands: readonly (readonly [severity: Severity, from: number])[] = [
    ["LOW", 1],
    ["MEDIUM", 4],
    ["HIGH", 7],
    ["CRITICAL", 9],
  ];
  const ranges: (number | string)[][] = [];
  let open: (number | string)[] | undefined;
  for (const [severity, from] of bands) {
    const isWanted = severities.includes(severity);
    if (isWanted && !open) {
      open = [">=", from];
      ranges.push(open);
    } else if (!isWanted && open) {
      open.push("<", from);
      open = undefined;
    }
  }
  return ranges.map((numeric) => ({ numeric }));
}

/** Macie knows no CRITICAL: its High is the worst it can say. */
function isHigh(severity: Severity): boolean {
  return severity === "CRITICAL" || severity === "HIGH";
}

function wordsFor(
  severities: readonly Severity[],
  words: Readonly<Partial<Record<Severity, string | readonly string[]>>>,
): readonly string[] {
  return severities.flatMap((severity) => words[severity] ?? []);
}
