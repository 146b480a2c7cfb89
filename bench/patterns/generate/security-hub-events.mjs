/**
 * Events to measure with: "Security Hub Findings - Imported" of 2,000 accounts, one finding each, 3 to 5 KB. The shape is
 * that of the public ASFF syntax; every value is made up. The same for everybody, from a fixed seed.
 */
import { chanceOf } from "./random.mjs";

/** How many accounts send findings. */
export const TENANTS = 2000;

/** @returns the account id of a tenant. */
export function accountOf(tenant) {
  return String(100_000_000_000 + ((tenant * 7_919_393) % 899_999_999_999)).padStart(12, "0");
}

export const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1", "ap-southeast-2"];

const CONTROLS = [
  ...["IAM.1", "IAM.4", "S3.1", "S3.4", "S3.8", "EC2.2", "EC2.8", "EC2.19", "RDS.2", "RDS.3"],
  ...["Lambda.1", "CloudTrail.1", "KMS.3", "ECS.1", "ELB.4", "GuardDuty.1"],
];
const THREATS = [
  "UnauthorizedAccess:EC2/SSHBruteForce",
  "Recon:EC2/PortProbeUnprotectedPort",
  "CryptoCurrency:EC2/BitcoinTool.B!DNS",
  "Persistence:IAMUser/AnomalousBehavior",
  "Exfiltration:S3/AnomalousBehavior",
  "Policy:IAMUser/RootCredentialUsage",
];
const STANDARDS = [
  "aws-foundational-security-best-practices/v/1.0.0",
  "cis-aws-foundations-benchmark/v/1.4.0",
  "pci-dss/v/3.2.1",
];
const SCORES = { CRITICAL: 90, HIGH: 70, MEDIUM: 40, LOW: 1, INFORMATIONAL: 0 };
const SENTENCE =
  "This control checks whether the resource is configured as recommended and fails if the setting is missing or " +
  "weaker than required by the benchmark section referenced below";
const WORDS = SENTENCE.split(" ");

/** Draws go on from call to call: the first call of a process makes the workload. */
const { next: random, upTo: below, pick } = chanceOf(20_250_101);

/** @returns the events as JSON texts. */
export function securityHubEvents(count) {
  return Array.from({ length: count }, () => {
    const account = accountOf(below(TENANTS));
    const region = pick(REGIONS);
    return JSON.stringify(eventOf(findingOf(account, region), account, region));
  });
}

function eventOf(finding, account, region) {
  return {
    version: "0",
    id: hex(32),
    "detail-type": "Security Hub Findings - Imported",
    source: "aws.securityhub",
    account,
    time: `${time().slice(0, 19)}Z`,
    region,
    resources: [finding.Id],
    detail: { findings: [finding] },
  };
}

/** Drawn before the finding is written down, in this order: the order of draws is part of the workload. */
function draw(account, region) {
  const product = weighted({ securityhub: 70, guardduty: 12, inspector: 14, macie: 4 });
  const label = weighted({ CRITICAL: 4, HIGH: 14, MEDIUM: 34, LOW: 28, INFORMATIONAL: 20 });
  const control = pick(CONTROLS);
  const type = pick(Object.keys(RESOURCE_IDS));
  const id = hex(32).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  const several = product === "inspector" ? 1 : 1 + (random() < 0.25 ? below(3) : 0);
  const resources = Array.from({ length: several }, () => resourceOf(type, account, region));
  return { product, label, control, id, resources, standard: pick(STANDARDS) };
}

