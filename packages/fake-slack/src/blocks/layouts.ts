/**
 * A table: the blocks a message is laid out with. A type that is not here is refused: unknown ones, `file` (which only
 * Slack itself adds) and `alert` (which Slack takes in modals alone).
 * @see https://docs.slack.dev/reference/block-kit/blocks
 */
import type { JsonObject } from "../json.ts";
import { ACCESSORIES, ACTION_ELEMENTS, button, CONTEXT_ACTIONS, INPUT_ELEMENTS } from "./elements.ts";
import { richText } from "./rich-text.ts";
import {
  choice,
  type Fault,
  flag,
  list,
  type ObjectShape,
  object,
  type Shape,
  text,
  typed,
  url,
  webUrl,
} from "./shape.ts";
import { dataTable, table } from "./tables.ts";
import {
  anyText,
  atLeastOneOf,
  exactlyOneOf,
  IMAGE_SOURCE,
  imageElement,
  plainText,
  textObjects,
} from "./text-objects.ts";

const BLOCK = { block_id: text(255) };
const image: Shape = typed(() => ({ image: imageElement }));
const HTTPS = text(3000, { form: /^https:\/\/\S+$/i, say: "must be a valid https url" });

const card: ObjectShape = object(
  {},
  {
    ...BLOCK,
    hero_image: image,
    icon: image,
    title: anyText(150),
    subtitle: anyText(150),
    body: anyText(200),
    actions: list(
      typed(() => ({ button })),
      25,
    ),
  },
  atLeastOneOf("hero_image", "title", "actions", "body"),
);

const taskCard: ObjectShape = object(
  { task_id: text(255), title: text(3000), status: choice("pending", "in_progress", "complete", "error") },
  {
    ...BLOCK,
    details: typed(() => ({ rich_text: richText })),
    output: typed(() => ({ rich_text: richText })),
    sources: list(
      typed(() => ({ url: object({ url, text: text(3000) }) })),
      100,
      0,
    ),
  },
);

/** Blocks that may also stand inside a container. */
const CHILDREN: Readonly<Record<string, ObjectShape>> = {
  actions: object(
    {
      elements: list(
        typed(() => ACTION_ELEMENTS),
        25,
      ),
    },
    BLOCK,
  ),
  context: object(
    {
      elements: list(
        typed(() => ({ ...textObjects(3000), image: imageElement })),
        10,
      ),
    },
    BLOCK,
  ),
  divider: object({}, BLOCK),
  header: object({ text: plainText(150) }, BLOCK),
  image: object(
    { alt_text: text(2000) },
    { ...BLOCK, ...IMAGE_SOURCE, title: plainText(2000) },
    exactlyOneOf("image_url", "slack_file"),
  ),
  input: object(
    { label: plainText(2000), element: typed(() => INPUT_ELEMENTS) },
    { ...BLOCK, hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  rich_text: richText,
  section: object(
    {},
    {
      ...BLOCK,
      text: anyText(3000),
      fields: list(anyText(2000), 10),
      accessory: typed(() => ({ ...ACCESSORIES, image: imageElement })),
      expand: flag,
    },
    hasTextOrFields,
  ),
  table,
  video: object(
    { alt_text: text(2000), title: plainText(199), thumbnail_url: webUrl, video_url: HTTPS },
    {
      ...BLOCK,
      author_name: text(49),
      description: plainText(200),
      provider_icon_url: webUrl,
      provider_name: text(255),
      title_url: HTTPS,
    },
  ),
};

/** Every block that may stand in a message. */
export const BLOCKS: Readonly<Record<string, ObjectShape>> = {
  ...CHILDREN,
  card,
  carousel: object(
    {
      elements: list(
        typed(() => ({ card })),
        10,
      ),
    },
    BLOCK,
  ),
  container: object(
    {
      child_blocks: list(
        typed(() => CHILDREN),
        10,
      ),
    },
    {
      ...BLOCK,
      title: plainText(150),
      rich_text_title: typed(() => ({ rich_text: richText })),
      subtitle: anyText(150),
      width: choice("narrow", "standard", "wide", "full"),
      icon: image,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
    atLeastOneOf("title", "rich_text_title"),
    (value, pointer) =>
      value["default_collapsed"] === true && value["is_collapsible"] !== true
        ? [{ pointer: `${pointer}/default_collapsed`, message: "requires `is_collapsible` to be true" }]
        : [],
  ),
  context_actions: object({ elements: list(CONTEXT_ACTIONS, 5) }, BLOCK),
  data_table: dataTable,
  markdown: object({ text: text(12_000) }, BLOCK),
  plan: object(
    { title: text(3000) },
    {
      ...BLOCK,
      tasks: list(
        typed(() => ({ task_card: taskCard })),
        50,
        0,
      ),
    },
  ),
  task_card: taskCard,
};

/** Slack points at the type here, not at the block. */
function hasTextOrFields(section: JsonObject, pointer: string): readonly Fault[] {
  if (section["text"] !== undefined || section["fields"] !== undefined) return [];
  return [{ pointer: `${pointer}/type`, message: "must define either `text` or `fields`" }];
}
