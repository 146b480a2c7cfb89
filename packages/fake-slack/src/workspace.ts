/**
 * The pretended workspace: who may call, which channels exist, what has been said, how fast it may be said.
 *
 * Everything that changes while the fake runs is in one `Workspace` value, handed to each method. Time and chance come
 * in through the options, so that a test can hold both still.
 */
import { type Channel, type ChannelOptions, toChannel } from "./channel.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { type Limits, resolveLimits } from "./limits.ts";
import { createPacer, type Pacer } from "./pace.ts";

/** Another app in the workspace, such as Amazon Q, that posts with a token of its own. */
export type OtherApp = { readonly token: string; readonly name: string };

/** Who an app is in its messages. */
export type Bot = { readonly id: string; readonly userId: string; readonly appId: string; readonly name: string };

/** What a caller of `startFakeSlack` may choose. Every part has a default that works. */
export type WorkspaceOptions = {
  /** Bot tokens that are accepted. Default: one, `xoxb-fake-slack`. */
  readonly tokens?: readonly string[];
  /** Default `T0FAKE00000`. */
  readonly teamId?: string;
  /** Default `Fake Slack`. */
  readonly teamName?: string;
  /** The app's name as messages show it. Default `app`. */
  readonly botName?: string;
  /** Apps beside the one under test. They are in every channel; their messages are not ours to change. Default: none. */
  readonly otherApps?: readonly OtherApp[];
  /** OAuth scopes of every token; a method without its scope answers `missing_scope`. Default: all this fake knows. */
  readonly scopes?: readonly string[];
  /** Channels there are from the start. Default: one public channel `C0GENERAL00`, `general`. */
  readonly channels?: readonly ChannelOptions[];
  /** Where permalinks and `auth.test` point, without a slash at the end, when the pages are mounted elsewhere. */
  readonly pagesUrl?: string;
  /** What differs from Slack's limits, or `"off"` for no rate limits. Sizes are always enforced. */
  readonly limits?: Partial<Limits> | "off";
  /** The clock of rate limits, timestamps and outage windows. Default: the machine's. */
  readonly now?: () => Date;
  /** Numbers from 0 to 1 for the digits of `ts` and generated ids. Default `Math.random`. */
  readonly random?: () => number;
};

export type Workspace = {
  /** Tokens of the app under test. */
  readonly tokens: ReadonlySet<string>;
  readonly scopes: readonly string[];
  readonly team: { readonly id: string; readonly name: string };
  /** The app under test. */
  readonly bot: Bot;
  /** All apps, the one under test first. */
  readonly bots: readonly Bot[];
  /** Whose token it is; undefined when nobody's. */
  readonly botOf: (token: string) => Bot | undefined;
  readonly pagesUrl: string | undefined;
  readonly limits: Limits;
  readonly now: () => Date;
  readonly random: () => number;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** Slack's rates are for each app. */
  readonly pacer: (bot: Bot) => Pacer;
  readonly channels: () => readonly Channel[];
  /** By id, `#name` or name, as chat.postMessage takes it. */
  readonly channel: (named: string) => Channel | undefined;
  /** Adds a channel, or changes the one with this id. */
  readonly setChannel: (channel: ChannelOptions) => Channel;
  /** A `ts` later than every one before it; its last digits cannot be guessed. */
  readonly nextTs: (now: Date) => string;
  /** Forgets messages, refusals, counts, faults and pace, and puts the first channels back. */
  readonly reset: () => void;
};

/** The scopes a method of this fake may ask for. */
const ALL_SCOPES: readonly string[] = [
  "chat:write",
  "chat:write.public",
  "channels:read",
  "channels:history",
  "channels:join",
  "groups:read",
  "groups:history",
  "reactions:write",
  "users:read",
];

/** A workspace where nothing has been said yet. */
export function createWorkspace(options: WorkspaceOptions): Workspace {
  const limits = resolveLimits(options.limits);
  const random = options.random ?? Math.random;
  const given = options.channels ?? [{ id: "C0GENERAL00", name: "general" }];
  const ledger = createLedger();
  const faults = createFaults();
  const channels = new Map(given.map((channel) => [channel.id, toChannel(channel)]));
  const tokens = new Set(options.tokens ?? ["xoxb-fake-slack"]);
  const bot: Bot = { id: "B0FAKEBOT00", userId: "U0FAKEBOT00", appId: "A0FAKEAPP00", name: options.botName ?? "app" };
  const others = new Map((options.otherApps ?? []).map(({ token, name }, index) => [token, otherBot(name, index)]));
  const pacers = new Map<string, Pacer>();
  let lastMicros = 0;

  return {
    tokens,
    scopes: options.scopes ?? ALL_SCOPES,
    team: { id: options.teamId ?? "T0FAKE00000", name: options.teamName ?? "Fake Slack" },
    bot,
    bots: [bot, ...others.values()],
    botOf: (token) => (tokens.has(token) ? bot : others.get(token)),
    pagesUrl: options.pagesUrl,
    limits,
    now: options.now ?? (() => new Date()),
    random,
    ledger,
    faults,
    pacer: ({ id }) => {
      const pacer = pacers.get(id) ?? createPacer(limits);
      pacers.set(id, pacer);
      return pacer;
    },
    channels: () => [...channels.values()],
    channel: (named) => findChannel(channels, named),
    setChannel: (channel) => {
      const changed = toChannel({ ...channels.get(channel.id), ...channel });
      channels.set(changed.id, changed);
      return changed;
    },
    nextTs: (now) => {
      const micros = now.getTime() * 1000 + Math.floor(random() * 1000);
      lastMicros = micros > lastMicros ? micros : lastMicros + 1 + Math.floor(random() * 99);
      return toTs(lastMicros);
    },
    reset: () => {
      pacers.clear();
      channels.clear();
      for (const channel of given) channels.set(channel.id, toChannel(channel));
      faults.clear();
      ledger.clear();
    },
  };
}

function otherBot(name: string, index: number): Bot {
  const number = String(index + 1).padStart(2, "0");
  return { id: `B0OTHERBOT${number}`, userId: `U0OTHERBOT${number}`, appId: `A0OTHERAPP${number}`, name };
}

function findChannel(channels: ReadonlyMap<string, Channel>, named: string): Channel | undefined {
  const name = named.replace(/^#/, "");
  return channels.get(named) ?? [...channels.values()].find((channel) => channel.name === name);
}

function toTs(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, "0")}`;
}
