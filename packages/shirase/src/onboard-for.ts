/** What a customer is sent, for the relay's console: made when somebody looks. */
import type { Config } from "@shirase/core/config";
import type { Onboard } from "@shirase/relay/console/sent";

/** @param templateBase - where the templates lie in S3; without it there are no links. */
export function onboardFor(config: Config, templateBase: string | undefined): Onboard {
  return async (customer) => {
    const { onboarding } = await import("@shirase/infra/onboarding");
    return onboarding(config, customer, { templateBase });
  };
}
