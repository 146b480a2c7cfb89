/**
 * One DynamoDB table, as few ways as the store needs: read by key, read a partition, write one, write many at once,
 * write some together or not at all. Reads are strongly consistent, but for the index. What several read by key, or write
 * without conditions, in the same moment is one request.
 *
 * Items are plain objects of text, numbers and booleans; nothing here knows what they mean.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { TABLE_SHAPE } from "@shirase/core/table-shape";
import { gathered } from "./gathered.ts";

/** The name of an item. */
export type Key = { readonly pk: string; readonly sk: string };
type Value = string | number | boolean | undefined;
/** An item, or a part of one. What is undefined is not written. */
export type Item = Key & Readonly<Record<string, Value>>;

/** Attributes that are set, removed, added to; and what must hold of the item for that. */
export type Change = {
  readonly set?: Readonly<Record<string, Value>>;
  readonly remove?: readonly string[];
  readonly add?: Readonly<Record<string, number>>;
  /** Equal to this; `undefined`: not there. Without it, the item may be as it likes, or not be at all. */
  readonly if?: Readonly<Record<string, Value>>;
  /** Not there, or less than this: a time that never goes back. */
  readonly ifLater?: Readonly<Record<string, number>>;
};

/** One write among others. `ifNew`: no item of that name is there. */
export type Write =
  | { readonly put: Item; readonly ifNew?: true; readonly if?: Change["if"] }
  | { readonly update: Key; readonly change: Change }
  | { readonly remove: Key };

/** The table. Every promise rejects when DynamoDB cannot be used; then the caller's caller tries again. */
export type Table = {
  /** Items by key, in no order; what is not there is left out. */
  readonly get: (keys: readonly Key[]) => Promise<readonly Item[]>;
  /** A partition's items whose sort key begins so, in its order. */
  readonly query: (pk: string, begins?: string, options?: QueryOptions) => Promise<readonly Item[]>;
  /** Keys of what is due, the longest first, from the sparse index. It may lag: ask the item itself. */
  readonly due: (until: number | undefined, limit: number) => Promise<readonly Item[]>;
  /** All or nothing. @returns false when a condition did not hold or somebody wrote the same items just then. */
  readonly together: (writes: readonly Write[]) => Promise<boolean>;
  /** One write. @returns false when its condition did not hold. */
  readonly write: (write: Write) => Promise<boolean>;
  /** Many, without conditions, in no order. */
  readonly putAll: (items: readonly Item[]) => Promise<void>;
  readonly removeAll: (keys: readonly Key[]) => Promise<void>;
  /** Everything there is, page by page. Never on the way of an event or a message. */
  readonly scan: () => AsyncIterable<readonly Item[]>;
};

type QueryOptions = {
  readonly limit?: number;
  readonly newestFirst?: boolean;
  /** Only what comes after this sort key; in place of a beginning. */
  readonly after?: string;
};

/** DynamoDB's own limits. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST_READ = 100;
const MOST_WRITTEN = 25;
/** What a transaction holds at most. */
export const MOST_TOGETHER = 100;

/** The index's one partition: what is in it is only what waits to be edited. */
export const DUE_PARTITION = "due";

/** A table by its name. */
export function tableOf(client: DynamoDBClient, name: string): Table {
  return { ...reading(client, name), ...writing(client, name) };
}

function reading(client: DynamoDBClient, name: string): Pick<Table, "get" | "query" | "due" | "scan"> {
  const read = gathered<Asking>(async (all) => {
    const pages = pagesOf(distinct(all.map(({ key }) => key)), MOST_READ);
    const found = (await Promise.all(pages.map((page) => getPage(client, name, page)))).flat();
    const byName = new Map(found.map((item) => [nameOf(item), item]));
    for (const { key, answer } of all) answer(byName.get(nameOf(key)));
  });
  return {
    get: async (keys) => {
      const found = new Map<string, Item>();
      const answer = (item: Item | undefined): unknown => item && found.set(nameOf(item), item);
      await read(keys.map((key) => ({ key, answer })));
      return [...found.values()];
    },
    query: (pk, begins, options) => queryAll(client, name, { pk, begins, ...options }),
    due: async (until, limit) => {
      const answer = await client.send(
        new QueryCommand({
          TableName: name,
          IndexName: TABLE_SHAPE.index.name,
          KeyConditionExpression: until === undefined ? "#due = :due" : "#due = :due AND dueAt <= :until",
          ExpressionAttributeNames: { "#due": TABLE_SHAPE.index.partitionKey },
          ExpressionAttributeValues: {
            ":due": { S: DUE_PARTITION },
            ...(until === undefined ? {} : { ":until": { N: String(until) } }),
          },
          Limit: limit,
        }),
      );
      return (answer.Items ?? []).map(itemFrom);
    },
    scan: async function* () {
      let from: Record<string, AttributeValue> | undefined;
      do {
        const answer = await client.send(
          new ScanCommand({ TableName: name, ConsistentRead: true, ...(from ? { ExclusiveStartKey: from } : {}) }),
        );
        yield (answer.Items ?? []).map(itemFrom);
        from = answer.LastEvaluatedKey;
      } while (from);
    },
  };
}

