/** The message a customer reads before they launch the template: what it is, what it can do, how to take it back. */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import type { RegionStep } from "./onboarding.ts";

/** What the message tells of. */
export type MessageFacts = {
  readonly customer: ResolvedCustomer;
  /** ARN of the hub bus that events go to. */
  readonly bus: string;
  readonly stackName: string;
  readonly steps: readonly RegionStep[];
  readonly accounts: readonly { readonly id: string; readonly name?: string | undefined }[];
};

/** The whole message, with its subject as the first line. */
export function messageText(language: "en" | "ja", facts: MessageFacts): string {
  return language === "ja" ? messageJa(facts) : messageEn(facts);
}

function messageEn({ customer, bus, steps, stackName, accounts }: MessageFacts): string {
  const { delegatedAdmin, heartbeatMinutes, id, name, sources } = customer;
  const everywhere = accounts.length > 1 ? `\nFor all accounts at once: ${id}.stackset.template.json, attached.` : "";
  const administered =
    delegatedAdmin === undefined
      ? ""
      : `\nAccount ${delegatedAdmin} administers Security Hub: findings of all accounts it administers go the same way.`;
  return `Subject: Security notices for ${name}: one small stack to launch

Dear ${name} team,

so that we hear within seconds when AWS finds a security problem in your accounts, please launch one small CloudFormation
stack in each of these accounts: ${accountList(accounts)}.

What it does: it sends copies of security events (${sources.join(", ")}) to one event bus of ours,
  ${bus}${administered}
What it cannot do: read or change anything in your accounts, or let us in. Its only role that reaches outside may put
events on that one bus, and nothing else. There is no code in it and no secret.
To take it back: delete the stack ${stackName}. Nothing stays behind.
The template is attached; its Metadata says in plain words what it can and cannot do.

${steps.map(stepEn).join("\n\n")}
${everywhere}
With Terraform: ${id}.tf, attached.

The console asks you to acknowledge that IAM roles are created: there are two, both shown in the template.
We see the first sign of life within ${heartbeatMinutes} minutes and will tell you.
`;
}

function stepEn({ region, fileName, quickCreateLink, command }: RegionStep): string {
  const link = quickCreateLink === undefined ? [] : [`  Open:    ${quickCreateLink}`];
  return [`${region}:`, ...link, `  Or run:  ${command}`, `           (with the attached ${fileName})`].join("\n");
}

function messageJa({ customer, bus, steps, stackName, accounts }: MessageFacts): string {
  const { delegatedAdmin, heartbeatMinutes, id, name, sources } = customer;
  const everywhere =
    accounts.length > 1 ? `\nすべてのアカウントへまとめて適用する場合: 添付の ${id}.stackset.template.json` : "";
  const administered =
    delegatedAdmin === undefined
      ? ""
      : `\nアカウント ${delegatedAdmin} は Security Hub の管理者です。管理下のすべてのアカウントの検出結果が同じ経路で送られます。`;
  return `件名: ${name} 様 セキュリティ通知のためのスタック作成のお願い

${name} ご担当者様

AWS がアカウント内のセキュリティ上の問題を検出したときに、当社が数秒で把握できるよう、
次のアカウントのそれぞれで、小さな CloudFormation スタックを一つ作成してください: ${accountList(accounts)}

すること: セキュリティイベント（${sources.join("、")}）の写しを、当社の一つのイベントバスへ送ります。
  ${bus}${administered}
できないこと: お客様のアカウントの読み取りや変更、当社からのアクセスは一切できません。アカウントの外へ出るロールの権限は、
このバスへのイベント送信だけです。プログラムも秘密の値も含みません。
取りやめるとき: スタック ${stackName} を削除してください。何も残りません。
テンプレートを添付します。できることとできないことは、その Metadata に平易な言葉（英語）で書いてあります。

${steps.map(stepJa).join("\n\n")}
${everywhere}
Terraform をお使いの場合: 添付の ${id}.tf

作成の際、IAM ロールが作られることの確認を求められます。ロールは二つで、どちらもテンプレートで内容を確認できます。
${heartbeatMinutes} 分以内に最初の信号が届きます。届きしだい、ご連絡します。
`;
}

function stepJa({ region, fileName, quickCreateLink, command }: RegionStep): string {
  const link = quickCreateLink === undefined ? [] : [`  開く:           ${quickCreateLink}`];
  return [`${region}:`, ...link, `  またはコマンド: ${command}`, `  （添付の ${fileName} を使います）`].join("\n");
}

function accountList(accounts: MessageFacts["accounts"]): string {
  return accounts.map(({ id, name }) => (name === undefined ? id : `${id} (${name})`)).join(", ");
}
