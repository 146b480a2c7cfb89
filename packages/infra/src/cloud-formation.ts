/** As much of CloudFormation's language as our templates use. */

export type Template = {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  /** At most 1,024 bytes. */
  readonly Description: string;
  readonly Metadata: object;
  readonly Parameters?: Readonly<Record<string, object>>;
  readonly Rules?: Readonly<Record<string, { readonly Assertions: readonly object[] }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;
};

export type Resource = {
  readonly Type: string;
  readonly Metadata?: { readonly Purpose: string };
  readonly DeletionPolicy?: "Delete";
  readonly UpdateReplacePolicy?: "Delete";
  readonly Properties: Readonly<Record<string, unknown>>;
};

/** What CloudFormation takes without an S3 bucket. */
export const LARGEST_TEMPLATE_BYTES = 51_200;

/** A template as it is written to files and shown to people. */
export function templateText(template: Template): string {
  return `${JSON.stringify(template, null, 2)}\n`;
}
