/**
 * What a customer is sent: a link that opens the template in their console, the same as one command, the same for
 * Terraform, and a message that says what it is, what it can do, and how to take it back.
 *
 * Pure. A link works only with a template that the customer's browser can have CloudFormation read, which means an S3
 * bucket in the stack's own region; without one the template is attached. The words are in onboarding-text.ts.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-create-stacks-quick-create-links.html
 */
import type { Config } from "@shirase/core/config";
import { type Partition, partitionOf } from "@shirase/core/regions";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { type Template, templateText } from "./cloud-formation.ts";
import { hubBusArn, spokeFileName, spokeStackName } from "./names.ts";
import { messageText } from "./onboarding-text.ts";
import { spokeTemplate } from "./spoke.ts";
import { stackSetTemplate } from "./stackset.ts";
import { terraformSnippet } from "./terraform-snippet.ts";

/** One region's way in. */
export type RegionStep = {
  readonly region: string;
  /** The template's file, without a folder. */
  readonly fileName: string;
  /** Opens the console with everything filled in; undefined without an address of the template. */
  readonly quickCreateLink: string | undefined;
  readonly command: string;
};

/** Everything that is sent. */
export type Onboarding = {
  readonly stackName: string;
  /** Where the stack is launched, in every region of `steps`. */
  readonly accounts: readonly { readonly id: string; readonly name?: string | undefined }[];
  readonly steps: readonly RegionStep[];
  /** A main.tf that uses the module terraform/spoke. */
  readonly terraform: string;
  /** The message, in the customer's language or the one asked for. */
  readonly message: string;
  /** What is attached, by file name: templates, a StackSet for more than one account, Terraform, the message. */
  readonly attachments: Readonly<Record<string, string>>;
};

/** How to send it. */
export type OnboardingOptions = {
  /** An https address in S3; `{region}` in it stands for the name of each stack's region. */
  readonly templateBase?: string | undefined;
  readonly language?: "en" | "ja" | undefined;
};

/** The longest link the console takes, in characters. */
const LONGEST_LINK = 1024;

/** Where the console is. The European sovereign partition's is not known to us: its customers get the command. */
const CONSOLES: Readonly<Record<Partition, string | undefined>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-eusc": undefined,
};

/**
 * What to send to a customer.
 *
 * @returns everything, or why no link can be made of the address, in a sentence with a way out.
 */
export function onboarding(
  config: Config,
  customer: ResolvedCustomer,
  options: OnboardingOptions = {},
): Onboarding | { readonly problem: string } {
  const { language = customer.language, templateBase } = options;
  const steps = customer.regions.map((region) => stepFor(customer, region, templateBase));
  const problem = addressProblem(customer, templateBase) ?? linkProblem(steps);
  if (problem !== undefined) return { problem };
  const accountIds = sendingAccounts(customer);
  const accounts = customer.accounts.filter(({ id }) => accountIds.includes(id));
  const stackName = spokeStackName(customer.id);
  const message = messageText(language, { customer, bus: hubBusArn(config, customer), steps, stackName, accounts });
  const terraform = terraformSnippet(config, customer);
  const templates = templatesFor(config, customer).map(([name, template]) => [name, templateText(template)]);
  const attachments = {
    ...Object.fromEntries(templates),
    [`${customer.id}.tf`]: terraform,
    [`${customer.id}.message.txt`]: message,
  };
  return { stackName, accounts, steps, terraform, message, attachments };
}

/** The customer's templates by file name; with more than one account also as a StackSet. */
function templatesFor(config: Config, customer: ResolvedCustomer): readonly (readonly [string, Template])[] {
  const spokes = customer.regions.map(
    (region) => [fileNameOf(customer, region), spokeTemplate(config, customer, region)] as const,
  );
  if (sendingAccounts(customer).length === 1) return spokes;
  return [...spokes, [`${customer.id}.stackset.template.json`, stackSetTemplate(config, customer)]];
}

function stepFor(customer: ResolvedCustomer, region: string, templateBase: string | undefined): RegionStep {
  const fileName = fileNameOf(customer, region);
  const stackName = spokeStackName(customer.id);
  const command =
    `aws cloudformation deploy --region ${region} --stack-name ${stackName} --template-file ${fileName} ` +
    "--capabilities CAPABILITY_NAMED_IAM";
  return {
    region,
    fileName,
    quickCreateLink: linkFor(region, stackName, addressOf(fileName, region, templateBase)),
    command,
  };
}

function fileNameOf(customer: ResolvedCustomer, region: string): string {
  return spokeFileName(customer, region).replace(/^customers\//, "");
}

function addressOf(fileName: string, region: string, base: string | undefined): string | undefined {
  return base?.replaceAll("{region}", region).replace(/\/?$/, "/").concat(fileName);
}

function linkFor(region: string, stackName: string, address: string | undefined): string | undefined {
  const console = CONSOLES[partitionOf(region) ?? "aws"];
  if (address === undefined || console === undefined) return undefined;
  const query = `templateURL=${encodeURIComponent(address)}&stackName=${stackName}`;
  return `https://${region}.${console}/cloudformation/home?region=${region}#/stacks/create/review?${query}`;
}

/** CloudFormation reads templates from S3 alone, and the console from the stack's own region alone. */
function addressProblem(customer: ResolvedCustomer, base: string | undefined): string | undefined {
  if (base === undefined) return undefined;
  const example = "https://BUCKET-{region}.s3.{region}.amazonaws.com/shirase";
  if (!/^https:\/\/[^/?#]*\bs3\b[^/?#]*\.amazonaws\.com(?:\.cn)?(?:\/[^?#]*)?$/.test(base)) {
    return `the templates' address ${base} is not one of S3, and CloudFormation reads from nowhere else. Write it as ${example}`;
  }
  const foreign = customer.regions.find((region) => liesElsewhere(base, region));
  if (customer.regions.length === 1) return foreign && foreignAddress(base, foreign, example);
  if (foreign === undefined && base.includes("{region}")) return undefined;
  return (
    `the console reads a template only from a bucket of the stack's own region, and ${customer.id} has ` +
    `${customer.regions.join(", ")}. Keep a copy in each and write the region as {region}: ${example}`
  );
}

function foreignAddress(base: string, region: string, example: string): string {
  return (
    `the templates' address ${base} is of another region than ${region}, and the console reads a template only from a ` +
    `bucket of the stack's own region. Write it as ${example}`
  );
}

/** S3's own part of the host names the bucket's region; older addresses name none, and then nobody can tell. */
function liesElsewhere(base: string, region: string): boolean {
  const named = /\bs3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(base.replaceAll("{region}", region))?.[1];
  return named !== undefined && named !== region;
}

function linkProblem(steps: readonly RegionStep[]): string | undefined {
  const longest = Math.max(...steps.map(({ quickCreateLink }) => quickCreateLink?.length ?? 0));
  if (longest <= LONGEST_LINK) return undefined;
  return `the link would have ${longest} characters and the console takes ${LONGEST_LINK}. Use a shorter address.`;
}