function findingOf(account, region) {
  const drawn = draw(account, region);
  const { product, label, control, id, resources, standard } = drawn;
  const severity = { Normalized: SCORES[label], Label: label, Product: SCORES[label], Original: label };
  const remediation = `https://docs.example.com/console/securityhub/${control}/remediation`;
  const finding = `arn:aws:securityhub:${region}:${account}:subscription/${standard}/${control}/finding/${id}`;
  return {
    ProductArn: `arn:aws:securityhub:${region}::product/aws/${product}`,
    Types: typesOf(product),
    Description: words(28),
    Compliance: product === "securityhub" ? complianceOf(control, standard) : undefined,
    ProductName: product,
    FirstObservedAt: time(),
    CreatedAt: time(),
    LastObservedAt: time(),
    UpdatedAt: time(),
    CompanyName: "AWS",
    FindingProviderFields: { Types: ["Software and Configuration Checks"], Severity: severity },
    WorkflowState: "NEW",
    Title: `${control} ${words(9)}`,
    GeneratorId:
      product === "securityhub"
        ? `security-control/${control}`
        : `arn:aws:${product}:${region}:${account}:detector/${hex(32)}`,
    Severity: severity,
    Workflow: { Status: weighted({ NEW: 70, NOTIFIED: 14, SUPPRESSED: 8, RESOLVED: 8 }) },
    RecordState: weighted({ ACTIVE: 85, ARCHIVED: 15 }),
    Region: region,
    AwsAccountId: account,
    AwsAccountName: `customer-${account.slice(-5)}`,
    SchemaVersion: "2018-10-08",
    Id: finding,
    ProductFields: {
      StandardsArn: `arn:aws:securityhub:::standards/${standard}`,
      StandardsSubscriptionArn: `arn:aws:securityhub:${region}:${account}:subscription/${standard}`,
      ControlId: control,
      RecommendationUrl: remediation,
      "RelatedAWSResources:0/name": `securityhub-rule-${hex(8)}`,
      "RelatedAWSResources:0/type": "AWS::Config::ConfigRule",
      StandardsControlArn: `arn:aws:securityhub:${region}:${account}:control/${standard}/${control}`,
      "aws/securityhub/ProductName": product,
      "aws/securityhub/CompanyName": "AWS",
      "Resources:0/Id": resources[0].Id,
      "aws/securityhub/FindingId": `arn:aws:securityhub:${region}::product/aws/${product}/${finding}`,
    },
    Remediation: { Recommendation: { Text: words(14), Url: remediation } },
    Resources: resources,
    ...(product === "inspector" ? { Vulnerabilities: [vulnerabilityOf(label)] } : {}),
    ...(product === "guardduty" ? { Action: actionOf() } : {}),
  };
}

function typesOf(product) {
  if (product === "guardduty") {
    const tactic = pick(["Initial Access", "Discovery", "Command and Control"]);
    return [`TTPs/${tactic}/${pick(THREATS).replace("/", "-")}`];
  }
  if (product === "inspector") return ["Software and Configuration Checks/Vulnerabilities/CVE"];
  if (product === "macie") return ["Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal"];
  return [
    "Software and Configuration Checks/Industry and Regulatory Standards",
    "Software and Configuration Checks/AWS Security Best Practices",
  ].slice(below(2));
}

function complianceOf(control, standard) {
  return {
    Status: weighted({ FAILED: 55, PASSED: 38, WARNING: 4, NOT_AVAILABLE: 3 }),
    SecurityControlId: control,
    RelatedRequirements: Array.from(
      { length: 4 + below(8) },
      () => `NIST.800-53.r5 ${pick(["AC", "AU", "CM", "SC", "SI"])}-${1 + below(20)}(${1 + below(9)})`,
    ),
    AssociatedStandards: [{ StandardsId: `standards/${standard}` }],
  };
}

