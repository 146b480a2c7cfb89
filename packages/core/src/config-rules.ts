/**
 * The rules between the keys of a config, which no single key can break: no customer twice, no account under two
 * customers, a delegated administrator that is one of the customer's own, one AWS partition, no person twice or with a
 * customer that does not exist.
 *
 * They look at whatever is there: a file with other faults as well gets all of them told at once.
 */
import type { ConfigFault } from "./config-fault.ts";
import type { Path } from "./config-yaml.ts";
import { ownBusName } from "./owner.ts";
import { partitionOf } from "./regions.ts";
import { LONGEST_SILENCE_DAYS, silenceEnd, silenceFault, silenceStart } from "./silence.ts";

/** Every broken rule of a value that may or may not be a config. */
export function brokenRules(value: unknown): readonly ConfigFault[] {
  const customers = listAt(value, "customers");
  const people = listAt(fieldOf(value, "console"), "people");
  const hubRegion = stringAt(fieldOf(value, "hub"), "region");
  return [
    ...duplicateIds(customers),
    ...sharedAccounts(customers),
    ...sharedBuses(customers, (stringAt(fieldOf(value, "hub"), "buses") ?? "per-customer") === "per-customer"),
    ...customers.flatMap((customer, index) => foreignAdmin(customer, index)),
    ...customers.flatMap((customer, index) => unreachableRegions(customer, index, hubRegion)),
    ...unreachableSecrets(value),
    ...repeatedPeople(people),
    ...unknownScopes(people, customers),
    ...customers.flatMap((customer, index) =>
      brokenSilences(customer, index, stringAt(fieldOf(value, "defaults"), "timezone") ?? "UTC"),
    ),
  ];
}

/** The secrets that the relay on Lambda needs, or uses when they are there. */
const SECRETS = [
  { group: "slack", key: "token", isNeeded: true, what: "the Slack token", name: "slack-token" },
  { group: "slack", key: "signingSecret", isNeeded: false, what: "Slack's signing secret", name: "signing-secret" },
  { group: "ingest", key: "key", isNeeded: false, what: "the ingest key", name: "ingest-key" },
] as const;

/** A function on Lambda has no environment or file of anybody's: its secrets are in AWS, or nowhere. */
function unreachableSecrets(value: unknown): readonly ConfigFault[] {
  if (stringAt(fieldOf(value, "hub"), "relay") !== "aws") return [];
  return SECRETS.flatMap(({ group, key, isNeeded, what, name }): readonly ConfigFault[] => {
    const secret = fieldOf(fieldOf(value, group), key);
    if (secret === undefined && !isNeeded) return [];
    if (fieldOf(secret, "ssm") !== undefined || fieldOf(secret, "secretsmanager") !== undefined) return [];
    const path = secret === undefined ? [group] : [group, key];
    const sentence = `with \`hub.relay: aws\` ${what} must be where a function on Lambda can read it`;
    const fix = `Put it into SSM or Secrets Manager, as in: ${key}: { ssm: /shirase/${name} }`;
    return [{ path, on: "value", expected: "{ ssm: … } or { secretsmanager: … }", sentence, fix }];
  });
}

function duplicateIds(customers: readonly unknown[]): readonly ConfigFault[] {
  const firstAt = new Map<string, Path>();
  return customers.flatMap((customer, index) => {
    const id = stringAt(customer, "id");
    if (id === undefined) return [];
    const path = ["customers", index, "id"];
    const other = firstAt.get(id);
    if (!other) firstAt.set(id, path);
    return other ? [twice(path, other, "this customer id is already taken", "Each customer needs its own id.")] : [];
  });
}

/** Whose finding it is follows from the account: it can belong to one customer only. */
function sharedAccounts(customers: readonly unknown[]): readonly ConfigFault[] {
  const firstAt = new Map<string, Listed>();
  return customers.flatMap(accountsOf).flatMap((listed) => {
    const other = firstAt.get(listed.id);
    if (!other) firstAt.set(listed.id, listed);
    return other ? [accountAgain(listed, other)] : [];
  });
}

/** An account id where a customer lists it. */
type Listed = { readonly id: string; readonly customer: number; readonly path: Path };

function accountsOf(customer: unknown, index: number): readonly Listed[] {
  return listAt(customer, "accounts").flatMap((account, position) => {
    const path = ["customers", index, "accounts", position];
    if (typeof account === "string") return [{ id: account, customer: index, path }];
    const id = stringAt(account, "id");
    return id === undefined ? [] : [{ id, customer: index, path: [...path, "id"] }];
  });
}

function accountAgain(listed: Listed, other: Listed): ConfigFault {
  if (listed.customer === other.customer) {
    return twice(listed.path, other.path, "this account is listed twice", "Delete one of the two.");
  }
  const sentence = `this account already belongs to customers[${other.customer}]`;
  const fix = "An account belongs to one customer: its findings would be told in another customer's channel.";
  return twice(listed.path, other.path, sentence, fix);
}

