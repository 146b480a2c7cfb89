/**
 * The relay's table on DynamoDB. The store reads and writes it, the template makes it; so its shape stands here once.
 * Never changed: CloudFormation would replace the table.
 */
export const TABLE_SHAPE = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Epoch seconds. */
  timeToLive: "ttl",
  /** Sparse: what waits to be edited, by when. */
  index: { name: "due", partitionKey: "due", sortKey: "dueAt" },
} as const;
