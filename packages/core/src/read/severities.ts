/**
 * The severity scales of AWS's services, brought to Security Hub's five words.
 */
import { SEVERITIES, type Severity } from "../finding.ts";

/** `Critical`, `CRITICAL`, `Informational` … as a severity; undefined for other words (UNTRIAGED, "", Unknown). */
export function severityWord(word: string): Severity | undefined {
  const upper = word.trim().toUpperCase();
  return SEVERITIES.find((severity) => severity === upper || (severity === "INFORMATIONAL" && upper === "INFO"));
}

/**
 * ASFF's deprecated number of 0 to 100.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html
 */
export function severityOfNormalized(normalized: number): Severity {
  if (normalized >= 90) return "CRITICAL";
  if (normalized >= 70) return "HIGH";
  if (normalized >= 40) return "MEDIUM";
  return normalized >= 1 ? "LOW" : "INFORMATIONAL";
}

/**
 * GuardDuty's number of 1 to 10.
 * @see https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
 */
export function severityOfGuardDuty(score: number): Severity {
  if (score >= 9) return "CRITICAL";
  if (score >= 7) return "HIGH";
  if (score >= 4) return "MEDIUM";
  return score >= 1 ? "LOW" : "INFORMATIONAL";
}

/** OCSF's severity_id: 1 Informational to 5 Critical, 6 Fatal; 0 Unknown and 99 Other say nothing. */
export function severityOfOcsf(severityId: number): Severity | undefined {
  if (severityId === 6) return "CRITICAL";
  return Number.isInteger(severityId) && severityId >= 1 ? SEVERITIES[severityId - 1] : undefined;
}
