/**
 * Where in the AWS console is it? Deep links to one finding, in the region it is in and the partition's own host. A
 * link to a finding of another region opens an empty list, which at three in the morning reads as "already fixed".
 *
 * The forms are those the services themselves put into `SourceUrl`, or that AWS's own solutions build; AWS documents
 * none of them. Not here: links from a finding's text (http-link.ts).
 */
import { httpLink } from "./http-link.ts";
import { type Partition, partitionOf } from "./regions.ts";

const CONSOLES: Readonly<Record<Partition, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
  "aws-eusc": "console.amazonaws-eusc.eu",
};

/**
 * A finding in Security Hub CSPM, found by its Id. The console decodes the search twice, hence the double encoding.
 */
export function securityHubLink(region: string, findingId: string): string | undefined {
  return consoleLink(region, "securityhub", `#/findings?search=${searchFor("Id", findingId)}`);
}

/** A finding in the new Security Hub, found by its OCSF uid. */
export function securityHubV2Link(region: string, findingUid: string): string | undefined {
  return consoleLink(region, "securityhub/v2", `#/findings?search=${searchFor("finding_info.uid", findingUid)}`);
}

export function guardDutyLink(region: string, findingId: string): string | undefined {
  return consoleLink(region, "guardduty", `#/findings?macros=current&fId=${encode(findingId)}`);
}

/**
 * What GuardDuty's guide says about a finding type: its own entry for the three subjects whose pages name entries after
 * the type (`#backdoor-ec2-ccactivitybdns`), the list of all types for the rest.
 */
export function guardDutyHelp(type: string): string {
  const guide = "https://docs.aws.amazon.com/guardduty/latest/ug";
  const subject = /^[A-Za-z]+:(EC2|IAMUser|S3)\//.exec(type)?.[1];
  if (subject === undefined) return `${guide}/guardduty_finding-types-active.html`;
  const page = subject === "IAMUser" ? "iam" : subject.toLowerCase();
  const entry = type
    .toLowerCase()
    .replaceAll(/[:/]/g, "-")
    .replaceAll(/[^a-z0-9-]/g, "");
  return `${guide}/guardduty_finding-types-${page}.html#${entry}`;
}

export function inspectorLink(region: string, findingArn: string): string | undefined {
  return consoleLink(region, "inspector/v2", `#/findings/details/${encode(findingArn)}`);
}

export function macieLink(region: string, findingId: string): string | undefined {
  return consoleLink(region, "macie", `#findings?itemId=${encode(findingId)}`);
}

export function accessAnalyzerLink(region: string, findingId: string): string | undefined {
  return consoleLink(region, "access-analyzer", `#/findings/details/${encode(findingId)}`);
}

export function configRuleLink(region: string, ruleName: string): string | undefined {
  return consoleLink(region, "config", `#/rules/details?configRuleName=${encode(ruleName)}`);
}

export function alarmLink(region: string, alarmName: string): string | undefined {
  return consoleLink(region, "cloudwatch", `#alarmsV2:alarm/${encode(alarmName)}`);
}

/** The Health dashboard is one for all regions; `tab` is `open-issues`, `scheduled-changes` or `other-notifications`. */
export function healthLink(eventArn: string, tab: string): string | undefined {
  return httpLink(
    `https://health.console.aws.amazon.com/health/home#/account/dashboard/${tab}?eventID=${encode(eventArn)}`,
  );
}

/** Trusted Advisor has one console, without regions. */
export const TRUSTED_ADVISOR_LINK = "https://console.aws.amazon.com/trustedadvisor/home";

/** Where an anomaly without a link of its own is looked up. */
export const COST_ANOMALY_LINK = "https://console.aws.amazon.com/cost-management/home#/anomaly-detection";

function consoleLink(region: string, service: string, place: string): string | undefined {
  const partition = partitionOf(region);
  if (partition === undefined) return undefined;
  return httpLink(`https://${region}.${CONSOLES[partition]}/${service}/home?region=${region}${place}`);
}

function searchFor(field: string, value: string): string {
  return `${field}%3D%255Coperator%255C%253AEQUALS%255C%253A${encode(encode(value))}`;
}

/** encodeURIComponent throws on half a surrogate pair. It also leaves ' ( ) * as they are, which links allow. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
