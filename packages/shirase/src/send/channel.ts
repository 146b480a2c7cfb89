/** The customer's Slack channel, if this machine can look into it. */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { type SlackHistory, slackHistory } from "@shirase/relay/send/slack-history";
import { type Env, readSlackToken } from "../relay-options.ts";

/**
 * A channel that can be read, after a pause if Slack asked for one; or why it cannot, and what to do, in a sentence or
 * two.
 */
export type Channel = { readonly history: SlackHistory; readonly pauseMs: number } | { readonly blind: string };

/**
 * Looks once, so that it is known before anything is sent. A Slack that does not answer now may do so later.
 *
 * @param warn - hears of a token that others can read.
 */
export async function channelOf(
  config: Config,
  { slack }: ResolvedCustomer,
  { env, warn }: { readonly env: Env; readonly warn: (text: string) => void },
): Promise<Channel> {
  const reading = await readSlackToken(config, env);
  if ("problem" in reading) return { blind: `there is no Slack token: ${reading.problem}. ${reading.remedy}`.trim() };
  if (reading.warning !== undefined) warn(`slack.token: ${reading.warning}`);
  const history = slackHistory({ token: reading.secret, apiUrl: env["SLACK_API_URL"] ?? config.slack.apiUrl });
  const looked = await history.newest(slack.channel);
  if ("messages" in looked) return { history, pauseMs: 0 };
  const { failure } = looked;
  if ("remedy" in failure) return { blind: `${failure.reason}. ${failure.remedy}` };
  return { history, pauseMs: failure.kind === "wait" ? failure.afterMs : 0 };
}
