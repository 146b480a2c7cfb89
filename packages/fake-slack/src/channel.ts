/** The channels of the pretended workspace, and how Slack describes one. */
import type { JsonObject } from "./json.ts";

/** One channel. The bot is a member unless said otherwise. */
export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly isMember: boolean;
  readonly isPrivate: boolean;
  /** Shared with another company through Slack Connect: what is posted here leaves the company. */
  readonly isExtShared: boolean;
  readonly topic: string;
};

/** A channel as given: its id, and what differs from a plain public channel the bot is in. */
export type ChannelOptions = Partial<Omit<Channel, "id">> & { readonly id: string };

/** Fills in what was not given. The name defaults to the id in lower case. */
export function toChannel(given: ChannelOptions): Channel {
  const defaults = { isArchived: false, isMember: true, isPrivate: false, isExtShared: false, topic: "" };
  return { name: given.id.toLowerCase(), ...defaults, ...given };
}

/** The channel as conversations.info and conversations.list return it. */
export function describeChannel(channel: Channel, teamId: string): JsonObject {
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_member: channel.isMember,
    is_general: false,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    context_team_id: teamId,
    topic: { value: channel.topic, creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
  };
}
