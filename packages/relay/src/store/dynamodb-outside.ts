/** The relay's table for whoever looks in from outside: the command line, with a person's own credentials. */
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from "@aws-sdk/client-dynamodb";
import { TABLE_SHAPE } from "@shirase/core/table-shape";
import { type DynamoStore, storeOn } from "./dynamodb.ts";
import { checkTable } from "./dynamodb-check.ts";
import { type Table, tableOf } from "./dynamodb-table.ts";
import type { DataProblem } from "./sqlite-check.ts";

/** A table that was opened. */
export type OutsideTable = {
  readonly store: DynamoStore;
  readonly table: Table;
  /** Is it sound? Reads every item. */
  readonly check: () => Promise<readonly DataProblem[]>;
  /** Of the table alone, as DynamoDB counted it last: it does so every six hours. */
  readonly bytes: () => Promise<number>;
  readonly close: () => Promise<void>;
};

/** Opens it. Nothing is asked until it is used. */
export function openTable(options: DynamoDBClientConfig, tableName: string): OutsideTable {
  const client = new DynamoDBClient(options);
  const table = tableOf(client, tableName);
  const store = storeOn(table);
  return {
    store,
    table,
    check: async () => [...(await shapeProblems(client, tableName)), ...(await checkTable(table))],
    bytes: async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      return Table?.TableSizeBytes ?? 0;
    },
    close: async () => {
      await store.close();
      client.destroy();
    },
  };
}

async function shapeProblems(client: DynamoDBClient, tableName: string): Promise<readonly DataProblem[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }));
  const { AttributeName, TimeToLiveStatus = "DISABLED" } = TimeToLiveDescription ?? {};
  const hasTtl = AttributeName === TABLE_SHAPE.timeToLive && /^ENABL/.test(TimeToLiveStatus);
  const hasIndex = Table?.GlobalSecondaryIndexes?.some(({ IndexName }) => IndexName === TABLE_SHAPE.index.name);
  const remedy = "Deploy the relay's stack again.";
  return [
    ...(hasIndex ? [] : [{ problem: `index ${TABLE_SHAPE.index.name} is not there: no card is edited`, remedy }]),
    ...(hasTtl
      ? []
      : [{ problem: `nothing is forgotten: time to live is not on for ${TABLE_SHAPE.timeToLive}`, remedy }]),
  ];
}
