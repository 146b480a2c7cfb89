/** Says, where it is so, why a rule of cdk-nag does not hold here. Read by cdk-nag in anybody's app that uses the hub. */
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** @param rule - with its finding in brackets where the rule names one: `AwsSolutions-IAM5[Resource::*]`. */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: rule, reason });
}
