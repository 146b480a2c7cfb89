/** Text objects, and the small objects that elements are made of: options, confirmations, images. */
import { choice, flag, list, type ObjectShape, object, type Rule, type Shape, text, typed, webUrl } from "./shape.ts";

/** `plain_text` only, of at most `max` characters. `emoji` belongs to it, `verbatim` does not. */
export function plainText(max: number): Shape {
  return typed(() => ({ plain_text: plainTextObject(max) }));
}

/** Either kind. */
export function anyText(max: number): Shape {
  return typed(() => ({ plain_text: plainTextObject(max), mrkdwn: mrkdwnObject(max) }));
}

/** Both kinds by name, for lists that mix text with elements (context). */
export function textObjects(max: number): Readonly<Record<string, ObjectShape>> {
  return { plain_text: plainTextObject(max), mrkdwn: mrkdwnObject(max) };
}

function plainTextObject(max: number): ObjectShape {
  return object({ text: text(max) }, { emoji: flag });
}

function mrkdwnObject(max: number): ObjectShape {
  return object({ text: text(max) }, { verbatim: flag });
}

/** A confirmation dialog: title 100, text 300, buttons 30. */
export const confirm: Shape = object(
  { text: anyText(300) },
  { title: plainText(100), confirm: plainText(30), deny: plainText(30), style: choice("primary", "danger") },
);

const OPTION_EXTRAS = { value: text(150), description: plainText(75) };

/** An option of a select menu: text 75, value 150 (Slack raised it from 75). */
export const option: Shape = object({ text: plainText(75), value: text(150) }, { description: plainText(75) });

/** An option of radio buttons and checkboxes, which may have mrkdwn. */
export const richOption: Shape = object({ text: anyText(75), value: text(150) }, { description: anyText(75) });

/** An option of an overflow menu, which may be a link. */
export const overflowOption: Shape = object({ text: plainText(75) }, { ...OPTION_EXTRAS, url: text(3000) });

/** A labelled group of at most 100 options. */
export const optionGroup: Shape = object({ label: plainText(75), options: list(option, 100) });

/** `slack_file` by id or by url, not both. */
const slackFile: Shape = object({}, { id: text(255), url: webUrl }, exactlyOneOf("id", "url"));

/** What an image shows: a public address, or a file in Slack. */
export const IMAGE_SOURCE = { image_url: webUrl, slack_file: slackFile } satisfies Readonly<Record<string, Shape>>;

/** An image inside another block. */
export const imageElement: ObjectShape = object(
  { alt_text: text(2000) },
  IMAGE_SOURCE,
  exactlyOneOf("image_url", "slack_file"),
);

/** Refuses none and both. */
export function exactlyOneOf(first: string, second: string): Rule {
  return (value, pointer) => {
    const count = [first, second].filter((name) => value[name] !== undefined).length;
    if (count === 1) return [];
    const message =
      count === 0
        ? `must define either \`${first}\` or \`${second}\``
        : `must define only one of \`${first}\` or \`${second}\``;
    return [{ pointer, message }];
  };
}

/** Refuses an object with none of these. */
export function atLeastOneOf(...names: readonly string[]): Rule {
  return (value, pointer) =>
    names.some((name) => value[name] !== undefined)
      ? []
      : [{ pointer, message: `must define one of ${names.map((name) => `\`${name}\``).join(", ")}` }];
}
