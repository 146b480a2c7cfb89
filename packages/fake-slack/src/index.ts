/** The public door of @shirase/fake-slack. */
export type { Channel, ChannelOptions } from "./channel.ts";
export {
  type ChannelView,
  createFakeSlack,
  type FakeSlack,
  type FakeSlackOptions,
  type PortlessSlack,
  startFakeSlack,
} from "./fake-slack.ts";
export type { Fault, FaultKind, FaultScope } from "./faults.ts";
export type { Json, JsonObject } from "./json.ts";
export type { Counters, LedgerEntry, Payload, Refusal } from "./ledger.ts";
export { type Limits, SLACK_LIMITS } from "./limits.ts";
export { validateMessage } from "./message.ts";
export { type ChannelsView, renderChannels } from "./page/channels.ts";
export { type FakeSlackPage, fakeSlackPage } from "./page/document.ts";
export { channelPages, type PagesOptions } from "./pages.ts";
export type { Problem } from "./problem.ts";
export type { OtherApp } from "./workspace.ts";
