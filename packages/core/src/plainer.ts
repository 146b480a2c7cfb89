/**
 * The same message without blocks and colours, for when Slack refuses how it is said: a message told plainly is better
 * than one not told.
 *
 * @param body - a message as JSON.
 * @returns undefined when it is plain already, or says nothing without its blocks.
 */
export function plainer(body: string): string | undefined {
  const { text, blocks, attachments } = JSON.parse(body) as {
    readonly text?: string;
    readonly blocks?: readonly unknown[];
    readonly attachments?: readonly unknown[];
  };
  const isRich = (blocks?.length ?? 0) > 0 || (attachments?.length ?? 0) > 0;
  if (!isRich || text === undefined || text === "") return undefined;
  return JSON.stringify({ text, unfurl_links: false, unfurl_media: false });
}
