/**
 * SQS by the AWS SDK, which is loaded only when a queue is configured.
 *
 * A queue is configured by its ARN and asked for its URL, once: so AWS says itself what its address is in this
 * partition, and an emulator or a VPC endpoint behind AWS_ENDPOINT_URL does too. Requests go to the endpoint that the
 * SDK resolves, whatever host stands in that URL.
 */
import type { SQSClient, SQSClientConfig } from "@aws-sdk/client-sqs";
import { MOST_MESSAGES, placeOfQueue, type Queue } from "./queue.ts";
import { explainQueueError } from "./sqs-trouble.ts";

/** How AWS is reached; without them the SDK's own ways: environment, profile, container, instance. */
export type AwsAccess = Pick<SQSClientConfig, "endpoint" | "credentials">;

/**
 * How long a message is hidden from others while it is in hand, whatever the queue says: thousands of times what
 * keeping a batch takes. Not longer, because SQS may hand messages to a poll that was broken off when the relay stopped:
 * they come to the next one after this time.
 * @see https://github.com/aws/aws-sdk-java-v2/issues/1395
 */
const HIDDEN_SECONDS = 30;
/** Longer than the longest poll. A connection that died silently would otherwise be waited for for ever. */
const RECEIVE_WITHIN_MS = 25_000;
/** A relay that stops waits for this, and has ten seconds in all. */
const REMOVE_WITHIN_MS = 5000;
const CONNECT_WITHIN_MS = 5000;
/** The SDK's own tries, with short pauses: a trouble that is told has been met thrice. */
const TRIES = 3;

/** Opens queues by their ARNs. Nothing is asked of AWS yet. */
export async function openQueues(arns: readonly string[], access: AwsAccess = {}): Promise<readonly Queue[]> {
  if (arns.length === 0) return [];
  const sdk = await import("@aws-sdk/client-sqs");
  return arns.map((arn) => openQueue(arn, sdk, access));
}

type Sdk = typeof import("@aws-sdk/client-sqs");

function openQueue(arn: string, sdk: Sdk, access: AwsAccess): Queue {
  const client = new sdk.SQSClient({
    ...access,
    region: placeOfQueue(arn).region,
    useQueueUrlAsEndpoint: false,
    maxAttempts: TRIES,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: RECEIVE_WITHIN_MS,
      throwOnRequestTimeout: true,
    },
  });
  const url = urlOf(arn, sdk, client);
  const receive: Queue["receive"] = async (waitSeconds, signal) => {
    try {
      const request = new sdk.ReceiveMessageCommand({
        QueueUrl: await url(signal),
        MaxNumberOfMessages: MOST_MESSAGES,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: HIDDEN_SECONDS,
      });
      const { Messages = [] } = await client.send(request, { abortSignal: signal });
      return {
        messages: Messages.map(({ Body = "", ReceiptHandle = "" }) => ({ body: Body, receipt: ReceiptHandle })),
      };
    } catch (error) {
      return signal.aborted ? { messages: [] } : { trouble: explainQueueError(error) };
    }
  };
  return {
    arn,
    receive: (waitSeconds, signal) => unlessAborted(receive(waitSeconds, signal), signal, { messages: [] }),
    remove: async (receipts) => {
      const signal = AbortSignal.timeout(REMOVE_WITHIN_MS);
      try {
        const Entries = receipts.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        const request = { QueueUrl: await url(signal), Entries };
        const { Failed = [] } = await client.send(new sdk.DeleteMessageBatchCommand(request), { abortSignal: signal });
        return { left: Failed.length };
      } catch (error) {
        return { trouble: explainQueueError(signal.aborted ? signal.reason : error) };
      }
    },
    close: () => client.destroy(),
  };
}

/** The queue's URL: asked for once, and again only when there was no answer. */
function urlOf(arn: string, sdk: Sdk, client: SQSClient): (signal: AbortSignal) => Promise<string> {
  const { name: QueueName, accountId: QueueOwnerAWSAccountId } = placeOfQueue(arn);
  let known: string | undefined;
  return async (abortSignal) => {
    if (known !== undefined) return known;
    const command = new sdk.GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId });
    const { QueueUrl = "" } = await client.send(command, { abortSignal });
    known = QueueUrl;
    return QueueUrl;
  };
}

/** The SDK breaks off a request when the signal says so, but not its search for credentials, nor its pauses. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, otherwise: T): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => resolve(otherwise);
    signal.addEventListener("abort", giveUp);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
