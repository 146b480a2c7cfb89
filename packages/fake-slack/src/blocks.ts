/**
 * Would Slack take these blocks? Holds each block against its table in blocks/, then checks what spans blocks: ids that
 * must be unique, the sum of markdown, the number of tables.
 */
import { BLOCKS } from "./blocks/layouts.ts";
import { check, type Fault, typed } from "./blocks/shape.ts";
import { checkTables } from "./blocks/tables.ts";
import { isObject, type JsonObject } from "./json.ts";

/** Characters of all markdown blocks of a message together. */
const MARKDOWN_MAX = 12_000;

const anyBlock = typed(() => BLOCKS);

/** Everything Slack would refuse in this list of blocks; `pointer` is where the list stands, such as `/blocks`. */
export function checkBlocks(blocks: readonly JsonObject[], pointer: string): readonly Fault[] {
  return [
    ...blocks.flatMap((block, index) => check(anyBlock, block, `${pointer}/${index}`)),
    ...checkBlockIds(blocks, pointer),
    ...blocks.flatMap((block, index) => checkActionIds(block, `${pointer}/${index}`)),
    ...checkMarkdown(blocks, pointer),
    ...checkTables(blocks, pointer),
  ];
}

function checkBlockIds(blocks: readonly JsonObject[], pointer: string): readonly Fault[] {
  const places = blocks.map((block, index) => [block["block_id"], `${pointer}/${index}/block_id`] as const);
  return repeated(places, "block_id");
}

/** An action id must be unique in its block, wherever in the block it stands. */
function checkActionIds(block: JsonObject, pointer: string): readonly Fault[] {
  const elements = block["elements"];
  if (!Array.isArray(elements)) return [];
  const places = elements.map((element: unknown, index) => {
    const id = isObject(element) ? element["action_id"] : undefined;
    return [id, `${pointer}/elements/${index}/action_id`] as const;
  });
  return repeated(places, "action_id");
}

function repeated(places: readonly (readonly [id: unknown, pointer: string])[], name: string): readonly Fault[] {
  const seen = new Set<unknown>();
  const faults: Fault[] = [];
  for (const [id, pointer] of places) {
    if (id === undefined) continue;
    if (seen.has(id)) faults.push({ pointer, message: `\`${name}\` ${JSON.stringify(id)} already exists` });
    seen.add(id);
  }
  return faults;
}

function checkMarkdown(blocks: readonly JsonObject[], pointer: string): readonly Fault[] {
  const markdown = blocks.filter((block) => block["type"] === "markdown" && typeof block["text"] === "string");
  const sum = markdown.reduce((total, block) => total + String(block["text"]).length, 0);
  // One block over the limit has been named already.
  if (sum <= MARKDOWN_MAX || markdown.length < 2) return [];
  return [{ pointer, message: `markdown blocks must be less than ${MARKDOWN_MAX + 1} characters in all` }];
}
