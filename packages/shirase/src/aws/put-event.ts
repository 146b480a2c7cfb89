/** Puts one event on an account's default bus. */
import type { EventEntry } from "../send/test-event.ts";
import type { Identity } from "./identity.ts";

/**
 * @throws what the AWS SDK throws. An entry that AWS took the call for and refused all the same (FailedEntryCount) is
 *   thrown with AWS's error code as its name.
 */
export async function putEvent({ credentials }: Identity, region: string, entry: EventEntry): Promise<void> {
  const { EventBridgeClient, PutEventsCommand } = await import("@aws-sdk/client-eventbridge");
  const client = new EventBridgeClient({ region, credentials });
  try {
    const { FailedEntryCount = 0, Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    if (FailedEntryCount === 0 && refused === undefined) return;
    const error = new Error(refused?.ErrorMessage ?? "EventBridge did not take the event and did not say why");
    error.name = refused?.ErrorCode ?? "FailedEntry";
    throw error;
  } finally {
    client.destroy();
  }
}
