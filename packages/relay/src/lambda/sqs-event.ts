/** What Lambda hands over from an SQS queue, and what it is answered: the parts that are used. */

/** A batch. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export type SqsEvent = { readonly Records: readonly SqsRecord[] };

/** A message of the batch. */
export type SqsRecord = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes?: { readonly MessageGroupId?: string; readonly ApproximateReceiveCount?: string };
};

/** Those that are to come back; all others are deleted. */
export type SqsAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** The answer in which these come back. */
export function comeBack(records: readonly Pick<SqsRecord, "messageId">[]): SqsAnswer {
  return { batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
