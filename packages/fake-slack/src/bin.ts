#!/usr/bin/env node
/** `fake-slack`: the fake as a process of its own, for tests in other languages and for looking at messages by hand. */
import { parseArgs } from "node:util";
import type { ChannelOptions } from "./channel.ts";
import { type FakeSlackOptions, startFakeSlack } from "./fake-slack.ts";

const HELP = `fake-slack [--port 8090] [--host 127.0.0.1] [--token xoxb-…] [--channel C0ACME00000=acme]… [--limits off] [--over hide]

A Slack on this machine that refuses what Slack refuses. Prints its address as one line of JSON when it is ready.
  --port N         default 0, any free port
  --host H         default 127.0.0.1
  --token T        a token to accept; may be given several times
  --channel ID=NAME  a channel; may be given several times
  --limits off     no rate limits; sizes are enforced all the same
  --over hide      posts above the rate are accepted and hidden instead of refused with 429
`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`fake-slack: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function main(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      token: { type: "string", multiple: true },
      channel: { type: "string", multiple: true },
      limits: { type: "string" },
      over: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const slack = await startFakeSlack({
    host: values.host,
    port: toPort(values.port),
    ...(values.token && { tokens: values.token }),
    ...(values.channel && { channels: values.channel.map(toChannel) }),
    ...limitsOf(values.limits, values.over),
  });
  const { url, apiUrl, token } = slack;
  const webhooks = Object.fromEntries(slack.channels().map(({ id }) => [id, slack.webhookUrl(id)]));
  process.stdout.write(`${JSON.stringify({ url, apiUrl, token, webhooks })}\n`);
  const stop = (): void => {
    slack.close().catch(() => {
      process.exitCode = 1;
    });
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port is ${JSON.stringify(text)}; it must be a number from 0 to 65535`);
}

function toChannel(text: string): ChannelOptions {
  const [, id, name] = /^([CGD][A-Z0-9]{2,})(?:=(.+))?$/.exec(text) ?? [];
  if (id === undefined) throw new Error(`--channel is ${JSON.stringify(text)}; write it like C0ACME00000=acme`);
  return name === undefined ? { id } : { id, name };
}

function limitsOf(limits: string | undefined, over: string | undefined): Pick<FakeSlackOptions, "limits"> {
  if (limits !== undefined && limits !== "off")
    throw new Error(`--limits is ${JSON.stringify(limits)}; only "off" is known`);
  if (over !== undefined && over !== "hide" && over !== "refuse") {
    throw new Error(`--over is ${JSON.stringify(over)}; it must be "refuse" or "hide"`);
  }
  if (limits === "off") return { limits };
  return over === undefined ? {} : { limits: { over } };
}
