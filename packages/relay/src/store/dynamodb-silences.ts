/** Silences in DynamoDB, and which problems each held back. */
import type { Silence } from "@shirase/core/silence";
import { keyOf, ttl } from "./dynamodb-keys.ts";
import type { Item, Table, Write } from "./dynamodb-table.ts";
import { KEPT_FOR } from "./kept-for.ts";
import type { Store } from "./store.ts";

const SILENCES = keyOf.silence("").pk;

/** What the store does with silences. They are few: all lie in one partition, and those that ended go by themselves. */
export function dynamoSilences(table: Table): Pick<Store, "addSilence" | "endSilence" | "silences" | "silencedCounts"> {
  return {
    addSilence: async ({ id, from, until, ...said }) => {
      const times = { from: from.getTime(), until: until.getTime(), ttl: ttl(until, KEPT_FOR.ended) };
      await table.write({ put: { ...keyOf.silence(id), ...said, ...times }, ifNew: true });
    },
    endSilence: async (id, now) => {
      const [item] = await table.get([keyOf.silence(id)]);
      const until = item?.["until"];
      if (typeof until !== "number" || until <= now.getTime()) return false;
      return table.write({
        update: keyOf.silence(id),
        change: { set: { until: now.getTime(), ttl: ttl(now, KEPT_FOR.ended) }, if: { until } },
      });
    },
    silences: async (endAfter) =>
      (await table.query(SILENCES))
        .map(silenceFrom)
        .filter(({ until }) => until > endAfter)
        .toSorted((a, b) => a.until.getTime() - b.until.getTime() || (a.id < b.id ? -1 : 1)),
    silencedCounts: async (ids) =>
      new Map(
        await Promise.all(ids.map(async (id) => [id, (await table.query(keyOf.silenced(id, "").pk)).length] as const)),
      ),
  };
}

/** Notes that a silence held a problem back; written twice it is the same. */
export function silencedWrite(silenceId: string, problem: string, now: Date): Write {
  return { put: { ...keyOf.silenced(silenceId, problem), at: now.getTime(), ttl: ttl(now, KEPT_FOR.silent) } };
}

function silenceFrom({ sk: id, customerId, match, owner, reason, from, until }: Item): Silence {
  return {
    id,
    customerId: String(customerId),
    match: String(match),
    owner: String(owner),
    reason: String(reason),
    from: new Date(Number(from)),
    until: new Date(Number(until)),
  };
}
