/**
 * What a copy of a finding calls its cause, brought to the spelling of the service that found it. GuardDuty says
 * `Backdoor:EC2/C&CActivity.B!DNS`, its ASFF copy `TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS`.
 */

/** The cause of every Access Analyzer finding on who can reach a resource: one finding a resource, by any copy. */
export const EXTERNAL_ACCESS = "External Access Granted";

/**
 * GuardDuty's or Macie's type out of a list of finding types; "" when there is none. Plain categories such as
 * `Software and Configuration Checks` are no cause: a hundred different findings share one.
 */
export function typeAmong(types: readonly string[]): string {
  for (const type of types) {
    const [, purpose, subject, rest] = /(?:^|\/)([A-Za-z]+):([A-Za-z0-9]+)[-/]([^/]+)$/.exec(type) ?? [];
    if (rest !== undefined) return `${purpose}:${subject}/${rest}`;
  }
  return "";
}

/** An exposure's type (`Exposure/Potential Impact/Remote Execution`); "" when there is none. */
export function exposureAmong(types: readonly string[]): string {
  return types.find((type) => type.startsWith("Exposure/")) ?? "";
}
