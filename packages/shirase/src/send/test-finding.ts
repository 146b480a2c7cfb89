/**
 * The finding that `shirase send --real` imports: it says itself that it is a test, it is a sample, so nobody is woken,
 * and its product is the account's own, so nothing has to be switched on for it.
 *
 * Security Hub adds to what it imports before it sends the event; `importedEvent` says what, so that patterns can be
 * asked beforehand.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
 */
import type { JsonObject } from "@shirase/core/event";
import type { Severity } from "@shirase/core/finding";
import type { Partition } from "@shirase/core/regions";
import type { SendingPlace } from "./probe.ts";

/** What a pattern may want of it. */
export type Shape = {
  readonly severity: Severity;
  /** Some patterns pass on only what failed a check, others only what is no check. */
  readonly isCheck: boolean;
};

/** Everything a test finding is made from. */
export type FindingParts = SendingPlace & {
  readonly mark: string;
  readonly shape: Shape;
  readonly partition: Partition;
  readonly language: "en" | "ja";
};

/** The fields of the AWS Security Finding Format that it has; all are sent. */
export type TestFinding = {
  readonly SchemaVersion: "2018-10-08";
  readonly Id: string;
  readonly ProductArn: string;
  readonly GeneratorId: string;
  readonly AwsAccountId: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Title: string;
  readonly Description: string;
  readonly FindingProviderFields: { readonly Severity: { readonly Label: Severity }; readonly Types: string[] };
  readonly Resources: { readonly Type: string; readonly Id: string; readonly Region: string }[];
  readonly Compliance?: { readonly Status: "FAILED" };
  readonly RecordState: "ACTIVE" | "ARCHIVED";
  readonly Sample: true;
};

const GENERATOR = "shirase";
/** The namespace is one of AWS's five; the rest may be anything. */
const TYPE = "Software and Configuration Checks/shirase/Test";

/** AWS's own limits: a title of 256 characters, a description of 1,024. */
const WORDS = {
  en: {
    title: "shirase test {mark}: nothing is wrong",
    description:
      "Somebody imported this with `shirase send --real` to see whether findings of this account reach their channel. There is nothing to do; it is archived afterwards.",
  },
  ja: {
    title: "shirase のテスト {mark}：対応は不要です",
    description:
      "このアカウントの検出結果がチャンネルまで届くかを確かめるため、`shirase send --real` で取り込まれたものです。対応は不要です。確認後にアーカイブされます。",
  },
} as const;

/** The finding as it is imported first. */
export function testFinding(
  { accountId, region, mark, shape, partition, language }: FindingParts,
  now: Date,
): TestFinding {
  const { title, description } = WORDS[language];
  const time = now.toISOString();
  return {
    SchemaVersion: "2018-10-08",
    Id: `shirase/test/${mark}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${accountId}:product/${accountId}/default`,
    GeneratorId: GENERATOR,
    AwsAccountId: accountId,
    CreatedAt: time,
    UpdatedAt: time,
    Title: title.replace("{mark}", mark),
    Description: description,
    FindingProviderFields: { Severity: { Label: shape.severity }, Types: [TYPE] },
    // A resource of its own, so that no test is taken for the one before it.
    Resources: [{ Type: "Other", Id: mark, Region: region }],
    ...(shape.isCheck && { Compliance: { Status: "FAILED" } }),
    RecordState: "ACTIVE",
    Sample: true,
  };
}

/** The same, put away. Security Hub ignores an import that is not newer than what it has. */
export function archived(finding: TestFinding, now: Date): TestFinding {
  const after = Math.max(now.getTime(), Date.parse(finding.UpdatedAt) + 1);
  return { ...finding, RecordState: "ARCHIVED", UpdatedAt: new Date(after).toISOString() };
}

const NORMALIZED: Readonly<Record<Severity, number>> = {
  INFORMATIONAL: 0,
  LOW: 1,
  MEDIUM: 40,
  HIGH: 70,
  CRITICAL: 90,
};

/** The event that comes of importing it. */
export function importedEvent(finding: TestFinding, region: string): JsonObject {
  const { Severity, Types } = finding.FindingProviderFields;
  return {
    version: "0",
    id: "00000000-0000-4000-8000-000000000000",
    "detail-type": "Security Hub Findings - Imported",
    source: "aws.securityhub",
    account: finding.AwsAccountId,
    time: `${finding.UpdatedAt.slice(0, 19)}Z`,
    region,
    resources: [`${finding.ProductArn}/${finding.Id}`],
    detail: {
      findings: [
        {
          ...finding,
          Region: region,
          CompanyName: "Personal",
          ProductName: "Default",
          Severity: { ...Severity, Normalized: NORMALIZED[Severity.Label] },
          Types,
          Workflow: { Status: "NEW" },
          WorkflowState: "NEW",
        },
      ],
    },
  };
}
