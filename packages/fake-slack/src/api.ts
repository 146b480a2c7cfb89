/**
 * One API call from request to answer: fault, token, scope, pace, method, in the order in which they can stop it.
 *
 * Expected refusals are HTTP 200 with `ok: false`, as Slack's are; only the pace and faults use other statuses.
 */
import { type Answer, type Method, missingScope, toBody } from "./answer.ts";
import { type Args, type ReadCall, readCall } from "./call.ts";
import type { JsonObject } from "./json.ts";
import { addReaction, getPermalink, postMessage, remove, update } from "./methods/chat.ts";
import { authTest, history, info, join, list, replies, usersInfo } from "./methods/conversations.ts";
import type { Pace } from "./pace.ts";
import {
  delay,
  faultName,
  type HttpReply,
  type Reply,
  rateLimited,
  statusOf,
  strikeAfter,
  strikeBefore,
} from "./reply.ts";
import type { Bot, Workspace } from "./workspace.ts";

/** A method and the scopes of which it needs one. */
type Endpoint = { readonly run: Method; readonly scopes: readonly string[] };

const READ_CHANNELS = ["channels:read", "groups:read"];
/** What Slack calls needed when a token has none of them; which one counts is the channel's question. */
const READ_HISTORY = ["channels:history", "groups:history", "mpim:history", "im:history"];

/** Every method this fake knows; all others answer `unknown_method`. */
const METHODS: ReadonlyMap<string, Endpoint> = new Map(
  Object.entries({
    "auth.test": { run: authTest, scopes: [] },
    "chat.delete": { run: remove, scopes: ["chat:write"] },
    "chat.getPermalink": { run: getPermalink, scopes: [] },
    "chat.postMessage": { run: postMessage, scopes: ["chat:write"] },
    "chat.update": { run: update, scopes: ["chat:write"] },
    "conversations.history": { run: history, scopes: READ_HISTORY },
    "conversations.info": { run: info, scopes: READ_CHANNELS },
    "conversations.join": { run: join, scopes: ["channels:join"] },
    "conversations.list": { run: list, scopes: READ_CHANNELS },
    "conversations.replies": { run: replies, scopes: READ_HISTORY },
    "reactions.add": { run: addReaction, scopes: ["reactions:write"] },
    "users.info": { run: usersInfo, scopes: ["users:read"] },
  } satisfies Record<string, Endpoint>),
);

/** Answers one call of `method`. */
export async function answerApi(request: Request, method: string, workspace: Workspace): Promise<Reply> {
  const now = workspace.now();
  const call = await readCall(request);
  const channelId = "args" in call ? channelOf(call.args, workspace) : undefined;
  workspace.ledger.count(method);
  const refuse = (status: number, error: string, detail: readonly string[] = []): void =>
    workspace.ledger.refuse({ receivedAt: now, method, channel: channelId, status, error, detail });

  const fault = workspace.faults.strike({ method, channel: channelId, now });
  const struck = strikeBefore(fault, "api");
  if (struck) {
    refuse(statusOf(struck), faultName(fault));
    return struck;
  }
  if (fault?.kind === "slow" && fault.when === "before") await delay(fault.delayMs);
  const answer = answerCall(
    call,
    { method, channelId, now, origin: workspace.pagesUrl ?? new URL(request.url).origin },
    workspace,
  );
  if ("retryAfterSeconds" in answer) {
    refuse(429, "ratelimited");
    return rateLimited(answer.retryAfterSeconds, "api");
  }
  if (!answer.ok) refuse(200, answer.error, answer.detail);
  return strikeAfter(json(toBody(answer, "args" in call ? call.warnings : []), scopeHeaders(method, workspace)), fault);
}

type Asked = {
  readonly method: string;
  readonly channelId: string | undefined;
  readonly now: Date;
  readonly origin: string;
};

/** The method's own answer, or the wait that the pace asks for. */
function answerCall(call: ReadCall, asked: Asked, workspace: Workspace): Answer | { retryAfterSeconds: number } {
  const { method, now, origin } = asked;
  const endpoint = METHODS.get(method);
  if (!endpoint) return { ok: false, error: "unknown_method", fields: { req_method: method } };
  if ("error" in call) return { ok: false, error: call.error };
  if (call.token === undefined) return { ok: false, error: "not_authed" };
  const bot = workspace.botOf(call.token);
  if (!bot) return { ok: false, error: "invalid_auth" };
  const { scopes } = endpoint;
  if (scopes.length > 0 && !scopes.some((scope) => workspace.scopes.includes(scope))) {
    return missingScope(scopes, workspace);
  }
  const pace = paceOf(asked, bot, workspace);
  if (pace.kind === "refuse") return pace;
  return endpoint.run({ args: call.args, bot, now, origin, isHidden: pace.kind === "hide" }, workspace);
}

/** The channel's id where the caller used a name; the caller's own word where there is no such channel. */
function channelOf(args: Args, workspace: Workspace): string | undefined {
  const named = args.text("channel");
  return named === undefined ? undefined : (workspace.channel(named)?.id ?? named);
}

function paceOf({ method, channelId, now }: Asked, bot: Bot, workspace: Workspace): Pace {
  const pacer = workspace.pacer(bot);
  if (method !== "chat.postMessage") return pacer.call(method, now);
  // A post to nowhere is refused below; it must not invent a bucket.
  if (channelId === undefined || !workspace.channel(channelId)) return { kind: "go" };
  return pacer.post(channelId, now);
}

function scopeHeaders(method: string, workspace: Workspace): Readonly<Record<string, string>> {
  return {
    "x-oauth-scopes": workspace.scopes.join(","),
    "x-accepted-oauth-scopes": METHODS.get(method)?.scopes.join(",") ?? "",
  };
}

function json(body: JsonObject, headers: Readonly<Record<string, string>> = {}): HttpReply {
  const contentType = "application/json; charset=utf-8";
  return {
    kind: "http",
    status: 200,
    headers: { "content-type": contentType, ...headers },
    body: JSON.stringify(body),
  };
}
