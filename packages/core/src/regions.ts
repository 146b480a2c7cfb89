/**
 * The AWS regions and the partition each is in. Config refuses a region that is not here, so that `ap-northeast1`
 * is a sentence at start and not a customer whose findings never come.
 *
 * From the endpoint rules the AWS SDKs carry (@aws-sdk/core 3.1169, November 2026). The isolated partitions (aws-iso…)
 * are left out: nothing in them can reach Slack.
 */

const PARTITIONS = {
  aws: [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
  "aws-cn": ["cn-north-1", "cn-northwest-1"],
  "aws-us-gov": ["us-gov-east-1", "us-gov-west-1"],
  "aws-eusc": ["eusc-de-east-1"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A part of AWS with its own accounts and ARNs (`arn:aws-cn:…`); events do not cross from one to another. */
export type Partition = keyof typeof PARTITIONS;

const PARTITION_BY_REGION: ReadonlyMap<string, Partition> = new Map(
  (Object.keys(PARTITIONS) as Partition[]).flatMap((partition) =>
    PARTITIONS[partition].map((region) => [region, partition] as const),
  ),
);

/** Every region, partition by partition. */
export const REGIONS: readonly string[] = [...PARTITION_BY_REGION.keys()];

/** The partition a region is in; undefined when there is no such region. */
export function partitionOf(region: string): Partition | undefined {
  return PARTITION_BY_REGION.get(region);
}