/** A key, and who wants to hear what is there. */
type Asking = { readonly key: Key; readonly answer: (item: Item | undefined) => unknown };

type Asked = QueryOptions & { readonly pk: string; readonly begins?: string | undefined };

async function queryAll(
  client: DynamoDBClient,
  name: string,
  { pk, begins = "", after, limit = Number.POSITIVE_INFINITY, newestFirst = false }: Asked,
): Promise<readonly Item[]> {
  const isAll = begins === "" && after === undefined;
  const part = isAll
    ? { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: pk } } }
    : {
        KeyConditionExpression: after === undefined ? "pk = :pk AND begins_with(sk, :sk)" : "pk = :pk AND sk > :sk",
        ExpressionAttributeValues: { ":pk": { S: pk }, ":sk": { S: after ?? begins } },
      };
  const found: Item[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const left = Number.isFinite(limit) ? { Limit: limit - found.length } : {};
    const asked = { TableName: name, ConsistentRead: true, ScanIndexForward: !newestFirst, ...part, ...left };
    const answer = await client.send(new QueryCommand({ ...asked, ...(from ? { ExclusiveStartKey: from } : {}) }));
    found.push(...(answer.Items ?? []).map(itemFrom));
    from = answer.LastEvaluatedKey;
  } while (from && found.length < limit);
  return found;
}

async function getPage(client: DynamoDBClient, name: string, keys: readonly Key[]): Promise<readonly Item[]> {
  const found: Item[] = [];
  let left: Record<string, AttributeValue>[] = keys.map(attributesOf);
  for (let tries = 0; left.length > 0; tries += 1) {
    await restBefore(tries);
    const answer = await client.send(
      new BatchGetItemCommand({ RequestItems: { [name]: { Keys: left, ConsistentRead: true } } }),
    );
    found.push(...(answer.Responses?.[name] ?? []).map(itemFrom));
    left = answer.UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return found;
}

type Writing = Pick<Table, "together" | "write" | "putAll" | "removeAll">;

function writing(client: DynamoDBClient, name: string): Writing {
  const together: Writing["together"] = async (writes) => {
    if (writes.length === 0) return true;
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: writes.map((write) => partOf(name, write)) }));
      return true;
    } catch (error) {
      if (isRaceLost(error)) return false;
      throw error;
    }
  };
  const batch = async (requests: readonly object[]): Promise<void> => {
    await Promise.all(pagesOf(requests, MOST_WRITTEN).map((page) => writePage(client, name, page)));
  };
  // DynamoDB refuses a batch that names an item twice.
  const putAll = gathered<Item>((items) => {
    const newest = new Map(items.map((item) => [nameOf(item), item]));
    return batch([...newest.values()].map((item) => ({ PutRequest: { Item: attributesOf(item) } })));
  });
  const removeAll = gathered<Key>((keys) =>
    batch(distinct(keys).map((key) => ({ DeleteRequest: { Key: attributesOf(key) } }))),
  );
  return {
    together,
    write: async (write) => {
      // A transaction of one would cost twice as much.
      const { Put, Update, Delete } = partOf(name, write);
      try {
        if (Put) await client.send(new PutItemCommand(Put));
        if (Update) await client.send(new UpdateItemCommand(Update));
        if (Delete) await client.send(new DeleteItemCommand(Delete));
        return true;
      } catch (error) {
        if (isRaceLost(error)) return false;
        throw error;
      }
    },
    putAll,
    removeAll,
  };
}

async function writePage(client: DynamoDBClient, name: string, requests: readonly object[]): Promise<void> {
  let left = [...requests];
  for (let tries = 0; left.length > 0; tries += 1) {
    await restBefore(tries);
    const answer = await client.send(new BatchWriteItemCommand({ RequestItems: { [name]: left } }));
    left = answer.UnprocessedItems?.[name] ?? [];
  }
}

/** Before what DynamoDB left undone is asked for again: it did because it has too much to do. */
async function restBefore(tries: number): Promise<void> {
  if (tries === 0) return;
  if (tries > 8)
    throw new Error("DynamoDB left a part of a batch undone nine times: the table has too little capacity");
  await restMs(Math.random() * 20 * 2 ** tries);
}

/** A pause that no test need turn by hand: it decides nothing, it only makes room for another writer. */
export function restMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const RACES: ReadonlySet<string | undefined> = new Set(["ConditionalCheckFailed", "TransactionConflict"]);

