/** Tables for tests, of the shape that the store wants. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";
import { TABLE_SHAPE } from "@shirase/core/table-shape";

/** Makes an empty table. @returns its name. */
export async function createStoreTable(client: DynamoDBClient, name: string): Promise<string> {
  await client.send(new CreateTableCommand(storeTable(name)));
  return name;
}

/** What CreateTable is asked for. */
export function storeTable(name: string): CreateTableCommandInput {
  const { partitionKey, sortKey, index } = TABLE_SHAPE;
  const keys = (hash: string, range: string): KeySchemaElement[] => [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: partitionKey, AttributeType: "S" },
      { AttributeName: sortKey, AttributeType: "S" },
      { AttributeName: index.partitionKey, AttributeType: "S" },
      { AttributeName: index.sortKey, AttributeType: "N" },
    ],
    KeySchema: keys(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: index.name,
        KeySchema: keys(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  };
}
