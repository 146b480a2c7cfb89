/**
 * The store on DynamoDB, for a relay of several processes: one table, no process owns it. What lies where is in
 * dynamodb-keys.ts, why in docs/aws.md.
 *
 * Whoever writes does so on condition that what they read is as it was. So the same problem told at once by many is
 * decided by one, and the others decide again; `decideOne` is pure and may be asked as often as it takes.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoClaims } from "./dynamodb-claim.ts";
import { dynamoMessages } from "./dynamodb-messages.ts";
import { dynamoPruner } from "./dynamodb-prune.ts";
import { dynamoRest } from "./dynamodb-rest.ts";
import { dynamoSilences } from "./dynamodb-silences.ts";
import { type Table, tableOf } from "./dynamodb-table.ts";
import { dynamoTeller } from "./dynamodb-tell.ts";
import { dynamoViews } from "./dynamodb-view.ts";
import type { Store, Waiting } from "./store.ts";

/** Which table, and how it is reached. The client stays the caller's, who closes it. */
export type DynamoOptions = { readonly client: DynamoDBClient; readonly tableName: string };

/** The store, and what only a deliverer of one channel asks. */
export type DynamoStore = Store & {
  /** As `waiting`, of one channel. */
  readonly waitingIn: (channelId: string) => Promise<readonly Waiting[]>;
};

/** Opens the store. It asks nothing until it is used; `probe` says whether it can be. */
export function openDynamoStore({ client, tableName }: DynamoOptions): DynamoStore {
  return storeOn(tableOf(client, tableName));
}

/** The store on a table. */
export function storeOn(table: Table): DynamoStore {
  const parts: Omit<DynamoStore, "close"> = {
    tell: dynamoTeller(table),
    prune: dynamoPruner(table),
    ...dynamoRest(table),
    ...dynamoSilences(table),
    ...dynamoViews(table),
    ...dynamoClaims(table),
    ...dynamoMessages(table),
  };
  return untilClosed(parts);
}

/** What was asked before it closes is done; what is asked afterwards is refused. */
function untilClosed(parts: Omit<DynamoStore, "close">): DynamoStore {
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  const guarded = Object.entries(parts).map(([name, ask]) => {
    const asked = async (...args: readonly unknown[]): Promise<unknown> => {
      if (isClosed) throw new Error("the store is closed");
      const answer = (ask as (...all: readonly unknown[]) => Promise<unknown>)(...args);
      underWay.add(answer);
      try {
        return await answer;
      } finally {
        underWay.delete(answer);
      }
    };
    return [name, asked] as const;
  });
  return {
    ...(Object.fromEntries(guarded) as unknown as Omit<DynamoStore, "close">),
    close: async () => {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}
