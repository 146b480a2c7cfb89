/**
 * What is known of AWS's events: which values a field can have, and whether it may be missing. Only what AWS documents
 * as a closed list stands here; of a field that is not here nothing is said.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */

/** `presence`: always there, nearly always (Security Hub itself sets it), or missing in many events. */
export type KnownField = {
  readonly kind: "text" | "number" | "boolean" | "account" | "region";
  /** Every value there is; absent when there are others. */
  readonly values?: readonly string[];
  /** Least and most of a number. */
  readonly range?: readonly [least: number, most: number];
  readonly presence: "always" | "usually" | "sometimes";
};

/** Events of one kind. Paths are below `detail`. */
export type Shape = {
  readonly source: string;
  readonly detailTypes: readonly string[];
  readonly fields: ReadonlyMap<string, KnownField>;
  /** Whether a field that is not in `fields` may be missing. */
  readonly isSparse: boolean;
  /** Lists of objects of which an event has several. */
  readonly lists: readonly string[];
};

const text: KnownField = { kind: "text", presence: "always" };
const sometimes: KnownField = { kind: "text", presence: "sometimes" };
const usually: KnownField = { kind: "text", presence: "usually" };
const account: KnownField = { kind: "account", presence: "always" };
const region: KnownField = { kind: "region", presence: "always" };

function oneOf(values: readonly string[], presence: KnownField["presence"] = "always"): KnownField {
  return { kind: "text", values, presence };
}

function number(range: readonly [number, number] | undefined, presence: KnownField["presence"] = "always"): KnownField {
  return { kind: "number", presence, ...(range ? { range } : {}) };
}

const LABELS = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

const COMPLIANCE_TYPES = ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"];

const ASFF: Readonly<Record<string, KnownField>> = {
  SchemaVersion: text,
  Id: text,
  ProductArn: text,
  GeneratorId: text,
  AwsAccountId: account,
  CreatedAt: text,
  UpdatedAt: text,
  Title: text,
  Description: text,
  "Resources.Id": text,
  "Resources.Type": text,
  "Resources.Region": { ...region, presence: "sometimes" },
  Region: { ...region, presence: "usually" },
  ProductName: usually,
  CompanyName: usually,
  Types: sometimes,
  "Severity.Label": oneOf(LABELS, "usually"),
  "Severity.Normalized": number([0, 100], "sometimes"),
  "Severity.Original": sometimes,
  "FindingProviderFields.Severity.Label": oneOf(LABELS, "sometimes"),
  Confidence: number([0, 100], "sometimes"),
  Criticality: number([0, 100], "sometimes"),
  "Compliance.Status": oneOf(["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"], "sometimes"),
  "Compliance.SecurityControlId": sometimes,
  "Compliance.AssociatedStandards.StandardsId": sometimes,
  "Workflow.Status": oneOf(["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"], "usually"),
  RecordState: oneOf(["ACTIVE", "ARCHIVED"], "usually"),
  VerificationState: oneOf(["UNKNOWN", "TRUE_POSITIVE", "FALSE_POSITIVE", "BENIGN_POSITIVE"], "sometimes"),
  Sample: { kind: "boolean", presence: "sometimes" },
  "Vulnerabilities.Id": sometimes,
  "Vulnerabilities.FixAvailable": oneOf(["YES", "NO", "PARTIAL"], "sometimes"),
  "Vulnerabilities.ExploitAvailable": oneOf(["YES", "NO"], "sometimes"),
};

const OCSF: Readonly<Record<string, KnownField>> = {
  severity: oneOf(["Unknown", "Informational", "Low", "Medium", "High", "Critical", "Fatal", "Other"]),
  severity_id: { ...number(undefined), values: ["0", "1", "2", "3", "4", "5", "6", "99"] },
  status: oneOf(["Unknown", "New", "In Progress", "Suppressed", "Resolved", "Archived", "Deleted", "Other"], "usually"),
  status_id: { ...number(undefined, "usually"), values: ["0", "1", "2", "3", "4", "5", "6", "99"] },
  activity_name: oneOf(["Unknown", "Create", "Update", "Close", "Other"], "usually"),
  activity_id: { ...number(undefined), values: ["0", "1", "2", "3", "99"] },
  class_uid: number(undefined),
  "compliance.status": oneOf(["Unknown", "Pass", "Warning", "Fail", "Other"], "sometimes"),
  "compliance.control": sometimes,
  "cloud.account.uid": account,
  "cloud.region": { ...region, presence: "sometimes" },
  "finding_info.uid": text,
  "finding_info.title": text,
  "metadata.product.name": usually,
  "resources.uid": sometimes,
  "resources.type": sometimes,
};

type Given = {
  readonly fields: Readonly<Record<string, KnownField>>;
  readonly isSparse?: boolean;
  readonly lists?: readonly string[];
};

function shape(source: string, detailTypes: readonly string[], { fields, isSparse = false, lists = [] }: Given): Shape {
  return { source, detailTypes, fields: new Map(Object.entries(fields)), isSparse, lists };
}

