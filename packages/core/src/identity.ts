/**
 * Which problem is this? Makes the key under which every telling of one problem is known: by two standards, from two
 * Regions, as ASFF, as OCSF and straight from GuardDuty, re-created under a new Id.
 *
 * The hard part is the resource, which each copy names in its own way (`i-0fed…`, its ARN, `AWS::IAM::AccessKey:AKIA…`)
 * and the region of what has none. Not here: what counts as the cause, which only the reader of a format knows.
 */

/** What a key is made of. `region` may be `global` already. */
export type Identity = {
  readonly accountId: string;
  readonly region: string;
  readonly cause: string;
  readonly controlId?: string | undefined;
  /** The primary resource, as ARN, id or name. */
  readonly resourceId: string;
};

const LONGEST_PART = 300;

/** Services whose ARNs carry no region because the thing is everywhere. S3 is not: a bucket lives in one region. */
const GLOBAL_SERVICES = new Set([
  "account",
  "cloudfront",
  "globalaccelerator",
  "iam",
  "organizations",
  "route53",
  "shield",
  "sts",
  "waf",
]);

/** Controls about the whole account whose setting is the same everywhere; each Region reports them once more. */
const GLOBAL_CONTROLS = /^(?:IAM|Account|CloudFront|Route53|Organizations)\.\d+$|^S3\.1$/;

/** `account|region or global|cause|resource`, at most about 650 characters; parts of hostile length end in a hash. */
export function keyOf(identity: Identity): string {
  const { accountId, region, cause, resourceId } = identity;
  const place = isGlobal(identity) ? "global" : region;
  return [accountId, place, cause, shortResource(resourceId)].map(part).join("|");
}

/**
 * Is the problem in no region? An account-wide setting may still be one of each region (EC2.7, default EBS encryption,
 * has the account as its resource in every one), so the resource `AWS::::Account` alone decides nothing: merging two
 * regions' problems would call both fixed when one is.
 */
export function isGlobal({ region, controlId, resourceId }: Identity): boolean {
  if (region === "global" || (controlId !== undefined && GLOBAL_CONTROLS.test(controlId))) return true;
  if (resourceId.startsWith("AWS::IAM::")) return true;
  const [prefix, , service, arnRegion] = resourceId.split(":", 5);
  return prefix === "arn" && arnRegion === "" && GLOBAL_SERVICES.has(service ?? "");
}

/**
 * The shortest name that still tells resources of one kind apart: `sg-0a1b` of a security group's ARN, `AKIA…` of
 * `AWS::IAM::AccessKey:AKIA…`, `account` of `AWS::::Account:222222222222`.
 */
export function shortResource(id: string): string {
  if (/^AWS::::Account:\d{12}$/.test(id)) return "account";
  const cloudFormation = /^AWS::\w+::\w+:(.+)$/s.exec(id);
  if (cloudFormation) return cloudFormation[1] ?? id;
  const arn = /^arn:[^:]*:([^:]*):[^:]*:[^:]*:(.+)$/s.exec(id);
  if (!arn) return id;
  const [, service, rest = id] = arn;
  if (service === "s3") return rest;
  return /^[A-Za-z-]+[/:](.+)$/s.exec(rest)?.[1] ?? rest;
}

function part(text: string): string {
  const safe = text.replaceAll("|", "%7C").replace(/\p{Cc}/gu, " ");
  return safe.length <= LONGEST_PART ? safe : `${safe.slice(0, LONGEST_PART - 16).toWellFormed()}~${hash(safe)}`;
}

/** FNV-1a, twice with different starts: tells cut names apart, protects nothing. */
function hash(text: string): string {
  return [0x811c9dc5, 0x9747b28c].map((start) => fnv(text, start).toString(36)).join("");
}

function fnv(text: string, start: number): number {
  let state = start;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return state;
}
