/** Imports one finding into Security Hub; archiving it is importing it again. */
import type { TestFinding } from "../send/test-finding.ts";
import type { Identity } from "./identity.ts";

/**
 * @throws what the AWS SDK throws. A finding that AWS took the call for and refused all the same (FailedFindings) is
 *   thrown with AWS's error code as its name.
 */
export async function importFinding({ credentials }: Identity, region: string, finding: TestFinding): Promise<void> {
  const { BatchImportFindingsCommand, SecurityHubClient } = await import("@aws-sdk/client-securityhub");
  const client = new SecurityHubClient({ region, credentials });
  try {
    const { FailedFindings = [] } = await client.send(new BatchImportFindingsCommand({ Findings: [finding] }));
    const [refused] = FailedFindings;
    if (refused === undefined) return;
    const error = new Error(refused.ErrorMessage ?? "Security Hub did not say why");
    error.name = refused.ErrorCode ?? "FailedFinding";
    throw error;
  } finally {
    client.destroy();
  }
}

/** What AWS's door was never reached for. */
const NOT_ASKED = ["CredentialsProviderError", "ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"];

/** Is it certain that nothing was imported? After a time-out or an error on AWS's side the finding may be there. */
export function isRefusal(error: unknown): boolean {
  const { name = "", code = "", $fault: fault } = error as Partial<Record<"name" | "code" | "$fault", string>>;
  return fault === "client" || name === "InvalidInput" || NOT_ASKED.includes(name) || NOT_ASKED.includes(code);
}