/** A customer's own bus is half of whose event it is; with a bus for each, the others' are `shirase-ID`. */
function sharedBuses(customers: readonly unknown[], isOneEach: boolean): readonly ConfigFault[] {
  const ids = new Map(customers.flatMap((customer, index) => unnamedBus(customer, index)));
  const firstAt = new Map<string, Path>();
  return customers.flatMap((customer, index): readonly ConfigFault[] => {
    const bus = stringAt(customer, "bus");
    if (bus === undefined) return [];
    const path = ["customers", index, "bus"];
    const other = firstAt.get(bus) ?? (isOneEach ? ids.get(bus) : undefined);
    if (!firstAt.has(bus)) firstAt.set(bus, path);
    const fix = "Leave `bus` out for customers that share one: their accounts tell them apart.";
    return other ? [twice(path, other, "this bus already belongs to another customer", fix)] : [];
  });
}

function unnamedBus(customer: unknown, index: number): readonly (readonly [bus: string, path: Path])[] {
  const id = stringAt(customer, "id");
  if (id === undefined || stringAt(customer, "bus") !== undefined) return [];
  return [[ownBusName({ id }), ["customers", index, "id"]]];
}

function twice(path: Path, other: Path, sentence: string, fix: string): ConfigFault {
  return { path, other, on: "value", expected: "a value that is not there yet", sentence, fix };
}

function foreignAdmin(customer: unknown, index: number): readonly ConfigFault[] {
  const admin = stringAt(customer, "delegatedAdmin");
  const own = accountsOf(customer, index).map(({ id }) => id);
  if (admin === undefined || own.includes(admin)) return [];
  return [
    {
      path: ["customers", index, "delegatedAdmin"],
      on: "value",
      expected: "one of this customer's accounts",
      fix: "Add the administrator's account to `accounts`: it may speak for this customer's accounts only.",
      allowed: own,
    },
  ];
}

/** EventBridge sends nothing from one partition to another: such a customer would be silent for ever. */
function unreachableRegions(customer: unknown, index: number, hubRegion: string | undefined): readonly ConfigFault[] {
  const home = hubRegion === undefined ? undefined : partitionOf(hubRegion);
  if (home === undefined) return [];
  return listAt(customer, "regions").flatMap((region, position): readonly ConfigFault[] => {
    const partition = typeof region === "string" ? partitionOf(region) : undefined;
    if (partition === undefined || partition === home) return [];
    return [
      {
        path: ["customers", index, "regions", position],
        on: "value",
        expected: `a region of the hub's partition (${home})`,
        sentence: `this region is in ${partition}, the hub's is in ${home}`,
        fix: `Events do not cross partitions: run a hub of its own, with its own file, in ${partition}.`,
        other: ["hub", "region"],
      },
    ];
  });
}

/** A silence ends after it began, and not long after. */
function brokenSilences(customer: unknown, index: number, fallback: string): readonly ConfigFault[] {
  const timezone = stringAt(customer, "timezone") ?? fallback;
  return listAt(customer, "silences").flatMap((silence, position): readonly ConfigFault[] => {
    const [from, until] = [stringAt(silence, "from"), stringAt(silence, "until")];
    if (from === undefined || until === undefined || !isTime(from) || !isTime(until)) return [];
    const at = ["customers", index, "silences", position];
    const fault = faultOf(from, until, timezone);
    if (fault === undefined) return [];
    const isLong = fault === "too-long";
    return [
      {
        path: [...at, "until"],
        other: [...at, "from"],
        on: "value",
        expected: isLong ? `a time at most ${LONGEST_SILENCE_DAYS} days after \`from\`` : "a time after `from`",
        sentence: isLong
          ? `a silence lasts ${LONGEST_SILENCE_DAYS} days at most`
          : "this silence ends before it begins",
        fix: isLong
          ? "Renew it when it ends, or write a `filter` when nobody shall ever hear of it."
          : "Swap the two, or take the silence out.",
      },
    ];
  });
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

/** In a zone that is none the config has another fault, which is told. */
function faultOf(from: string, until: string, timezone: string): ReturnType<typeof silenceFault> {
  try {
    return silenceFault({ from: silenceStart(from, timezone), until: silenceEnd(until, timezone) });
  } catch {
    return undefined;
  }
}

/** A person's scope with a slip in it would hide a customer from whoever is there for it. */
function unknownScopes(people: readonly unknown[], customers: readonly unknown[]): readonly ConfigFault[] {
  const ids = customers.flatMap((customer) => stringAt(customer, "id") ?? []);
  return people.flatMap((person, index) =>
    listAt(person, "customers").flatMap((id, position): readonly ConfigFault[] => {
      if (typeof id !== "string" || ids.includes(id)) return [];
      return [
        {
          path: ["console", "people", index, "customers", position],
          on: "value",
          expected: "the id of a customer in this file",
          fix: "It is what stands under that customer's `id`, not its name.",
          allowed: ids,
        },
      ];
    }),
  );
}

/** The first of two entries would hold, and the other would look as if it did. */
function repeatedPeople(people: readonly unknown[]): readonly ConfigFault[] {
  const firstAt = new Map<string, Path>();
  return people.flatMap((person, index) => {
    const email = stringAt(person, "email")?.toLowerCase();
    if (email === undefined) return [];
    const path = ["console", "people", index, "email"];
    const other = firstAt.get(email);
    if (!other) firstAt.set(email, path);
    return other ? [twice(path, other, "this person is already in the list", "Delete one of the two.")] : [];
  });
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function stringAt(value: unknown, key: string): string | undefined {
  const found = fieldOf(value, key);
  return typeof found === "string" ? found : undefined;
}
