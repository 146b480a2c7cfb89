/**
 * The first shirase.yaml, as text: what the answers say, with comments in English or Japanese that say what else there
 * is. `shirase check` accepts whatever comes out of here for answers that are right.
 */

import { relayQueueArn } from "@shirase/core/relay-queue";

/** What is asked of somebody who begins. */
export type InitAnswers = {
  readonly language: "en" | "ja";
  /** IANA name of the time zone. */
  readonly timezone: string;
  readonly hubAccount: string;
  readonly region: string;
  readonly workspace: string;
  /** "" when there is none yet. */
  readonly opsChannel: string;
  readonly customer: string;
  readonly name: string;
  /** At least one. */
  readonly accounts: readonly string[];
  readonly channel: string;
};

type Comments = {
  readonly top: readonly string[];
  readonly hub: string;
  readonly workspace: string;
  readonly token: string;
  readonly ops: string;
  readonly ingest: string;
  readonly defaults: string;
  readonly severities: string;
  readonly customers: string;
  readonly accounts: string;
  readonly regions: string;
  readonly sources: string;
  readonly mention: string;
  readonly filter: string;
};

const COMMENTS: Readonly<Record<InitAnswers["language"], Comments>> = {
  en: {
    top: [
      "Whose findings, from which accounts, are told where in Slack.",
      "After a change: shirase check. Every key: docs/config.md",
    ],
    hub: "Your company's AWS account that all customers send to, and its home region.",
    workspace: "The part after /client/ in Slack's address.",
    token: "Where the bot token lives: env, file, ssm or secretsmanager. Never the token itself.",
    ops: "Channel of the people who run this: what could not be told, and why.",
    ingest: "After shirase deploy: the hub's queue, which the relay reads.",
    defaults: "What holds for every customer that does not say otherwise.",
    severities: "CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL",
    customers: "One entry for each customer.",
    accounts: 'In quotes. With a name: { id: "222222222222", name: acme-prod }',
    regions: "Without it: the hub's region.",
    sources: "also: inspector, macie, access-analyzer, health, config, cloudwatch, trusted-advisor, cost-anomaly",
    mention: "Who is called: a user group (S…), a user (U…), here or channel.",
    filter: "Any EventBridge pattern: only what matches is told.",
  },
  ja: {
    top: [
      "どのお客様の、どのアカウントの検出結果を、Slack のどこに知らせるか。",
      "変更したら shirase check で確認します。キーの一覧: docs/config.md",
    ],
    hub: "全お客様のイベントを集める自社の AWS アカウントと、そのホームリージョン。",
    workspace: "ブラウザで Slack を開いたとき、アドレスの /client/ の後に続く部分。",
    token: "ボットトークンの置き場所: env, file, ssm, secretsmanager のどれか。トークンそのものは書かないこと。",
    ops: "運用担当のチャンネル。届けられなかった通知とその理由を知らせます。",
    ingest: "shirase deploy の後に: リレーが読み取るハブのキュー。",
    defaults: "お客様ごとに指定がないときの既定値。",
    severities: "CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL",
    customers: "お客様ごとに 1 項目。",
    accounts: '必ず引用符で囲みます。名前も付けられます: { id: "222222222222", name: acme-prod }',
    regions: "省略するとハブのリージョン。",
    sources: "ほかに inspector, macie, access-analyzer, health, config, cloudwatch, trusted-advisor, cost-anomaly",
    mention: "重要度ごとの呼び出し先: ユーザーグループ (S…)、ユーザー (U…)、here、channel。",
    filter: "EventBridge のイベントパターン。一致したものだけを知らせます。",
  },
};

/** The file for these answers. Values are written so that YAML cannot take them for anything else. */
export function initFile(answers: InitAnswers): string {
  const say = COMMENTS[answers.language];
  const ops = answers.opsChannel === "" ? "# opsChannel: C0OPS000000" : `opsChannel: ${answers.opsChannel}`;
  const queue = relayQueueArn({ account: answers.hubAccount, region: answers.region });
  return `${say.top.map((line) => `# ${line}\n`).join("")}
# ${say.hub}
hub: { account: ${quoted(answers.hubAccount)}, region: ${answers.region} }

slack:
  workspace: ${answers.workspace} # ${say.workspace}
  token: { env: SLACK_BOT_TOKEN } # ${say.token}
  ${ops} # ${say.ops}

# ${say.ingest}
# ingest: { sqs: { queues: [${quoted(queue)}] } }

# ${say.defaults}
defaults:
  language: ${answers.language} # en, ja
  timezone: ${answers.timezone}
  severities: [CRITICAL, HIGH] # ${say.severities}

# ${say.customers}
customers:
  - id: ${answers.customer}
    name: ${quoted(answers.name)}
    accounts: [${answers.accounts.map(quoted).join(", ")}] # ${say.accounts}
    # regions: [${answers.region}, us-east-1] # ${say.regions}
    sources: [security-hub, guardduty] # ${say.sources}
    slack:
      channel: ${answers.channel}
      # mention: { CRITICAL: S0ONCALL000 } # ${say.mention}
    # filter: { detail: { findings: { ProductName: [{ anything-but: [Macie] }] } } } # ${say.filter}
`;
}

/** JSON's strings are YAML's double-quoted ones. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
