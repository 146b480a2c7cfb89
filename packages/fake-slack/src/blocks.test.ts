import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Json, JsonObject } from "./json.ts";
import { SLACK_LIMITS } from "./limits.ts";
import { validateMessage } from "./message.ts";

const plain = (length: number): JsonObject => ({ type: "plain_text", text: "x".repeat(length) });
const mrkdwn = (length: number): JsonObject => ({ type: "mrkdwn", text: "x".repeat(length) });
const times = (count: number, one: (index: number) => Json): readonly Json[] =>
  Array.from({ length: count }, (_, i) => one(i));
const section = (parts: JsonObject): JsonObject => ({ type: "section", text: mrkdwn(1), ...parts });
const actions = (...elements: readonly Json[]): JsonObject => ({ type: "actions", elements });
const button = (parts: JsonObject = {}): JsonObject => ({ type: "button", text: plain(1), ...parts });
const select = (parts: JsonObject): JsonObject => ({ type: "static_select", ...parts });
const option = (parts: JsonObject = {}): JsonObject => ({ text: plain(1), value: "v", ...parts });
const image = (parts: JsonObject): JsonObject => ({ type: "image", alt_text: "x", ...parts });
const richText = (...elements: readonly Json[]): JsonObject => ({ type: "rich_text", elements });
const line = (...elements: readonly Json[]): JsonObject => ({ type: "rich_text_section", elements });
const cell: JsonObject = { type: "raw_text", text: "x" };
const table = (rows: number, columns: number, one: Json = cell): JsonObject => ({
  type: "table",
  rows: times(rows, () => times(columns, () => one)),
});
const dataTable = (rows: readonly Json[], parts: JsonObject = {}): JsonObject => ({
  type: "data_table",
  caption: "c",
  rows,
  ...parts,
});
const video = (parts: JsonObject): JsonObject => ({
  type: "video",
  alt_text: "x",
  title: plain(1),
  thumbnail_url: "https://example.com/t.png",
  video_url: "https://example.com/v",
  ...parts,
});
const container = (parts: JsonObject): JsonObject => ({
  type: "container",
  title: plain(1),
  child_blocks: [{ type: "divider" }],
  ...parts,
});