/** Somebody else wrote first. Whatever else is wrong is an error. */
function isRaceLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "ConditionalCheckFailedException" || error.name === "TransactionConflictException") return true;
  if (error.name !== "TransactionCanceledException") return false;
  const { CancellationReasons: reasons = [] } = error as { CancellationReasons?: readonly { Code?: string }[] };
  const bad = reasons.filter(({ Code }) => Code !== undefined && Code !== "None");
  return bad.length > 0 && bad.every(({ Code }) => RACES.has(Code));
}

type Part = {
  readonly Put?: NonNullable<TransactWriteItem["Put"]>;
  readonly Update?: NonNullable<TransactWriteItem["Update"]> & { readonly UpdateExpression: string };
  readonly Delete?: NonNullable<TransactWriteItem["Delete"]>;
};

function partOf(name: string, write: Write): Part {
  if ("remove" in write) return { Delete: { TableName: name, Key: attributesOf(write.remove) } };
  if ("update" in write) return { Update: { TableName: name, ...expressionOf(write.update, write.change) } };
  const { put, ifNew } = write;
  const condition = ifNew ? conditionOf({ pk: undefined }) : conditionOf(write.if ?? {});
  return { Put: { TableName: name, Item: attributesOf(put), ...condition.given } };
}

type Expression = {
  readonly Key: Record<string, AttributeValue>;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
  readonly ConditionExpression?: string;
};

/** Every attribute by a placeholder: DynamoDB has 573 reserved words. */
function expressionOf(key: Key, change: Change): Expression {
  const { set = {}, remove = [], add = {} } = change;
  const { names, values, given } = conditionOf(change.if ?? {}, change.ifLater);
  const named = (attribute: string): string => {
    names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  };
  const sets: string[] = [];
  const removes = remove.map(named);
  for (const [attribute, value] of Object.entries(set)) {
    if (value === undefined) removes.push(named(attribute));
    else {
      values[`:s_${attribute}`] = attributeOf(value);
      sets.push(`${named(attribute)} = :s_${attribute}`);
    }
  }
  const adds = Object.entries(add).map(([attribute, value]) => {
    values[`:a_${attribute}`] = attributeOf(value);
    return `${named(attribute)} :a_${attribute}`;
  });
  const clauses = [
    sets.length > 0 ? `SET ${sets.join(", ")}` : "",
    removes.length > 0 ? `REMOVE ${removes.join(", ")}` : "",
    adds.length > 0 ? `ADD ${adds.join(", ")}` : "",
  ];
  return {
    Key: attributesOf(key),
    UpdateExpression: clauses.filter((clause) => clause !== "").join(" "),
    ...given,
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

type Condition = {
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
  readonly given: {
    readonly ConditionExpression?: string;
    readonly ExpressionAttributeNames?: Record<string, string>;
    readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
  };
};

function conditionOf(holds: NonNullable<Change["if"]>, later: NonNullable<Change["ifLater"]> = {}): Condition {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  const parts = Object.entries(holds).map(([attribute, value]) => {
    names[`#${attribute}`] = attribute;
    if (value === undefined) return `attribute_not_exists(#${attribute})`;
    values[`:i_${attribute}`] = attributeOf(value);
    return `#${attribute} = :i_${attribute}`;
  });
  for (const [attribute, value] of Object.entries(later)) {
    names[`#${attribute}`] = attribute;
    values[`:l_${attribute}`] = attributeOf(value);
    parts.push(`(attribute_not_exists(#${attribute}) OR #${attribute} < :l_${attribute})`);
  }
  if (parts.length === 0) return { names, values, given: {} };
  const given = {
    ConditionExpression: parts.join(" AND "),
    ExpressionAttributeNames: names,
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
  return { names, values, given };
}

function attributeOf(value: NonNullable<Value>): AttributeValue {
  if (typeof value === "string") return { S: value };
  return typeof value === "number" ? { N: String(value) } : { BOOL: value };
}

function attributesOf(item: object): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const [attribute, value] of Object.entries(item)) {
    if (value !== undefined) attributes[attribute] = attributeOf(value);
  }
  return attributes;
}

function itemFrom(attributes: Record<string, AttributeValue>): Item {
  const item: Record<string, Value> = {};
  for (const [attribute, value] of Object.entries(attributes)) {
    item[attribute] = value.S ?? (value.N === undefined ? value.BOOL : Number(value.N));
  }
  return item as Item;
}

function distinct<K extends Key>(keys: readonly K[]): readonly Key[] {
  return [...new Map(keys.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }])).values()];
}

/** A key as one text, to find things by. */
export function nameOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

/** Slices of a list, each of at most so many. */
export function pagesOf<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  const pages: (readonly T[])[] = [];
  for (let from = 0; from < all.length; from += most) pages.push(all.slice(from, from + most));
  return pages;
}
