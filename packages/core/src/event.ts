/**
 * The EventBridge envelope: what every event carries, whoever sent it. Reads it out of parsed JSON and says which
 * field is wrong when it cannot. What the event means (its findings) is read/*.ts; whose it is, owner.ts.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */

/** A value as JSON.parse gives it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; any key may be absent. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** One EventBridge event, checked. `raw` is the object it was read from, unchanged: patterns match against it. */
export type Envelope = {
  /** Unique per event; a redelivery carries the same id. */
  readonly id: string;
  /** `aws.securityhub`, `aws.guardduty`, `shirase.test` … */
  readonly source: string;
  readonly detailType: string;
  /** The 12-digit account whose bus the event was put on; with a delegated administrator not the finding's own. */
  readonly account: string;
  readonly region: string;
  /** When the service says it happened; EventBridge gives whole seconds. */
  readonly time: Date;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
  readonly raw: JsonObject;
};

/** Why a value is no envelope: `field` is the key at fault (`detail`), "" for the whole value. */
export type EnvelopeProblem = { readonly field: string; readonly message: string };

/**
 * Reads one EventBridge envelope.
 *
 * @param value - parsed JSON.
 * @returns the envelope, or the first field that is missing or has the wrong shape. Unknown fields are kept in `raw`.
 */
export function readEnvelope(value: unknown): { readonly event: Envelope } | { readonly problem: EnvelopeProblem } {
  if (!isObject(value)) return wrong("", `an EventBridge event is a JSON object, got ${kindOf(value)}`);
  for (const field of ["id", "source", "detail-type", "account", "region", "time"] as const) {
    const found = value[field];
    if (typeof found !== "string" || found === "") return wrong(field, `expected a string, got ${kindOf(found)}`);
  }
  const { id, source, account, region, resources, detail } = value;
  if (!/^\d{12}$/.test(String(account))) return wrong("account", "expected 12 digits in a string");
  if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(String(region)))
    return wrong("region", "expected an AWS region such as us-east-1");
  const time = new Date(String(value["time"]));
  if (Number.isNaN(time.getTime())) return wrong("time", "expected an ISO 8601 time such as 2026-11-20T01:12:13Z");
  if (resources !== undefined && !isStrings(resources)) return wrong("resources", "expected an array of strings");
  if (!isObject(detail)) return wrong("detail", `expected a JSON object, got ${kindOf(detail)}`);
  return {
    event: {
      id: String(id),
      source: String(source),
      detailType: String(value["detail-type"]),
      account: String(account),
      region: String(region),
      time,
      resources: resources ?? [],
      detail,
      raw: value,
    },
  };
}

/** Is it a JSON object, not an array or null? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function wrong(field: string, message: string): { readonly problem: EnvelopeProblem } {
  return { problem: { field, message } };
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value === "") return "an empty string";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
