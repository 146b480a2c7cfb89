/**
 * A table: the rich_text block and everything inside it.
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
import { choice, flag, list, number, type ObjectShape, object, type Shape, text, typed, url } from "./shape.ts";

const ANY_LENGTH = 40_000;
const ANY_COUNT = 1000;

const STYLE = {
  style: object(
    {},
    { bold: flag, code: flag, italic: flag, strike: flag, underline: flag, highlight: flag, client_highlight: flag },
  ),
};
const BORDER = { border: choice(0, 1) };
const ID = text(255);

const textElement: ObjectShape = object({ text: text(ANY_LENGTH) }, STYLE);
const linkElement: ObjectShape = object({ url }, { ...STYLE, text: text(ANY_LENGTH), unsafe: flag });

/** The pieces of a line. */
const INLINE: Readonly<Record<string, ObjectShape>> = {
  broadcast: object({ range: choice("here", "channel", "everyone") }, STYLE),
  channel: object({ channel_id: ID }, STYLE),
  color: object({ value: text(20, { form: /^#[0-9a-f]{3,8}$/i }) }, STYLE),
  date: object({ timestamp: number(0), format: text(ANY_LENGTH) }, { ...STYLE, url, fallback: text(ANY_LENGTH) }),
  emoji: object({ name: text(100) }, { ...STYLE, unicode: text(100), url, skin_tone: number(1, 6) }),
  link: linkElement,
  team: object({ team_id: ID }, STYLE),
  text: textElement,
  user: object({ user_id: ID }, STYLE),
  usergroup: object({ usergroup_id: ID }, STYLE),
};

const inline: Shape = list(
  typed(() => INLINE),
  ANY_COUNT,
  0,
);

const section: ObjectShape = object({ elements: inline });

/** A rich_text block; also a table's cell. */
export const richText: ObjectShape = object(
  {
    elements: list(
      typed(() => ({
        rich_text_section: section,
        rich_text_list: object(
          {
            style: choice("bullet", "ordered"),
            elements: list(
              typed(() => ({ rich_text_section: section })),
              ANY_COUNT,
            ),
          },
          { ...BORDER, indent: number(0, 8), offset: number(0) },
        ),
        rich_text_quote: object({ elements: inline }, BORDER),
        rich_text_preformatted: object(
          {
            elements: list(
              typed(() => ({ text: textElement, link: linkElement })),
              ANY_COUNT,
              0,
            ),
          },
          { ...BORDER, language: text(100) },
        ),
      })),
      ANY_COUNT,
    ),
  },
  { block_id: ID },
);
