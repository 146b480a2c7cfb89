/**
 * How much fits: Slack's limits as measured or documented, and our own bounds on what is read and shown. One place, so
 * that fake-slack, compose and the tests agree.
 *
 * Slack counts characters as JavaScript does (UTF-16 units), with `&lt;` counting four.
 */

/**
 * Slack refuses above these. Block limits: TSDoc of @slack/types 3.2.0, https://docs.slack.dev/reference/block-kit.
 * `messageChars` is undocumented (`msg_blocks_too_long`): 9,597 characters over all blocks were accepted and 11,341
 * refused (slackapi/bolt-js issues 2509 and 2867); we stay below what was accepted.
 */
export const SLACK = {
  textChars: 4000,
  headerChars: 150,
  sectionChars: 3000,
  fieldChars: 2000,
  fields: 10,
  contextElements: 10,
  blocks: 50,
  messageChars: 9500,
  /** Chosen by us: a link longer than this is left out. Slack gives 3,000 for button urls and nothing for mrkdwn. */
  linkChars: 1800,
} as const;

/**
 * What a card shows of each text, after escaping. Attachments fold behind "Show more" at about 700 characters or five
 * lines (undocumented; ErikKalkoken/slackApiDoc), so what must be seen at once is above them and these are small.
 */
export const CARD = {
  titleChars: 150,
  nameChars: 80,
  valueChars: 180,
  descriptionChars: 300,
  arnChars: 600,
  standards: 4,
  facts: 5,
} as const;

/** What a burst shows: causes in its first message, and how long a name is in its thread. */
export const BURST = { causes: 10, idChars: 120, nameChars: 60 } as const;

/**
 * What is kept of a finding when it is read. ASFF's own limits are Title 256, Description 1,024, Id 512 and 32
 * resources; other services say less, and a hostile event says what it likes within EventBridge's 1 MB.
 */
export const READ = {
  titleChars: 512,
  descriptionChars: 3000,
  idChars: 2048,
  wordChars: 256,
  resources: 200,
  aliases: 8,
  standards: 50,
  /** Security Hub sends one finding an event and BatchImportFindings takes 100. More are counted, not read. */
  findings: 100,
} as const;
