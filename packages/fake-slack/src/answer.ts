/** What a method answers, and the shapes Slack puts around it. */
import type { Args } from "./call.ts";
import type { JsonObject } from "./json.ts";
import type { Bot, Workspace } from "./workspace.ts";

/** A method's answer: its own fields, or an error code with what `response_metadata.messages` should say. */
export type Answer =
  | {
      readonly ok: true;
      readonly fields: JsonObject;
      readonly warnings?: readonly string[];
      readonly nextCursor?: string;
    }
  | { readonly ok: false; readonly error: string; readonly detail?: readonly string[]; readonly fields?: JsonObject };

/** Everything a method may look at. */
export type MethodCall = {
  readonly args: Args;
  /** The app that calls. */
  readonly bot: Bot;
  readonly now: Date;
  /** Where the pages stand, without a slash at the end, for permalinks. */
  readonly origin: string;
  /** This post is over the pace and will not be shown. */
  readonly isHidden: boolean;
};

export type Method = (call: MethodCall, workspace: Workspace) => Answer;

/** A refusal. */
export function refused(error: string, detail: readonly string[] = []): Answer {
  return { ok: false, error, detail };
}

/** The token has none of these scopes. */
export function missingScope(needed: readonly string[], { scopes }: Workspace): Extract<Answer, { ok: false }> {
  return { ok: false, error: "missing_scope", fields: { needed: needed.join(","), provided: scopes.join(",") } };
}

/** The JSON body of an answer. */
export function toBody(answer: Answer, warnings: readonly string[]): JsonObject {
  if (!answer.ok) return errorBody(answer, warnings);
  const all = [...(answer.warnings ?? []), ...warnings];
  const metadata: JsonObject = {
    ...(answer.nextCursor !== undefined && { next_cursor: answer.nextCursor }),
    ...(all.length > 0 && { warnings: all }),
  };
  return {
    ok: true,
    ...answer.fields,
    ...(all.length > 0 && { warning: all.join(",") }),
    ...(Object.keys(metadata).length > 0 && { response_metadata: metadata }),
  };
}

function errorBody(answer: Extract<Answer, { ok: false }>, warnings: readonly string[]): JsonObject {
  const detail = answer.detail ?? [];
  const metadata: JsonObject = {
    ...(detail.length > 0 && { messages: detail.map((line) => `[ERROR] ${line}`) }),
    ...(warnings.length > 0 && { warnings }),
  };
  return {
    ok: false,
    error: answer.error,
    ...(detail.length > 0 && { errors: detail }),
    ...answer.fields,
    ...(warnings.length > 0 && { warning: warnings.join(",") }),
    ...(Object.keys(metadata).length > 0 && { response_metadata: metadata }),
  };
}
