/**
 * What goes wrong in the demo's accounts. A table: control ids, titles and severities are Security Hub's and
 * GuardDuty's own, so a reader recognises what their accounts would say.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-active.html
 */
import type { Severity } from "@shirase/core/finding";

/** A Security Hub control that fails. `resource` makes the ARN of one failing resource. */
export type ControlProblem = {
  readonly controlId: string;
  readonly severity: Exclude<Severity, "INFORMATIONAL">;
  readonly title: string;
  readonly resourceType: string;
  readonly resource: (account: string, region: string, name: string) => string;
};

/** A threat that GuardDuty sees; severity on its own scale of 1 to 10. */
export type ThreatProblem = {
  readonly type: string;
  readonly severity: number;
  readonly title: (instance: string) => string;
};

const securityGroup = (account: string, region: string, name: string): string =>
  `arn:aws:ec2:${region}:${account}:security-group/sg-${name}`;
const bucket = (account: string, _region: string, name: string): string => `arn:aws:s3:::${account}-${name}`;
const instance = (account: string, region: string, name: string): string =>
  `arn:aws:ec2:${region}:${account}:instance/i-${name}`;

export const CONTROLS: readonly ControlProblem[] = [
  {
    controlId: "EC2.19",
    severity: "CRITICAL",
    title: "Security groups should not allow unrestricted access to ports with high risk",
    resourceType: "AwsEc2SecurityGroup",
    resource: securityGroup,
  },
  {
    controlId: "EC2.18",
    severity: "HIGH",
    title: "Security groups should only allow unrestricted incoming traffic for authorized ports",
    resourceType: "AwsEc2SecurityGroup",
    resource: securityGroup,
  },
  {
    controlId: "S3.2",
    severity: "CRITICAL",
    title: "S3 general purpose buckets should block public read access",
    resourceType: "AwsS3Bucket",
    resource: bucket,
  },
  {
    controlId: "S3.5",
    severity: "MEDIUM",
    title: "S3 general purpose buckets should require requests to use SSL",
    resourceType: "AwsS3Bucket",
    resource: bucket,
  },
  {
    controlId: "RDS.2",
    severity: "CRITICAL",
    title: "RDS DB Instances should prohibit public access, as determined by the PubliclyAccessible configuration",
    resourceType: "AwsRdsDbInstance",
    resource: (account, region, name) => `arn:aws:rds:${region}:${account}:db:orders-${name}`,
  },
  {
    controlId: "Lambda.1",
    severity: "CRITICAL",
    title: "Lambda function policies should prohibit public access",
    resourceType: "AwsLambdaFunction",
    resource: (account, region, name) => `arn:aws:lambda:${region}:${account}:function:invoice-${name}`,
  },
  {
    controlId: "EC2.8",
    severity: "HIGH",
    title: "EC2 instances should use Instance Metadata Service Version 2 (IMDSv2)",
    resourceType: "AwsEc2Instance",
    resource: instance,
  },
  {
    controlId: "SSM.1",
    severity: "MEDIUM",
    title: "Amazon EC2 instances should be managed by AWS Systems Manager",
    resourceType: "AwsEc2Instance",
    resource: instance,
  },
  {
    controlId: "IAM.3",
    severity: "MEDIUM",
    title: "IAM users' access keys should be rotated every 90 days or less",
    resourceType: "AwsIamUser",
    resource: (account, _region, name) => `arn:aws:iam::${account}:user/deploy-${name}`,
  },
  {
    controlId: "EC2.6",
    severity: "LOW",
    title: "VPC flow logging should be enabled in all VPCs",
    resourceType: "AwsEc2Vpc",
    resource: (account, region, name) => `arn:aws:ec2:${region}:${account}:vpc/vpc-${name}`,
  },
];

export const THREATS: readonly ThreatProblem[] = [
  {
    type: "CryptoCurrency:EC2/BitcoinTool.B!DNS",
    severity: 8,
    title: (id) => `Bitcoin-related domain name queried by EC2 instance ${id}.`,
  },
  {
    type: "Backdoor:EC2/C&CActivity.B!DNS",
    severity: 8,
    title: (id) => `Command and Control server domain name queried by EC2 instance ${id}.`,
  },
  {
    type: "UnauthorizedAccess:EC2/SSHBruteForce",
    severity: 2,
    title: (id) => `EC2 instance ${id} is a target of SSH brute force attempts.`,
  },
];