function below(key: string, fields: Readonly<Record<string, KnownField>>): Readonly<Record<string, KnownField>> {
  return Object.fromEntries(Object.entries(fields).map(([path, field]) => [`${key}.${path}`, field]));
}

/** Every kind of event of which something is known. */
export const SHAPES: readonly Shape[] = [
  shape(
    "aws.securityhub",
    ["Security Hub Findings - Imported", "Security Hub Findings - Custom Action", "Security Hub Findings"],
    {
      fields: below("findings", ASFF),
      isSparse: true,
      lists: ["findings.Resources", "findings.Vulnerabilities", "findings.Compliance.AssociatedStandards"],
    },
  ),
  shape("aws.securityhub", ["Findings Imported V2"], {
    fields: below("findings", OCSF),
    isSparse: true,
    lists: ["findings.resources", "findings.vulnerabilities"],
  }),
  shape("aws.securityhub", ["Security Hub Insight Results", "Security Hub Standard Results"], { fields: {} }),
  shape("aws.guardduty", ["GuardDuty Finding"], {
    fields: {
      severity: number([0, 10]),
      type: text,
      accountId: account,
      region,
      "service.archived": { kind: "boolean", presence: "always" },
    },
  }),
  shape("aws.inspector2", ["Inspector2 Finding"], {
    fields: {
      severity: oneOf([...LABELS, "UNTRIAGED"]),
      status: oneOf(["ACTIVE", "SUPPRESSED", "CLOSED"]),
      awsAccountId: account,
    },
    lists: ["resources"],
  }),
  shape("aws.macie", ["Macie Finding"], {
    fields: {
      "severity.description": oneOf(["Low", "Medium", "High"]),
      "severity.score": number(undefined),
      category: oneOf(["CLASSIFICATION", "POLICY"]),
      accountId: account,
      region,
    },
  }),
  shape("aws.access-analyzer", ["Access Analyzer Finding", "Unused Access Finding for IAM entities"], {
    fields: { status: oneOf(["ACTIVE", "ARCHIVED", "RESOLVED"]), accountId: account, region },
  }),
  shape("aws.health", ["AWS Health Event", "AWS Health Abuse Event"], {
    fields: {
      service: text,
      eventTypeCategory: oneOf(["issue", "accountNotification", "scheduledChange", "investigation"]),
      statusCode: oneOf(["open", "closed", "upcoming"], "sometimes"),
      eventRegion: { kind: "text", presence: "sometimes" },
    },
  }),
  shape("aws.config", ["Config Rules Compliance Change"], {
    fields: {
      "newEvaluationResult.complianceType": oneOf(COMPLIANCE_TYPES),
      "oldEvaluationResult.complianceType": oneOf(COMPLIANCE_TYPES, "sometimes"),
      configRuleName: text,
      awsAccountId: account,
      awsRegion: region,
    },
  }),
  shape("aws.cloudwatch", ["CloudWatch Alarm State Change"], {
    fields: {
      alarmName: text,
      "state.value": oneOf(["OK", "ALARM", "INSUFFICIENT_DATA"]),
      "previousState.value": oneOf(["OK", "ALARM", "INSUFFICIENT_DATA"], "sometimes"),
    },
  }),
  shape("aws.trustedadvisor", ["Trusted Advisor Check Item Refresh Notification"], {
    fields: { status: oneOf(["OK", "WARN", "ERROR"]) },
  }),
  shape("aws.ce", ["Anomaly Detected"], { fields: { "impact.totalImpact": number(undefined) } }),
  shape("aws.ec2", ["EC2 Instance State-change Notification"], {
    fields: { state: oneOf(["pending", "running", "shutting-down", "stopped", "stopping", "terminated"]) },
  }),
];

/** The envelope: every event has these, and no event has another. */
export const ENVELOPE: ReadonlyMap<string, KnownField> = new Map<string, KnownField>([
  ["version", text],
  ["id", text],
  ["source", text],
  ["detail-type", text],
  ["account", account],
  ["time", text],
  ["region", region],
  ["resources", { kind: "text", presence: "sometimes" }],
]);

/** Is it known that no event has several values at this path? Of events that are not AWS's nothing is known. */
export function isSingleValued(path: string): boolean {
  if (ENVELOPE.has(path)) return path !== "resources";
  const name = path.replace(/^detail\./, "");
  if (name === path || SEVERAL.has(name)) return false;
  return SHAPES.some(({ fields, lists }) => fields.has(name) && !lists.some((list) => name.startsWith(`${list}.`)));
}

/** Lists of plain values. */
const SEVERAL: ReadonlySet<string> = new Set(["findings.Types"]);

/** Geography, direction, number: `ap-northeast-1`, `us-gov-west-1`. */
const REGION =
  /^(?:af|ap|ca|cn|eu|eusc-[a-z]{2}|eu-isoe|il|me|mx|sa|us|us-gov|us-iso[a-z]?)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d{1,2}$/;

/** Could there be a region of that name? */
export function looksLikeRegion(name: string): boolean {
  return REGION.test(name);
}
