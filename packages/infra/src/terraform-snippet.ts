/**
 * What a customer who runs Terraform writes: one call of terraform/spoke for each region.
 *
 * Strings of ours go into HCL as JSON, with `${` and `%{` doubled, so that no pattern is taken for a template.
 */
import type { Config } from "@shirase/core/config";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { sendingAccounts } from "@shirase/core/sending-accounts";
import { hubBusArn, spokeRuleName } from "./names.ts";

/** A main.tf for this customer. */
export function terraformSnippet(config: Config, customer: ResolvedCustomer): string {
  const providers = customer.regions.map((region) => providerBlock(region));
  const modules = customer.regions.map((region) => moduleBlock(config, customer, region));
  return [...providers, ...modules].join("\n");
}

function providerBlock(region: string): string {
  return `provider "aws" {
  alias  = ${quoted(aliasOf(region))}
  region = ${quoted(region)}
}
`;
}

function moduleBlock(config: Config, customer: ResolvedCustomer, region: string): string {
  const names = customer.rulePatterns.map((_, index) => quoted(spokeRuleName(customer.id, index)));
  const width = Math.max(...names.map((name) => name.length));
  const rules = customer.rulePatterns.map(
    (pattern, index) => `    ${names[index]?.padEnd(width)} = ${quoted(pattern)}`,
  );
  return `module ${quoted(`shirase_${aliasOf(region)}`)} {
  source    = "./terraform/spoke"
  providers = { aws = aws.${aliasOf(region)} }

  customer_id       = ${quoted(customer.id)}
  hub_bus_arn       = ${quoted(hubBusArn(config, customer))}
  accounts          = [${sendingAccounts(customer).map(quoted).join(", ")}]
  regions           = [${quoted(region)}]
  heartbeat_minutes = ${customer.heartbeatMinutes}
  rules = {
${rules.join("\n")}
  }
}
`;
}

function aliasOf(region: string): string {
  return region.replaceAll("-", "_");
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$$${").replaceAll("%{", "%%{");
}
