/**
 * A table: every interactive element that may stand in a message, with Slack's limits.
 * @see https://docs.slack.dev/reference/block-kit/block-elements
 */
import type { Json } from "../json.ts";
import {
  choice,
  flag,
  list,
  number,
  type ObjectShape,
  object,
  type Rule,
  type Shape,
  text,
  typed,
  url,
} from "./shape.ts";
import { confirm, exactlyOneOf, option, optionGroup, overflowOption, plainText, richOption } from "./text-objects.ts";

const ACTION = { action_id: text(255) };
const CONFIRMED = { ...ACTION, confirm };
const FOCUSED = { ...CONFIRMED, focus_on_load: flag };
const PLACED = { ...FOCUSED, placeholder: plainText(150) };
const STYLE = choice("primary", "danger");
const DATE = text(10, { form: /^\d{4}-\d{2}-\d{2}$/ });
const TIME = text(5, { form: /^([01]\d|2[0-3]):[0-5]\d$/ });
const IDS = list(text(255), 100, 0);
const SEVERAL = { max_selected_items: number(1) };

const conversationFilter: Shape = object(
  {},
  {
    include: list(choice("im", "mpim", "private", "public"), 4),
    exclude_external_shared_channels: flag,
    exclude_bot_users: flag,
  },
);

const OPTIONS = { options: list(option, 100), option_groups: list(optionGroup, 100) };
const CONVERSATIONS = { default_to_current_conversation: flag, filter: conversationFilter };
const RESPOND = { response_url_enabled: flag };

/** Menus that choose one thing. */
const SELECTS: Readonly<Record<string, ObjectShape>> = {
  static_select: object(
    {},
    { ...PLACED, ...OPTIONS, initial_option: option },
    exactlyOneOf("options", "option_groups"),
    initialIsAnOption("initial_option"),
  ),
  external_select: object({}, { ...PLACED, initial_option: option, min_query_length: number(0) }),
  users_select: object({}, { ...PLACED, initial_user: text(255) }),
  conversations_select: object({}, { ...PLACED, ...CONVERSATIONS, ...RESPOND, initial_conversation: text(255) }),
  channels_select: object({}, { ...PLACED, ...RESPOND, initial_channel: text(255) }),
};

/** Menus that choose several. */
const MULTI_SELECTS: Readonly<Record<string, ObjectShape>> = {
  multi_static_select: object(
    {},
    { ...PLACED, ...OPTIONS, ...SEVERAL, initial_options: list(option, 100) },
    exactlyOneOf("options", "option_groups"),
    initialIsAnOption("initial_options"),
  ),
  multi_external_select: object(
    {},
    { ...PLACED, ...SEVERAL, initial_options: list(option, 100), min_query_length: number(0) },
  ),
  multi_users_select: object({}, { ...PLACED, ...SEVERAL, initial_users: IDS }),
  multi_conversations_select: object({}, { ...PLACED, ...SEVERAL, ...CONVERSATIONS, initial_conversations: IDS }),
  multi_channels_select: object({}, { ...PLACED, ...SEVERAL, initial_channels: IDS }),
};

/** A push button: text 75, value 2,000, url 3,000. */
export const button: ObjectShape = object(
  { text: plainText(75) },
  { ...CONFIRMED, value: text(2000, { min: 0 }), url, style: STYLE, accessibility_label: text(75) },
);

const workflowButton: ObjectShape = object(
  {
    text: plainText(75),
    workflow: object({
      trigger: object(
        { url },
        { customizable_input_parameters: list(object({ name: text(255), value: text(3000, { min: 0 }) }), 100, 0) },
      ),
    }),
  },
  { ...CONFIRMED, style: STYLE, accessibility_label: text(75) },
);

/** Elements that stand in actions blocks and beside a section alike. */
const COMMON: Readonly<Record<string, ObjectShape>> = {
  ...SELECTS,
  ...MULTI_SELECTS,
  button,
  checkboxes: object(
    { options: list(richOption, 10) },
    { ...FOCUSED, initial_options: list(richOption, 10) },
    initialIsAnOption("initial_options"),
  ),
  datepicker: object({}, { ...PLACED, initial_date: DATE }),
  overflow: object({ options: list(overflowOption, 5) }, CONFIRMED),
  radio_buttons: object(
    { options: list(richOption, 10) },
    { ...FOCUSED, initial_option: richOption },
    initialIsAnOption("initial_option"),
  ),
  timepicker: object({}, { ...PLACED, initial_time: TIME, timezone: text(100) }),
  workflow_button: workflowButton,
};

const datetimepicker: ObjectShape = object({}, { ...FOCUSED, initial_date_time: number(1_000_000_000, 9_999_999_999) });

/** What an actions block may hold. */
export const ACTION_ELEMENTS: Readonly<Record<string, ObjectShape>> = { ...COMMON, datetimepicker };

/** What may stand beside a section's text, besides an image. */
export const ACCESSORIES: Readonly<Record<string, ObjectShape>> = COMMON;

const DISPATCHED = {
  ...ACTION,
  focus_on_load: flag,
  placeholder: plainText(150),
  initial_value: text(3000, { min: 0 }),
  dispatch_action_config: object(
    {},
    { trigger_actions_on: list(choice("on_enter_pressed", "on_character_entered"), 2) },
  ),
};

const { button: _button, workflow_button: _workflow, overflow: _overflow, ...choosable } = COMMON;

/** What an input block may hold. */
export const INPUT_ELEMENTS: Readonly<Record<string, ObjectShape>> = {
  ...choosable,
  datetimepicker,
  email_text_input: object({}, DISPATCHED),
  url_text_input: object({}, DISPATCHED),
  number_input: object({ is_decimal_allowed: flag }, { ...DISPATCHED, min_value: text(100), max_value: text(100) }),
  plain_text_input: object(
    {},
    { ...DISPATCHED, multiline: flag, min_length: number(0, 3000), max_length: number(1, 3000) },
  ),
};

const feedbackButton: Shape = object({ text: plainText(75), value: text(2000) }, { accessibility_label: text(75) });

/** What a context_actions block may hold. */
export const CONTEXT_ACTIONS: Shape = typed(() => ({
  feedback_buttons: object({ positive_button: feedbackButton, negative_button: feedbackButton }, ACTION),
  icon_button: object(
    { icon: text(100), text: plainText(75) },
    { ...CONFIRMED, value: text(2000), accessibility_label: text(75), visible_to_user_ids: IDS },
  ),
}));

/** Slack wants an initial option to be exactly one of those offered. */
function initialIsAnOption(name: string): Rule {
  return (value, pointer) => {
    const offered = [...items(value["options"]), ...items(value["option_groups"]).flatMap(optionsOf)];
    const known = new Set(offered.map((one) => JSON.stringify(one)));
    const initial = value[name] === undefined ? [] : [value[name]].flat();
    return initial.every((one) => known.has(JSON.stringify(one)))
      ? []
      : [{ pointer: `${pointer}/${name}`, message: "must be one of the provided options" }];
  };
}

function optionsOf(group: Json): readonly Json[] {
  return typeof group === "object" && group !== null && "options" in group ? items(group["options"]) : [];
}

function items(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
