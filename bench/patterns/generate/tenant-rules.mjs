/**
 * Rules to measure with, as a router of many tenants has them: an account, and what its owner wants to hear. One in
 * fifty spans all accounts. Every kind of test that rules in the field have is among them.
 */
import { chanceOf } from "./random.mjs";
import { accountOf, REGIONS, TENANTS } from "./security-hub-events.mjs";

/** @returns `{ id, pattern }`, the pattern as JSON text. */
export function tenantRules(count) {
  const rules = rulesFrom(chanceOf(991));
  return Array.from({ length: count }, (_, index) => ({ id: `r${index}`, pattern: JSON.stringify(rules(index)) }));
}

function rulesFrom({ upTo: below, pick }) {
  const team = () => `team${String(below(400)).padStart(4, "0")}`;
  const ofOne = [
    () => ({
      Severity: { Label: ["CRITICAL", "HIGH"] },
      RecordState: ["ACTIVE"],
      Compliance: { Status: [{ "anything-but": ["PASSED"] }] },
    }),
    () => ({
      ProductArn: [{ prefix: `arn:aws:securityhub:${pick(REGIONS)}::product/aws/${pick(PRODUCTS)}` }],
      Workflow: { Status: ["NEW"] },
    }),
    () => ({ Types: [{ prefix: pick(TYPES) }], RecordState: ["ACTIVE"] }),
    () => ({
      Severity: { Normalized: [{ numeric: pick(RANGES) }] },
      Workflow: { Status: [{ "anything-but": ["SUPPRESSED", "RESOLVED"] }] },
    }),
    () => ({
      Resources: {
        Type: ["AwsS3Bucket"],
        Id: [{ wildcard: `arn:aws:s3:::prod-*-${pick(["data", "backup", "logs"])}-*` }],
      },
      Compliance: { Status: ["FAILED", "WARNING"] },
    }),
    () => ({
      Resources: { Tags: { env: ["prod"], team: [team()] } },
      Severity: { Label: [{ "anything-but": ["INFORMATIONAL", "LOW"] }] },
    }),
    () => ({
      GeneratorId: [{ suffix: `/${pick(["IAM.1", "S3.1", "S3.8", "EC2.19", "RDS.3"])}` }],
      Region: [pick(REGIONS), pick(REGIONS)],
      Compliance: { Status: ["FAILED"] },
    }),
    (account) => ({
      Resources: { Id: [{ wildcard: `arn:aws:ec2:*:${account}:instance/*` }] },
      Severity: { Label: ["CRITICAL", "HIGH", "MEDIUM"] },
      ProductFields: { "aws/securityhub/CompanyName": [{ exists: true }] },
    }),
  ];
  const ofAll = [
    () => patternOf({}, { Resources: { Tags: { team: [team()], env: ["prod"] } }, Severity: { Label: ["CRITICAL"] } }),
    () => ({
      ...patternOf(
        {},
        {
          Compliance: { SecurityControlId: [pick(["IAM.4", "CloudTrail.1", "KMS.3"])], Status: ["FAILED"] },
          Severity: { Label: ["CRITICAL", "HIGH"] },
          Region: [pick(REGIONS)],
        },
      ),
      account: [{ "anything-but": Array.from({ length: 5 }, () => accountOf(below(TENANTS))) }],
    }),
  ];
  return (index) => {
    if (index % 50 === 49) return ofAll[Math.floor(index / 50) % 2]();
    const account = accountOf(index % TENANTS);
    const kind = ofOne[(index + Math.floor(index / TENANTS)) % ofOne.length];
    return patternOf({ account: [account] }, kind(account));
  };
}

const PRODUCTS = ["guardduty", "inspector", "macie"];
const TYPES = [
  "TTPs/",
  "Effects/",
  "Software and Configuration Checks/Vulnerabilities",
  "Sensitive Data Identifications",
];
const RANGES = [
  [">=", 70],
  [">=", 40, "<", 70],
  [">", 0, "<=", 39],
];

function patternOf(account, findings) {
  return {
    source: ["aws.securityhub"],
    "detail-type": ["Security Hub Findings - Imported"],
    ...account,
    detail: { findings },
  };
}