/** Each limit: a block just inside it, one just over it, and Slack's complaint about the second. */
const LIMITS: ReadonlyArray<readonly [why: string, inside: JsonObject, over: JsonObject, complaint: string]> = [
  [
    "a header holds 150",
    { type: "header", text: plain(150) },
    { type: "header", text: plain(151) },
    "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "an empty text is no text",
    { type: "header", text: plain(1) },
    { type: "header", text: plain(0) },
    "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "a section holds 3,000",
    section({ text: mrkdwn(3000) }),
    section({ text: mrkdwn(3001) }),
    "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
  ],
  [
    "ten fields",
    section({ fields: times(10, () => mrkdwn(1)) }),
    section({ fields: times(11, () => mrkdwn(1)) }),
    "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
  ],
  [
    "an empty list of fields is an error, not nothing",
    section({ fields: [plain(1)] }),
    section({ fields: [] }),
    "no fewer than 1 items allowed [json-pointer:/blocks/0/fields]",
  ],
  [
    "a field holds 2,000",
    section({ fields: [mrkdwn(2000)] }),
    section({ fields: [mrkdwn(2001)] }),
    "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
  ],
  [
    "ten context elements",
    { type: "context", elements: times(10, () => mrkdwn(1)) },
    { type: "context", elements: times(11, () => mrkdwn(1)) },
    "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "25 action elements",
    actions(...times(25, () => button())),
    actions(...times(26, () => button())),
    "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "a button's text",
    actions(button({ text: plain(75) })),
    actions(button({ text: plain(76) })),
    "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
  ],
  [
    "a button's value",
    actions(button({ value: "v".repeat(2000) })),
    actions(button({ value: "v".repeat(2001) })),
    "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
  ],
  [
    "a button's url",
    actions(button({ url: `https://e.com/${"u".repeat(2986)}` })),
    actions(button({ url: `https://e.com/${"u".repeat(2987)}` })),
    "must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]",
  ],
  [
    "an action id",
    actions(button({ action_id: "a".repeat(255) })),
    actions(button({ action_id: "a".repeat(256) })),
    "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
  ],
  [
    "a block id",
    { type: "divider", block_id: "b".repeat(255) },
    { type: "divider", block_id: "b".repeat(256) },
    "must be less than 256 characters [json-pointer:/blocks/0/block_id]",
  ],
  [
    "a confirmation's title",
    actions(button({ confirm: { title: plain(100), text: plain(300), confirm: plain(30), deny: plain(30) } })),
    actions(button({ confirm: { title: plain(101), text: plain(1) } })),
    "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
  ],
  [
    "five overflow options",
    section({ accessory: { type: "overflow", options: times(5, () => option()) } }),
    section({ accessory: { type: "overflow", options: times(6, () => option()) } }),
    "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
  ],
  [
    "100 select options",
    actions(select({ options: times(100, () => option()) })),
    actions(select({ options: times(101, () => option()) })),
    "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
  ],
  [
    "ten radio buttons",
    actions({ type: "radio_buttons", options: times(10, () => option()) }),
    actions({ type: "radio_buttons", options: times(11, () => option()) }),
    "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
  ],
  [
    "an option's text",
    actions(select({ options: [option({ text: plain(75) })] })),
    actions(select({ options: [option({ text: plain(76) })] })),
    "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
  ],
  [
    "a placeholder",
    actions(select({ options: [option()], placeholder: plain(150) })),
    actions(select({ options: [option()], placeholder: plain(151) })),
    "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
  ],
  [
    "an image's alternative text",
    image({ image_url: "https://example.com/a.png", alt_text: "a".repeat(2000) }),
    image({ image_url: "https://example.com/a.png", alt_text: "a".repeat(2001) }),
    "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]",
  ],
  ["100 table rows", table(100, 1), table(101, 1), "no more than 100 items allowed [json-pointer:/blocks/0/rows]"],
  ["20 table columns", table(1, 20), table(1, 21), "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]"],
  [
    "10,000 characters in table cells",
    table(1, 1, { type: "raw_text", text: "x".repeat(10_000) }),
    table(1, 1, { type: "raw_text", text: "x".repeat(10_001) }),
    "table cells must be less than 10001 characters in all [json-pointer:/blocks]",
  ],
  [
    "a data table has a header and a row",
    dataTable([[cell], [cell]]),
    dataTable([[cell]]),
    "no fewer than 2 items allowed [json-pointer:/blocks/0/rows]",
  ],
  [
    "a data table's rows are even",
    dataTable([[cell], [cell]]),
    dataTable([[cell], [cell, cell]]),
    "all rows must have the same number of cells [json-pointer:/blocks/0/rows/1]",
  ],
  [
    "a data table's page",
    dataTable([[cell], [cell]], { page_size: 100 }),
    dataTable([[cell], [cell]], { page_size: 101 }),
    "must be at most 100 [json-pointer:/blocks/0/page_size]",
  ],
  [
    "a video's title is less than 200",
    video({ title: plain(199) }),
    video({ title: plain(200) }),
    "must be less than 200 characters [json-pointer:/blocks/0/title/text]",
  ],
  [
    "five context actions",
    { type: "context_actions", elements: times(5, () => ({ type: "icon_button", icon: "trash", text: plain(1) })) },
    { type: "context_actions", elements: times(6, () => ({ type: "icon_button", icon: "trash", text: plain(1) })) },
    "no more than 5 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "ten cards in a carousel",
    { type: "carousel", elements: times(10, () => ({ type: "card", title: mrkdwn(150) })) },
    { type: "carousel", elements: times(11, () => ({ type: "card", title: mrkdwn(150) })) },
    "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
  ],
  [
    "ten children of a container",
    container({ child_blocks: times(10, () => ({ type: "divider" })) }),
    container({ child_blocks: times(11, () => ({ type: "divider" })) }),
    "no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]",
  ],
  [
    "a list's indent",
    richText({ type: "rich_text_list", style: "bullet", indent: 8, elements: [line({ type: "text", text: "x" })] }),
    richText({ type: "rich_text_list", style: "bullet", indent: 9, elements: [line({ type: "text", text: "x" })] }),
    "must be at most 8 [json-pointer:/blocks/0/elements/0/indent]",
  ],
  [
    "an input's label",
    { type: "input", label: plain(2000), element: { type: "plain_text_input" } },
    { type: "input", label: plain(2001), element: { type: "plain_text_input" } },
    "must be less than 2001 characters [json-pointer:/blocks/0/label/text]",
  ],
];

