/**
 * A Slack on this machine. `startFakeSlack` opens a port that behaves like slack.com as far as an app that posts and
 * reads messages can tell, refuses what Slack refuses, and remembers everything for the test.
 */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Channel, ChannelOptions } from "./channel.ts";
import type { Fault } from "./faults.ts";
import { createApp } from "./http.ts";
import type { Counters, LedgerEntry, Refusal } from "./ledger.ts";
import { webhookPath } from "./webhook.ts";
import { createWorkspace, type Workspace, type WorkspaceOptions } from "./workspace.ts";

/** Where to listen, and what the workspace is like. */
export type FakeSlackOptions = WorkspaceOptions & {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0, any free port. */
  readonly port?: number;
};

/** A channel and what it shows. */
export type ChannelView = Channel & {
  /** What a reader sees, in order: not the hidden and deleted, but the replies of every thread. */
  readonly messages: () => readonly LedgerEntry[];
};

/** A running fake. */
export type FakeSlack = {
  /** The address, without a slash at the end: the page, `/services/…` and `/_fake/…` are below it. */
  readonly url: string;
  /** The base of the Web API with a slash at the end, for `new WebClient(token, { slackApiUrl })`. */
  readonly apiUrl: string;
  /** An accepted token. */
  readonly token: string;
  /** The incoming webhook of a channel. */
  readonly webhookUrl: (channelId: string) => string;
  /** Every accepted message in order, whether shown or not. The list grows; copy it to keep a moment. */
  readonly ledger: () => readonly LedgerEntry[];
  readonly refused: () => readonly Refusal[];
  readonly counters: () => Counters;
  /** @throws if the workspace has no such channel. */
  readonly channel: (channelId: string) => ChannelView;
  readonly channels: () => readonly ChannelView[];
  /** Adds a channel, or changes the one with this id, for example `{ id, isArchived: true }`. */
  readonly setChannel: (channel: ChannelOptions) => void;
  /** Arms a fault; the returned function disarms it. Without `times`, `from` or `until` it strikes the next call. */
  readonly fault: (fault: Fault) => () => void;
  readonly clearFaults: () => void;
  /**
   * Resolves with what `look` returns as soon as that is neither undefined, null nor false. `look` runs at once and
   * after each change, never on a timer.
   *
   * @throws Error after `timeoutMs` (default 5,000).
   */
  readonly waitFor: <T>(
    look: (slack: FakeSlack) => T,
    timeoutMs?: number,
  ) => Promise<Exclude<T, undefined | null | false>>;
  /** Calls back after every message, edit and refusal until the returned function is called. */
  readonly onChange: (listener: () => void) => () => void;
  /** Forgets everything said and armed; channels are as at the start. */
  readonly reset: () => void;
  readonly workspace: Workspace;
  /** Closes the port and cuts connections that are open. */
  readonly close: () => Promise<void>;
};

/**
 * Starts a fake Slack.
 *
 * @example
 * const slack = await startFakeSlack({ channels: [{ id: "C0ACME00000", name: "acme" }] });
 * const client = new WebClient(slack.token, { slackApiUrl: slack.apiUrl });
 * await client.chat.postMessage({ channel: "C0ACME00000", text: "hello" });
 * slack.channel("C0ACME00000").messages()[0]?.shown.text; // "hello"
 * await slack.close();
 */
export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const workspace = createWorkspace(options);
  const app = createApp(workspace);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return describeFake(workspace, url, () => closeServer(server));
}

/** A fake without a port. */
export type PortlessSlack = FakeSlack & {
  /** Answers as the port would; a cut connection is a rejected promise. */
  readonly fetch: typeof globalThis.fetch;
};

/**
 * A fake Slack within this process, for tests that turn the clock by hand: nothing waits for a network.
 *
 * @example
 * const slack = createFakeSlack({ now: clock.now });
 * const client = new WebClient(slack.token, { slackApiUrl: slack.apiUrl, fetch: slack.fetch });
 */
export function createFakeSlack(options: WorkspaceOptions = {}): PortlessSlack {
  const workspace = createWorkspace(options);
  const app = createApp(workspace);
  const fake = describeFake(workspace, "http://fake-slack.invalid", () => Promise.resolve());
  return {
    ...fake,
    fetch: async (input, init) => {
      const response = await app.fetch(new Request(input, init));
      if (response.status === 502 && response.body === null) throw new TypeError("fetch failed: socket hang up");
      return response;
    },
  };
}

function describeFake(workspace: Workspace, url: string, close: () => Promise<void>): FakeSlack {
  const { ledger, faults } = workspace;
  const view = (channel: Channel): ChannelView => ({
    ...channel,
    messages: () => ledger.ofChannel(channel.id).filter((entry) => !entry.hidden && !entry.deletedAt),
  });
  const slack: FakeSlack = {
    url,
    apiUrl: `${url}/api/`,
    token: [...workspace.tokens][0] ?? "",
    webhookUrl: (channelId) => url + webhookPath(channelId, workspace.team.id),
    ledger: ledger.entries,
    refused: ledger.refusals,
    counters: ledger.counters,
    channel: (channelId) => {
      const channel = workspace.channels().find((known) => known.id === channelId);
      if (!channel) throw new Error(`the fake workspace has no channel ${channelId}; it has ${idsOf(workspace)}`);
      return view(channel);
    },
    channels: () => workspace.channels().map(view),
    setChannel: (channel) => {
      workspace.setChannel(channel);
    },
    fault: faults.add,
    clearFaults: faults.clear,
    waitFor: (look, timeoutMs = 5000) => waitFor(() => look(slack), ledger.onChange, timeoutMs),
    onChange: ledger.onChange,
    reset: workspace.reset,
    workspace,
    close,
  };
  return slack;
}

function idsOf(workspace: Workspace): string {
  return workspace
    .channels()
    .map((channel) => channel.id)
    .join(", ");
}

function waitFor<T>(
  look: () => T,
  onChange: (listener: () => void) => () => void,
  timeoutMs: number,
): Promise<Exclude<T, undefined | null | false>> {
  return new Promise((resolve, reject) => {
    const stop = onChange(check);
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`what was waited for did not happen in ${timeoutMs} ms`));
    }, timeoutMs);
    check();

    function check(): void {
      try {
        const found = look();
        if (found === undefined || found === null || found === false) return;
        resolve(found as Exclude<T, undefined | null | false>);
      } catch (cause) {
        reject(new Error("the look of waitFor threw", { cause }));
      }
      clearTimeout(timer);
      stop();
    }
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
