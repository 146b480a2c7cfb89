/**
 * Would Slack take this message? Reads what a caller wants to post, says everything that is wrong with it, and cuts
 * what Slack cuts without refusing.
 *
 * Slack refuses with one error code at a time, so problems come out in the order in which Slack looks: content at all,
 * attachments, blocks, their sum, metadata. The first problem's code is the answer.
 */

import { checkBlocks } from "./blocks.ts";
import { type Args, toArgs } from "./call.ts";
import { isObject, isObjectList, type Json, type JsonObject } from "./json.ts";
import type { Payload } from "./ledger.ts";
import { type Limits, SLACK_LIMITS } from "./limits.ts";
import { checkMetadata } from "./metadata.ts";
import type { Problem } from "./problem.ts";
import { textLength } from "./text-length.ts";

/** Blocks of one list. More than this in an attachment is `invalid_attachments`. */
const BLOCKS_MAX = 50;
/** An attachment that has blocks may have nothing else but these: legacy fields beside blocks are refused. */
const BESIDE_BLOCKS: ReadonlySet<string> = new Set(["blocks", "color", "fallback", "id"]);

/**
 * Everything Slack would refuse in a message, worst first; an empty list means that Slack takes it.
 *
 * Pure: no channel, token or pace is looked at. `body` is what chat.postMessage gets, as JSON or as form fields.
 *
 * @example validateMessage({ text: "hi", blocks: [{ type: "header" }] })
 * // [{ pointer: "/blocks/0", message: "missing required field: text", error: "invalid_blocks" }]
 */
export function validateMessage(body: JsonObject, limits: Limits = SLACK_LIMITS): readonly Problem[] {
  const args = toArgs(body);
  const blocks = args.structure("blocks");
  const attachments = args.structure("attachments");
  return [
    ...checkContent(args),
    ...checkAttachments(attachments, limits),
    ...checkTopBlocks(blocks),
    ...checkSum([blocks, ...attachmentBlocks(attachments)], limits),
    ...checkMetadata(args.structure("metadata"), limits.metadataBytesMax),
  ];
}

/** A message that passed `validateMessage`, cut to size, and what was cut. */
export type CutMessage = { readonly payload: Payload; readonly isTruncated: boolean; readonly isSplit: boolean };

/**
 * The message as Slack stores it. Arguments that are absent come from `before`, as chat.update keeps them.
 *
 * @param args - arguments without problems.
 */
export function toPayload(args: Args, limits: Limits, before?: Payload): CutMessage {
  const text = args.text("text") ?? (before && !args.structure("blocks") ? before.text : "");
  const attachments = listOr(args.structure("attachments"), before?.attachments).map((attachment) =>
    cutAttachment(attachment, limits),
  );
  const metadata = args.structure("metadata");
  const payload: Payload = {
    text: text.slice(0, limits.textMax),
    // Text without blocks replaces the blocks there were: Slack would render the blocks otherwise.
    blocks: listOr(args.structure("blocks"), args.text("text") === undefined ? before?.blocks : []),
    attachments: attachments.map((cut) => cut.attachment),
    metadata: isObject(metadata) ? emptyToNothing(metadata) : before?.metadata,
    username: args.text("username") ?? before?.username,
    icon_emoji: args.text("icon_emoji") ?? before?.icon_emoji,
    icon_url: args.text("icon_url") ?? before?.icon_url,
    mrkdwn: args.flag("mrkdwn") ?? before?.mrkdwn ?? true,
    unfurl_links: args.flag("unfurl_links") ?? before?.unfurl_links ?? false,
    unfurl_media: args.flag("unfurl_media") ?? before?.unfurl_media ?? true,
  };
  const isTextCut = text.length > limits.textMax;
  return {
    payload,
    isTruncated: isTextCut || attachments.some((cut) => cut.isCut),
    isSplit: payload.blocks.length === 0 && text.length > limits.textSplitAt,
  };
}

function listOr(value: Json | undefined, otherwise: readonly JsonObject[] | undefined): readonly JsonObject[] {
  return isObjectList(value) ? value : (otherwise ?? []);
}

/** `metadata: {}` removes what a message carried. */
function emptyToNothing(metadata: JsonObject): JsonObject | undefined {
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

function cutAttachment(attachment: JsonObject, limits: Limits): { attachment: JsonObject; isCut: boolean } {
  const text = attachment["text"];
  if (typeof text !== "string" || text.length <= limits.attachmentTextMax) return { attachment, isCut: false };
  return { attachment: { ...attachment, text: text.slice(0, limits.attachmentTextMax) }, isCut: true };
}

function checkContent(args: Args): readonly Problem[] {
  const hasList = (name: string) => {
    const value = args.structure(name);
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  };
  if (args.text("text") !== undefined || hasList("blocks") || hasList("attachments")) return [];
  return [{ pointer: "/text", message: "no text, blocks or attachments", error: "no_text" }];
}

function checkTopBlocks(blocks: Json | undefined): readonly Problem[] {
  if (blocks === undefined) return [];
  if (!isObjectList(blocks)) {
    return [{ pointer: "/blocks", message: "must provide an array of objects", error: "invalid_blocks_format" }];
  }
  return [...tooMany(blocks, "/blocks"), ...checkBlocks(blocks, "/blocks")].map((fault) => ({
    ...fault,
    error: "invalid_blocks",
  }));
}

function checkAttachments(attachments: Json | undefined, limits: Limits): readonly Problem[] {
  if (attachments === undefined) return [];
  const error = "invalid_attachments";
  if (!isObjectList(attachments))
    return [{ pointer: "/attachments", message: "must provide an array of objects", error }];
  const excess = attachments.length > limits.attachmentsMax;
  const tooManyOfThem = {
    pointer: "/attachments",
    message: atMost(limits.attachmentsMax),
    error: "too_many_attachments",
  };
  return [
    ...(excess ? [tooManyOfThem] : []),
    ...attachments.flatMap((attachment, index) =>
      checkAttachment(attachment, `/attachments/${index}`).map((fault) => ({ ...fault, error })),
    ),
  ];
}

function checkAttachment(attachment: JsonObject, pointer: string): readonly { pointer: string; message: string }[] {
  const blocks = attachment["blocks"];
  if (blocks === undefined) return [];
  if (!isObjectList(blocks)) return [{ pointer: `${pointer}/blocks`, message: "must provide an array" }];
  const legacy = Object.keys(attachment).filter((name) => !BESIDE_BLOCKS.has(name));
  return [
    ...(blocks.length > 0 ? legacy.map((name) => ({ pointer, message: `invalid additional property: ${name}` })) : []),
    ...tooMany(blocks, `${pointer}/blocks`),
    ...checkBlocks(blocks, `${pointer}/blocks`),
  ];
}

function tooMany(blocks: readonly JsonObject[], pointer: string): readonly { pointer: string; message: string }[] {
  return blocks.length > BLOCKS_MAX ? [{ pointer, message: atMost(BLOCKS_MAX) }] : [];
}

function atMost(count: number): string {
  return `no more than ${count} items allowed`;
}

function attachmentBlocks(attachments: Json | undefined): readonly (Json | undefined)[] {
  return isObjectList(attachments) ? attachments.map((attachment) => attachment["blocks"]) : [];
}

function checkSum(lists: readonly (Json | undefined)[], limits: Limits): readonly Problem[] {
  const sum = lists.reduce<number>((total, list) => total + textLength(list), 0);
  if (sum <= limits.blocksTextMax) return [];
  const message = `${sum} characters in all blocks; at most ${limits.blocksTextMax}`;
  return [{ pointer: "/blocks", message, error: "msg_blocks_too_long" }];
}
