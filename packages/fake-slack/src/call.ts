/**
 * What did the caller ask? Turns an HTTP request into a method's arguments the way Slack does: JSON with the token in
 * the header, or a form in which every structured argument is a JSON string.
 *
 * Arguments keep their wire form here. A form knows only strings, so numbers and booleans are read by `Args`, and
 * `blocks` may arrive as a list or as a string that holds one.
 */
import { isObject, type Json, type JsonObject, parseJson } from "./json.ts";

/** A method's arguments with Slack's lenient reading of each type. */
export type Args = {
  readonly raw: JsonObject;
  /** The argument as text; numbers count as text. Empty text counts as absent, as in a form. */
  readonly text: (name: string) => string | undefined;
  /** `true`, `1` and `"true"` are true; anything else that is given is false. */
  readonly flag: (name: string) => boolean | undefined;
  readonly integer: (name: string) => number | undefined;
  /** A structured argument: as it is, or parsed from its JSON string. `null` when the string is no JSON. */
  readonly structure: (name: string) => Json | undefined;
};

/** A readable call, or the error code Slack answers an unreadable one with. */
export type ReadCall =
  | { readonly args: Args; readonly token: string | undefined; readonly warnings: readonly string[] }
  | { readonly error: string };

/** Reads arguments and token. The body is consumed. */
export async function readCall(request: Request): Promise<ReadCall> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const query = Object.fromEntries(new URL(request.url).searchParams);
  if (request.method === "GET") return readForm(query, bearer);
  const contentType = (request.headers.get("content-type") ?? "").toLowerCase();
  if (contentType.startsWith("application/json")) return readJsonBody(await request.text(), contentType, bearer);
  if (/^(application\/x-www-form-urlencoded|text\/plain)\b/.test(contentType)) {
    return readForm({ ...query, ...Object.fromEntries(new URLSearchParams(await request.text())) }, bearer);
  }
  if (contentType.startsWith("multipart/form-data")) return readMultipart(request, query, bearer);
  const body = await request.text();
  if (contentType !== "") return { error: "invalid_post_type" };
  return body === "" ? readForm(query, bearer) : { error: "missing_post_type" };
}

/** JSON may not carry the token: Slack answers `not_authed` to that, so it is not looked for. */
function readJsonBody(body: string, contentType: string, bearer: string | undefined): ReadCall {
  const parsed = body === "" ? {} : parseJson(body);
  if (parsed === undefined) return { error: "invalid_json" };
  if (!isObject(parsed)) return { error: "json_not_object" };
  const warnings = contentType.includes("charset=") ? [] : ["missing_charset"];
  return { args: toArgs(parsed), token: bearer, warnings };
}

async function readMultipart(request: Request, query: JsonObject, bearer: string | undefined): Promise<ReadCall> {
  const form = await request.formData().catch(() => undefined);
  if (!form) return { error: "invalid_form_data" };
  const fields = [...form.entries()].filter((field): field is [string, string] => typeof field[1] === "string");
  return readForm({ ...query, ...Object.fromEntries(fields) }, bearer);
}

function readForm(fields: JsonObject, bearer: string | undefined): ReadCall {
  const args = toArgs(fields);
  return { args, token: bearer ?? args.text("token"), warnings: [] };
}

/** Arguments over a plain object, for callers that have one already (webhooks, the control API). */
export function toArgs(raw: JsonObject): Args {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    raw,
    text,
    flag: (name) => {
      const value = raw[name];
      if (value === undefined || value === null || value === "") return undefined;
      return value === true || value === 1 || value === "true" || value === "1";
    },
    integer: (name) => {
      const value = text(name);
      return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
    },
    structure: (name) => {
      const value = raw[name];
      if (typeof value !== "string") return value;
      return value === "" ? undefined : (parseJson(value) ?? null);
    },
  };
}
