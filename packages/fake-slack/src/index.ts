/** The public door of @shirase/fake-slack. */
export type { Channel, ChannelOptions } from "./channel.ts";
export { type ChannelView, type FakeSlack, type FakeSlackOptions, startFakeSlack } from "./fake-slack.ts";
export type { Fault, FaultKind, FaultScope } from "./faults.ts";
export type { Json, JsonObject } from "./json.ts";
export type { Counters, LedgerEntry, Payload, Refusal } from "./ledger.ts";
export { type Limits, SLACK_LIMITS } from "./limits.ts";
export { validateMessage } from "./message.ts";
export type { Problem } from "./problem.ts";