/** What is wrong whatever its size. */
const REFUSED: ReadonlyArray<readonly [why: string, block: JsonObject, complaint: string]> = [
  ["an unknown type", { type: "sektion" }, "unsupported type: sektion [json-pointer:/blocks/0/type]"],
  [
    "a name every object inherits is no type",
    { type: "constructor" },
    "unsupported type: constructor [json-pointer:/blocks/0/type]",
  ],
  ["no type at all", { text: plain(1) }, "missing required field: type [json-pointer:/blocks/0]"],
  [
    "files are added by Slack alone",
    { type: "file", source: "remote", external_id: "x" },
    "unsupported type: file [json-pointer:/blocks/0/type]",
  ],
  ["alerts are for modals", { type: "alert", text: plain(1) }, "unsupported type: alert [json-pointer:/blocks/0/type]"],
  [
    "a section without text",
    { type: "section" },
    "must define either `text` or `fields` [json-pointer:/blocks/0/type]",
  ],
  ["a bare string for a text object", section({ text: "x" }), "must provide an object [json-pointer:/blocks/0/text]"],
  [
    "mrkdwn in a header",
    { type: "header", text: mrkdwn(1) },
    "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
  ],
  [
    "mrkdwn on a button",
    actions(button({ text: mrkdwn(1) })),
    "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
  ],
  [
    "emoji on mrkdwn",
    section({ text: { ...mrkdwn(1), emoji: true } }),
    "invalid additional property: emoji [json-pointer:/blocks/0/text]",
  ],
  [
    "verbatim on plain text",
    section({ text: { ...plain(1), verbatim: true } }),
    "invalid additional property: verbatim [json-pointer:/blocks/0/text]",
  ],
  [
    "a property that Slack does not know",
    { type: "divider", color: "#f00" },
    "invalid additional property: color [json-pointer:/blocks/0]",
  ],
  [
    "null where a client left a field out",
    section({ block_id: null }),
    "must provide a string [json-pointer:/blocks/0/block_id]",
  ],
  [
    "a flag as text",
    section({ text: { ...plain(1), emoji: "true" } }),
    "must provide a boolean [json-pointer:/blocks/0/text/emoji]",
  ],
  [
    "a select among context",
    { type: "context", elements: [select({ options: [option()] })] },
    "unsupported type: static_select [json-pointer:/blocks/0/elements/0/type]",
  ],
  [
    "a colour that buttons do not have",
    actions(button({ style: "warning" })),
    "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
  ],
  [
    "a url without a scheme",
    actions(button({ url: "example.com" })),
    "must be a valid url [json-pointer:/blocks/0/elements/0/url]",
  ],
  [
    "a select without options",
    actions(select({})),
    "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
  ],
  [
    "an initial option nobody offers",
    actions(select({ options: [option()], initial_option: option({ value: "other" }) })),
    "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
  ],
  ["an image from nowhere", image({}), "must define either `image_url` or `slack_file` [json-pointer:/blocks/0]"],
  [
    "an image from two places",
    image({ image_url: "https://e.com/a", slack_file: { id: "F1" } }),
    "must define only one of `image_url` or `slack_file` [json-pointer:/blocks/0]",
  ],
  [
    "a video over http",
    video({ video_url: "http://example.com/v" }),
    "must be a valid https url [json-pointer:/blocks/0/video_url]",
  ],
  [
    "a video without a title",
    { type: "video", alt_text: "x", thumbnail_url: "https://e.com/t", video_url: "https://e.com/v" },
    "missing required field: title [json-pointer:/blocks/0]",
  ],
  [
    "rich text in a data table's header",
    dataTable([[richText(line({ type: "text", text: "x" }))], [cell]]),
    "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
  ],
  [
    "an action id twice in a block",
    actions(button({ action_id: "a" }), button({ action_id: "a" })),
    '`action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    "a card that is empty",
    { type: "card", subtitle: mrkdwn(1) },
    "must define one of `hero_image`, `title`, `actions`, `body` [json-pointer:/blocks/0]",
  ],
  [
    "a container without a title",
    { type: "container", child_blocks: [{ type: "divider" }] },
    "must define one of `title`, `rich_text_title` [json-pointer:/blocks/0]",
  ],
  [
    "a container folded that cannot unfold",
    container({ default_collapsed: true }),
    "requires `is_collapsible` to be true [json-pointer:/blocks/0/default_collapsed]",
  ],
  [
    "rich text of unknown parts",
    richText({ type: "rich_text_poem", elements: [] }),
    "unsupported type: rich_text_poem [json-pointer:/blocks/0/elements/0/type]",
  ],
];

suite("blocks", () => {
  for (const [why, inside, over, complaint] of LIMITS) {
    test(`${why}: at the limit it passes, one more is refused`, () => {
      assert.deepEqual(complaints([inside]), []);
      assert.deepEqual(complaints([over]), [complaint]);
    });
  }
  for (const [why, block, complaint] of REFUSED) {
    test(`refused: ${why}`, () => assert.deepEqual(complaints([block]), [complaint]));
  }

  test("50 blocks fit and 51 do not", () => {
    assert.deepEqual(complaints(times(50, () => ({ type: "divider" }))), []);
    assert.deepEqual(complaints(times(51, () => ({ type: "divider" }))), [
      "no more than 50 items allowed [json-pointer:/blocks]",
    ]);
  });
  test("a block id twice in a message is refused at the second", () => {
    const two = times(2, () => ({ type: "divider", block_id: "b" }));
    assert.deepEqual(complaints(two), ['`block_id` "b" already exists [json-pointer:/blocks/1/block_id]']);
  });
  test("the same action id in two blocks is fine", () => {
    assert.deepEqual(complaints([actions(button({ action_id: "a" })), actions(button({ action_id: "a" }))]), []);
  });
  test("two tables are one too many", () => {
    assert.deepEqual(complaints([table(1, 1), table(1, 1)]), [
      "only one table is allowed per message [json-pointer:/blocks]",
    ]);
  });
  test("every complaint is listed, not only the first", () => {
    assert.equal(complaints([{ type: "header", text: plain(151) }, { type: "section" }]).length, 2);
  });
});

function complaints(blocks: readonly Json[]): readonly string[] {
  // The sum of all text is another rule, tested with the message.
  const limits = { ...SLACK_LIMITS, blocksTextMax: Number.POSITIVE_INFINITY };
  return validateMessage({ blocks }, limits).map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
}