const RESOURCE_IDS = {
  AwsS3Bucket: (account) =>
    `arn:aws:s3:::${pick(["prod", "stg", "dev"])}-${account.slice(-4)}-${pick(["logs", "data", "web", "backup"])}-${hex(4)}`,
  AwsEc2Instance: (account, region) => `arn:aws:ec2:${region}:${account}:instance/i-0${hex(16)}`,
  AwsIamRole: (account) => `arn:aws:iam::${account}:role/${pick(["Admin", "Deploy", "ReadOnly", "Lambda"])}-${hex(6)}`,
  AwsEc2SecurityGroup: (account, region) => `arn:aws:ec2:${region}:${account}:security-group/sg-0${hex(16)}`,
  AwsRdsDbInstance: (account, region) =>
    `arn:aws:rds:${region}:${account}:db:${pick(["orders", "users", "billing"])}-${pick(["prod", "stg"])}`,
  AwsLambdaFunction: (account, region) =>
    `arn:aws:lambda:${region}:${account}:function:${pick(["ingest", "notify", "resize"])}-${hex(5)}`,
};

function resourceOf(usual, account, region) {
  const type = random() < 0.8 ? usual : pick(Object.keys(RESOURCE_IDS));
  return {
    Partition: "aws",
    Type: type,
    Region: region,
    Id: RESOURCE_IDS[type](account, region),
    Tags: {
      Name: `${pick(["web", "api", "batch", "db"])}-${hex(4)}`,
      env: pick(["prod", "stg", "dev"]),
      team: `team${String(below(400)).padStart(4, "0")}`,
      "cost-center": String(1000 + below(9000)),
    },
    Details: { [type]: type === "AwsEc2Instance" ? instanceDetails() : otherDetails(account) },
  };
}

function instanceDetails() {
  const octets = () => `${below(256)}.${below(256)}.${below(256)}`;
  return {
    Type: "m5.large",
    ImageId: `ami-0${hex(16)}`,
    IpV4Addresses: [`10.${octets()}`, `54.${octets()}`],
    VpcId: `vpc-0${hex(16)}`,
    SubnetId: `subnet-0${hex(16)}`,
    LaunchedAt: time(),
  };
}

function otherDetails(account) {
  return {
    CreatedAt: time(),
    OwnerId: account,
    Arn: `x:${hex(24)}`,
    Versioning: { Status: pick(["Enabled", "Suspended"]) },
    Encryption: { Rules: [{ Algorithm: "aws:kms", KeyId: hex(36) }] },
  };
}

function vulnerabilityOf(label) {
  return {
    Id: `CVE-2024-${10_000 + below(9999)}`,
    Vendor: { Name: "NVD", VendorSeverity: label },
    Cvss: [
      {
        BaseScore: Math.round(random() * 100) / 10,
        Version: "3.1",
        BaseVector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
      },
    ],
    VulnerablePackages: [{ Name: "openssl", Version: "1.1.1k", Architecture: "X86_64", FixedInVersion: "1.1.1w" }],
    ReferenceUrls: [`https://cve.example.org/${hex(8)}`],
  };
}

function actionOf() {
  return {
    ActionType: "NETWORK_CONNECTION",
    NetworkConnectionAction: {
      ConnectionDirection: "INBOUND",
      RemoteIpDetails: {
        IpAddressV4: `${1 + below(222)}.${below(256)}.${below(256)}.${below(256)}`,
        Country: { CountryName: "Elsewhere" },
        GeoLocation: { Lat: random() * 180 - 90, Lon: random() * 360 - 180 },
      },
      LocalPortDetails: { Port: 22, PortName: "SSH" },
      Blocked: false,
    },
  };
}

function words(count) {
  return Array.from({ length: count }, () => pick(WORDS)).join(" ");
}

function time() {
  const two = (number) => String(number).padStart(2, "0");
  const day = `2025-0${1 + below(9)}-${two(1 + below(28))}`;
  return `${day}T${two(below(24))}:${two(below(60))}:${two(below(60))}.${String(below(1000)).padStart(3, "0")}Z`;
}

/** A key of the object, as often as its number says. */
function weighted(weights) {
  const entries = Object.entries(weights);
  let rest = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) {
    rest -= weight;
    if (rest < 0) return key;
  }
  return entries[0][0];
}

function hex(digits) {
  return Array.from({ length: digits }, () => "0123456789abcdef"[below(16)]).join("");
}
