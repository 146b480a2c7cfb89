/**
 * The customer's template as a StackSet, for customers with many accounts: launched once, in the account that manages
 * their StackSets, it puts the same stack into every account and region listed.
 *
 * With organizational units the customer's Organization does the rest (SERVICE_MANAGED); it skips its own management
 * account. Without, each account must have AWS's two StackSet roles (SELF_MANAGED). Accounts nobody listed get nothing
 * either way: the hub would have no channel for their findings.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import type { Template } from "./cloud-formation.ts";
import { spokeStackName } from "./names.ts";
import { spokeTemplateFor } from "./spoke.ts";

/** The StackSet as a template of its own. */
export function stackSetTemplate(config: Config, customer: ResolvedCustomer): Template {
  const units = customer.organizationalUnits;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `shirase for ${customer.id}: rolls the customer's template out to the accounts and regions below.`,
    Metadata: { Shirase: { Does: WORDS[units === undefined ? "selfManaged" : "serviceManaged"] } },
    ...(units !== undefined && { Parameters: { CallAs } }),
    Resources: {
      Spokes: {
        Type: "AWS::CloudFormation::StackSet",
        Properties: {
          StackSetName: spokeStackName(customer.id),
          Description: `Sends security events to account ${config.hub.account}`,
          TemplateBody: JSON.stringify(spokeTemplateFor(config, customer, customer.regions)),
          Capabilities: ["CAPABILITY_NAMED_IAM"],
          ManagedExecution: { Active: true },
          OperationPreferences: { FailureToleranceCount: 0, MaxConcurrentCount: 1, RegionConcurrencyType: "PARALLEL" },
          StackInstancesGroup: [{ DeploymentTargets: targets(customer), Regions: customer.regions }],
          ...(units === undefined ? { PermissionModel: "SELF_MANAGED" } : SERVICE_MANAGED),
        },
      },
    },
    Outputs: { StackSetId: { Description: "The StackSet", Value: { Ref: "Spokes" } } },
  };
}

const CallAs = {
  Type: "String",
  Default: "SELF",
  AllowedValues: ["SELF", "DELEGATED_ADMIN"],
  Description: "SELF in the Organization's management account, DELEGATED_ADMIN in the one that administers StackSets",
};

const SERVICE_MANAGED = {
  PermissionModel: "SERVICE_MANAGED",
  CallAs: { Ref: "CallAs" },
  // An account that joins the unit later is not listed: nobody would hear of it.
  AutoDeployment: { Enabled: false },
};

const WORDS = {
  serviceManaged:
    "Makes the same stack in each listed account of the organizational units. Not in the management account: launch the customer's template there by hand.",
  selfManaged:
    "Makes the same stack in each listed account. They need AWSCloudFormationStackSetExecutionRole, this account AWSCloudFormationStackSetAdministrationRole.",
} as const;

function targets(customer: ResolvedCustomer): object {
  const Accounts = sendingAccounts(customer);
  const { organizationalUnits } = customer;
  if (organizationalUnits === undefined) return { Accounts };
  return { OrganizationalUnitIds: organizationalUnits, AccountFilterType: "INTERSECTION", Accounts };
}
