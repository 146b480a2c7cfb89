/**
 * Would Security Hub take this finding? The required fields of the AWS Security Finding Format and the lengths of those
 * that shirase sends, in the words in which BatchImportFindings refuses one.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html
 */

/** An ASFF finding, as the API takes it. */
export type Finding = Readonly<Record<string, unknown>>;

const REQUIRED = [
  "SchemaVersion",
  "Id",
  "ProductArn",
  "GeneratorId",
  "AwsAccountId",
  "CreatedAt",
  "UpdatedAt",
  "Title",
  "Description",
  "Resources",
];

/** Characters. */
const LONGEST: Readonly<Record<string, number>> = {
  Id: 512,
  ProductArn: 2048,
  GeneratorId: 512,
  Title: 256,
  Description: 1024,
};

/** The first part of a type. */
const NAMESPACES = [
  "Software and Configuration Checks",
  "TTPs",
  "Effects",
  "Unusual Behaviors",
  "Sensitive Data Identifications",
];

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const SEVERITIES = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

/** Why Security Hub refuses the finding; undefined when it takes it. */
export function asffFault(finding: Finding): string | undefined {
  const fault = faults(finding).next().value;
  return fault === undefined ? undefined : `Finding does not adhere to Amazon Finding Format. ${fault}`;
}

function* faults(finding: Finding): Generator<string, undefined> {
  for (const name of REQUIRED) {
    if (finding[name] === undefined || finding[name] === "") yield `data should have required property '${name}'.`;
  }
  if (finding["SchemaVersion"] !== "2018-10-08")
    yield "data.SchemaVersion should be equal to one of the allowed values.";
  for (const [name, most] of Object.entries(LONGEST)) {
    if (String(finding[name]).length > most) yield `data.${name} should NOT be longer than ${most} characters.`;
  }
  for (const name of ["CreatedAt", "UpdatedAt"]) {
    if (!ISO_TIME.test(String(finding[name]))) yield `data.${name} should match format "date-time".`;
  }
  yield* resourceFaults(finding["Resources"]);
  yield* providerFaults(finding);
  return undefined;
}

function* resourceFaults(resources: unknown): Generator<string> {
  const list: readonly Finding[] = Array.isArray(resources) ? resources : [];
  if (list.length < 1) yield "data.Resources should NOT have fewer than 1 items.";
  if (list.length > 32) yield "data.Resources should NOT have more than 32 items.";
  for (const [index, { Type, Id }] of list.entries()) {
    if (!Type || !Id) yield `data.Resources[${index}] should have required property '${Type ? "Id" : "Type"}'.`;
  }
}

/** Severity and types: at the top or, as AWS wants it of providers today, in FindingProviderFields. */
function* providerFaults(finding: Finding): Generator<string> {
  const provider = (finding["FindingProviderFields"] ?? {}) as Finding;
  const severity = (finding["Severity"] ?? provider["Severity"]) as { readonly Label?: string } | undefined;
  if (severity === undefined) {
    yield "data should have required property 'FindingProviderFields', data should match some schema in anyOf.";
  }
  if (!SEVERITIES.includes(severity?.Label ?? ""))
    yield "data.Severity.Label should be equal to one of the allowed values.";
  const types = (finding["Types"] ?? provider["Types"] ?? []) as readonly string[];
  for (const [index, type] of types.entries()) {
    const parts = type.split("/");
    if (!NAMESPACES.includes(parts[0] ?? "") || parts.length > 3) yield `data.Types[${index}] should match pattern.`;
  }
}
