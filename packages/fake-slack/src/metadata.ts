/**
 * Would Slack keep this `metadata`? An event type, and a payload of plain values or one level of objects.
 *
 * Metadata is how an app recognises its own messages after a crash, so a fake that kept a malformed one would hide
 * that the real lookup finds nothing.
 */
import { isObject, type Json } from "./json.ts";
import type { Problem } from "./problem.ts";

/** Problems of a `metadata` argument; none when it is absent or `{}`, which chat.update takes as "remove it". */
export function checkMetadata(metadata: Json | undefined, bytesMax: number): readonly Problem[] {
  if (metadata === undefined) return [];
  if (!isObject(metadata)) return [problem("/metadata", "must provide an object", "invalid_metadata_format")];
  if (Object.keys(metadata).length === 0) return [];
  const bytes = new TextEncoder().encode(JSON.stringify(metadata)).length;
  if (bytes > bytesMax) return [problem("/metadata", `${bytes} bytes; at most ${bytesMax}`, "metadata_too_large")];
  return [...checkEventType(metadata["event_type"]), ...checkPayload(metadata["event_payload"])];
}

function checkEventType(eventType: Json | undefined): readonly Problem[] {
  if (eventType === undefined) return [missing("event_type")];
  if (typeof eventType === "string" && /^\w{1,255}$/.test(eventType)) return [];
  return [problem("/metadata/event_type", "must be letters, digits and underscores", "invalid_metadata_format")];
}

function checkPayload(payload: Json | undefined): readonly Problem[] {
  if (payload === undefined) return [missing("event_payload")];
  if (!isObject(payload))
    return [problem("/metadata/event_payload", "must provide an object", "invalid_metadata_format")];
  return Object.entries(payload).flatMap(([name, value]) =>
    isPlain(value) || isFlat(value) || (Array.isArray(value) && value.every((item) => isPlain(item) || isFlat(item)))
      ? []
      : [
          problem(
            `/metadata/event_payload/${name}`,
            "must be a plain value or one level of objects",
            "invalid_metadata_schema",
          ),
        ],
  );
}

function missing(name: string): Problem {
  return problem("/metadata", `missing required field: ${name}`, "invalid_metadata_format");
}

function isPlain(value: Json | undefined): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isFlat(value: Json | undefined): boolean {
  return isObject(value) && Object.values(value).every(isPlain);
}

function problem(pointer: string, message: string, error: string): Problem {
  return { pointer, message, error };
}
