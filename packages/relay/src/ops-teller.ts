/**
 * What the people who run shirase hear in their own channel: a channel that Slack closed, all of Slack closed, a
 * message given up. Each trouble once, however many messages it strikes: a hundred alike would bury the next one.
 *
 * The log has every single case; this is what must be seen. Remembers in memory: after a restart a trouble that goes
 * on may be told once more.
 */
import { escaped } from "@shirase/core/slack-text";
import type { Clock } from "./clock.ts";
import type { NewMessage, Store } from "./store/store.ts";

/** What the deliverer says. */
export type OpsTeller = {
  readonly stopped: (channelId: string, stop: Stop) => void;
  /** A message became a dead letter. @param remedy - a sentence. */
  readonly gaveUp: (channelId: string, reason: string, remedy: string) => void;
  /** Something was sent: when all of Slack is closed again, that is news again. */
  readonly slackWorks: () => void;
};

type Stop = { readonly scope: "channel" | "workspace"; readonly reason: string; readonly remedy: string };

/** What it works with. */
export type OpsTelling = {
  readonly store: Pick<Store, "enqueue">;
  readonly clock: Clock;
  /** Undefined: no ops channel is configured. */
  readonly opsNotice: (text: string) => NewMessage | undefined;
  /** It waits to be sent. */
  readonly onKept: () => void;
  /** It could not be kept. */
  readonly onFault: (error: unknown) => void;
};

const SAME_AGAIN_AFTER_MS = 3_600_000;
const MOST_REASON = 300;
const REDRIVE = "It is kept: `shirase redrive` sends it again.";

/** Nothing was told yet. */
export function createOpsTeller({ store, clock, opsNotice, onKept, onFault }: OpsTelling): OpsTeller {
  const toldAt = new Map<string, number>();
  let isSlackClosed = false;

  const tell = (text: string, aboutChannelId?: string): void => {
    const notice = opsNotice(text);
    // Of its own trouble the ops channel cannot hear.
    if (notice && notice.channelId !== aboutChannelId) store.enqueue(notice, clock.now()).then(onKept, onFault);
  };
  const isNews = (trouble: string): boolean => {
    const now = clock.now().getTime();
    for (const [known, at] of toldAt) if (now - at >= SAME_AGAIN_AFTER_MS) toldAt.delete(known);
    if (toldAt.has(trouble)) return false;
    toldAt.set(trouble, now);
    return true;
  };
  return {
    stopped: (channelId, { scope, reason, remedy }) => {
      const said = `${escaped(reason, MOST_REASON)}. ${remedy}`;
      if (scope === "channel") {
        tell(`Slack refuses <#${channelId}>: ${said} Its messages are kept.`, channelId);
        return;
      }
      if (isSlackClosed) return;
      isSlackClosed = true;
      tell(`Slack refuses every message: ${said} All messages are kept.`);
    },
    gaveUp: (channelId, reason, remedy) => {
      if (!isNews(`${channelId} ${reason}`)) return;
      tell(
        `Slack did not take a message for <#${channelId}>: ${escaped(reason, MOST_REASON)}. ${remedy} ${REDRIVE}`,
        channelId,
      );
    },
    slackWorks: () => {
      isSlackClosed = false;
    },
  };
}
