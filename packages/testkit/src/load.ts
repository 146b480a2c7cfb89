/** As many Security Hub events as a load or a simulation needs, as EventBridge brings them: about 3.6 KB each. */
import { createHash } from "node:crypto";

/** One customer of the load: an account, a channel. */
export type LoadCustomer = { readonly id: string; readonly account: string; readonly channel: string };

/** What a finding says of its problem. */
export type Says = {
  readonly severity?: "CRITICAL" | "HIGH" | "MEDIUM";
  readonly status?: "FAILED" | "PASSED";
  readonly workflow?: "NEW" | "NOTIFIED" | "SUPPRESSED";
  readonly record?: "ACTIVE" | "ARCHIVED";
  /** Minutes after {@link LOAD_START} at which Security Hub updated it. */
  readonly minute?: number;
};

const CONTROLS = [
  ["EC2.19", "Security groups should not allow unrestricted access to ports with high risk", "CRITICAL"],
  ["S3.8", "S3 general purpose buckets should block public access", "HIGH"],
  ["RDS.2", "RDS DB Instances should prohibit public access, as determined by the configuration", "CRITICAL"],
  ["IAM.4", "IAM root user access key should not exist", "CRITICAL"],
  ["EC2.8", "EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)", "HIGH"],
  ["Lambda.1", "Lambda function policies should prohibit public access", "CRITICAL"],
  ["EKS.1", "EKS cluster endpoints should not be publicly accessible", "HIGH"],
  ["KMS.3", "AWS KMS keys should not be deleted unintentionally", "CRITICAL"],
] as const;
/** When the first event of a load happens. */
export const LOAD_START = new Date("2026-11-20T01:00:00Z");
const START_MS = LOAD_START.getTime();

/** `count` customers with accounts and channels of their own. */
export function loadCustomers(count: number): readonly LoadCustomer[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `c${n}`,
    account: String(200_000_000_000 + n),
    channel: `C0LOAD${String(n).padStart(5, "0")}`,
  }));
}

/** A config for them, less where Slack is. */
export function loadConfig(customers: readonly LoadCustomer[], slack: object = {}): object {
  return {
    hub: { account: "111111111111", region: "ap-northeast-1" },
    slack: { workspace: "T0123456789", ...slack },
    customers: customers.map(({ id, account, channel }) => ({
      id,
      name: `Customer ${id}`,
      accounts: [account],
      slack: { channel },
    })),
  };
}

/** The resource of problem `n`: what must be named in Slack. */
export function resourceOf(n: number): string {
  return `sg-${createHash("sha256").update(`resource ${n}`).digest("hex").slice(0, 17)}`;
}

/**
 * One event about problem `n` of a customer.
 *
 * @param telling - tells events about one problem apart: each has an id of its own.
 */
export function securityHubEvent(customer: LoadCustomer, n: number, telling = 0, says: Says = {}): object {
  const { account } = customer;
  const control = CONTROLS[n % CONTROLS.length] ?? CONTROLS[0];
  const [controlId, title, usual] = control;
  const { status = "FAILED", minute = telling, workflow = status === "PASSED" ? "RESOLVED" : "NEW" } = says;
  const { record = "ACTIVE" } = says;
  const label = status === "PASSED" ? "INFORMATIONAL" : (says.severity ?? usual);
  const at = new Date(START_MS + minute * 60_000).toISOString();
  const region = "ap-northeast-1";
  const id = `arn:aws:securityhub:${region}:${account}:security-control/${controlId}/finding/${uuid(`finding ${n}`)}`;
  return {
    version: "0",
    id: uuid(`event ${customer.id} ${n} ${telling}`),
    "detail-type": "Security Hub Findings - Imported",
    source: "aws.securityhub",
    account,
    time: at,
    region,
    resources: [id],
    detail: { findings: [finding({ account, region, id, controlId, title, label, status, workflow, record, at, n })] },
  };
}

type Word = "account" | "region" | "id" | "controlId" | "title" | "label" | "status" | "workflow" | "record" | "at";
type Parts = Readonly<Record<Word, string>> & { readonly n: number };

function finding({ account, region, id, controlId, title, label, status, workflow, record, at, n }: Parts): object {
  return {
    AwsAccountId: account,
    AwsAccountName: `load-${account}`,
    CompanyName: "AWS",
    Compliance: {
      Status: status,
      SecurityControlId: controlId,
      AssociatedStandards: [
        { StandardsId: "standards/aws-foundational-security-best-practices/v/1.0.0" },
        { StandardsId: "standards/nist-800-53/v/5.0.0" },
        { StandardsId: "standards/pci-dss/v/4.0.1" },
      ],
      RelatedRequirements: Array.from({ length: 12 }, (_, k) => `NIST.800-53.r5 AC-${k + 2}(${(k * 7) % 20})`),
    },
    CreatedAt: new Date(START_MS).toISOString(),
    Description: `This control checks whether the configuration of the resource meets ${controlId}. ${"It fails when a rule allows more than it should. ".repeat(8)}`,
    FindingProviderFields: {
      Severity: { Label: label, Original: label },
      Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
    },
    FirstObservedAt: new Date(START_MS).toISOString(),
    GeneratorId: `security-control/${controlId}`,
    Id: id,
    LastObservedAt: at,
    ProcessedAt: at,
    ProductArn: `arn:aws:securityhub:${region}::product/aws/securityhub`,
    ProductFields: {
      "aws/securityhub/ProductName": "Security Hub",
      "aws/securityhub/CompanyName": "AWS",
      "aws/securityhub/FindingId": `arn:aws:securityhub:${region}::product/aws/securityhub/${id}`,
      "Resources:0/Id": `arn:aws:ec2:${region}:${account}:security-group/${resourceOf(n)}`,
      RelatedAWSResources: "securityhub-load-rule/AWS::Config::ConfigRule",
    },
    ProductName: "Security Hub",
    RecordState: record,
    Region: region,
    Remediation: {
      Recommendation: {
        Text: "For information on how to correct this issue, consult the AWS Security Hub controls documentation.",
        Url: `https://docs.aws.amazon.com/console/securityhub/${controlId}/remediation`,
      },
    },
    Resources: [
      {
        Id: `arn:aws:ec2:${region}:${account}:security-group/${resourceOf(n)}`,
        Partition: "aws",
        Region: region,
        Type: "AwsEc2SecurityGroup",
        Details: { AwsEc2SecurityGroup: { GroupName: `group-${n}`, OwnerId: account, VpcId: "vpc-0a1b2c3d4e5f60718" } },
        Tags: { Name: `group-${n}`, Stage: "production", Owner: "platform" },
      },
    ],
    SchemaVersion: "2018-10-08",
    Severity: { Label: label, Normalized: label === "CRITICAL" ? 90 : label === "HIGH" ? 70 : 0, Original: label },
    Title: title,
    Types: ["Software and Configuration Checks/Industry and Regulatory Standards"],
    UpdatedAt: at,
    Workflow: { Status: workflow },
    WorkflowState: workflow,
  };
}

function uuid(of: string): string {
  const hex = createHash("sha256").update(of).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
