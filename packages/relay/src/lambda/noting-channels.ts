/** Which channels have something to tell after what was accepted. */
import type { Acceptor } from "../accept.ts";

/** An acceptor that notes them. The set grows while it accepts. */
export type NotingChannels = { readonly acceptor: Acceptor; readonly channels: ReadonlySet<string> };

/** What is known already counts as well: the run before may have died between keeping it and waking. */
export function notingChannels(acceptor: Acceptor): NotingChannels {
  const channels = new Set<string>();
  const noting: Acceptor = {
    ...acceptor,
    onTold: (heard, told) => {
      acceptor.onTold?.(heard, told);
      const isToTell = !told.isNew || told.findings.some((finding) => finding.told > 0);
      if ("channelId" in heard && isToTell) channels.add(heard.channelId);
    },
  };
  return { acceptor: noting, channels };
}
