/**
 * What a customer is sent: a link that opens the template in their console, the same as one command, and a message that
 * says what it is, what it can do, and how to take it back.
 *
 * Pure. The template must lie where the customer can read it: CloudFormation takes it from S3 only.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
 */
import type { Config } from "@shirase/core/config";
import { partitionOf } from "@shirase/core/regions";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { hubBusArn } from "./names.ts";

/** One region's way in. */
export type RegionStep = {
  readonly region: string;
  /** The template's file, as `synth` names it. */
  readonly fileName: string;
  /** Opens the console with everything filled in; undefined without an address of the template. */
  readonly quickCreateLink: string | undefined;
  readonly command: string;
};

/** Everything that is sent. */
export type Onboarding = {
  readonly stackName: string;
  readonly steps: readonly RegionStep[];
  /** The message, in the customer's language or the one asked for. */
  readonly message: string;
};

/** How to send it. */
export type OnboardingOptions = {
  /**
   * Where the templates lie: an https address of S3 ending in a slash, `{region}` standing for each region's name
   * (the console reads a template only from a bucket of the stack's own region).
   */
  readonly templateBase?: string | undefined;
  readonly language?: "en" | "ja" | undefined;
};

/** The longest link the console takes. */
const LONGEST_LINK = 1024;

/** What to send to a customer. */
export function onboarding(config: Config, customer: ResolvedCustomer, options: OnboardingOptions = {}): Onboarding {
  const stackName = `shirase-${customer.id}`;
  const steps = customer.regions.map((region, index) => {
    const file = index === 0 ? `${customer.id}.template.json` : `${customer.id}.${region}.template.json`;
    const fileName = `customers/${file}`;
    const url = options.templateBase?.replaceAll("{region}", region).concat(file);
    const command = [
      "aws cloudformation deploy",
      `--region ${region}`,
      `--stack-name ${stackName}`,
      `--template-file ${file}`,
      "--capabilities CAPABILITY_NAMED_IAM",
    ].join(" ");
    return {
      region,
      fileName,
      quickCreateLink: url === undefined ? undefined : quickCreate(region, stackName, url),
      command,
    };
  });
  const language = options.language ?? customer.language;
  const facts: Facts = { customer, bus: hubBusArn(config, customer), steps, stackName };
  return { stackName, steps, message: (language === "ja" ? messageJa : messageEn)(facts) };
}

/** @throws RangeError when the address is so long that the console would not take the link. */
function quickCreate(region: string, stackName: string, templateUrl: string): string {
  const host = partitionOf(region) === "aws-cn" ? "console.amazonaws.cn" : "console.aws.amazon.com";
  const query = `templateURL=${encodeURIComponent(templateUrl)}&stackName=${stackName}`;
  const link = `https://${region}.${host}/cloudformation/home?region=${region}#/stacks/create/review?${query}`;
  if (link.length <= LONGEST_LINK) return link;
  throw new RangeError(`the link would have ${link.length} characters, ${LONGEST_LINK} at most: use a shorter address`);
}

type Facts = {
  readonly customer: ResolvedCustomer;
  readonly bus: string;
  readonly steps: readonly RegionStep[];
  readonly stackName: string;
};

function messageEn({ customer, bus, steps, stackName }: Facts): string {
  return `Subject: Security notices for ${customer.name}: one stack to launch

Dear ${customer.name} team,

so that we hear within seconds when AWS finds a security problem in your accounts, please launch one small CloudFormation
stack in each of these accounts: ${accountsOf(customer)}.

What it does: it sends copies of security events (${customer.sources.join(", ")}) to one event bus of ours,
  ${bus}
What it cannot do: read or change anything in your accounts, or let us in. Its only role that leaves your account may put
events on that one bus, and nothing else. There is no code in it and no secret.
To take it back: delete the stack ${stackName}. Nothing stays behind.

${steps.map(stepEn).join("\n\n")}

The console asks you to acknowledge that IAM roles are created: there are two, both shown in the template.
We see the first sign of life within an hour and will tell you.`;
}

function stepEn({ region, fileName, quickCreateLink, command }: RegionStep): string {
  const link = quickCreateLink === undefined ? [] : [`  Open:    ${quickCreateLink}`];
  return [
    `${region}:`,
    ...link,
    `  Or run:  ${command}`,
    `           (with the attached ${fileName.split("/").at(-1)})`,
  ].join("\n");
}

function messageJa({ customer, bus, steps, stackName }: Facts): string {
  return `件名: ${customer.name} 様 セキュリティ通知のためのスタック起動のお願い

${customer.name} ご担当者様

AWS がアカウント内のセキュリティ上の問題を検出したときに、当社が数秒で把握できるよう、
次のアカウントのそれぞれで、小さな CloudFormation スタックを一つ起動してください: ${accountsOf(customer)}

すること: セキュリティイベント（${customer.sources.join("、")}）の写しを、当社の一つのイベントバスへ送ります。
  ${bus}
できないこと: お客様のアカウントの読み取りや変更、当社からのアクセスは一切できません。アカウントの外へ出るロールの権限は、
このバスへのイベント送信だけです。プログラムも秘密の値も含みません。
取りやめるとき: スタック ${stackName} を削除してください。何も残りません。

${steps.map(stepJa).join("\n\n")}

起動の際、IAM ロールが作成されることの確認を求められます。ロールは二つで、どちらもテンプレートで内容を確認できます。
一時間以内に最初の信号が届きます。届きしだい、ご連絡します。`;
}

function stepJa({ region, fileName, quickCreateLink, command }: RegionStep): string {
  const link = quickCreateLink === undefined ? [] : [`  開く:         ${quickCreateLink}`];
  const file = fileName.split("/").at(-1);
  return [`${region}:`, ...link, `  またはコマンド: ${command}`, `  （添付の ${file} を使います）`].join("\n");
}

function accountsOf({ accounts }: ResolvedCustomer): string {
  return accounts
    .map((account) => ("name" in account && account.name ? `${account.id} (${account.name})` : account.id))
    .join(", ");
}
