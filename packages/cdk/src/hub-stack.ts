/**
 * The hub as a stack of its own: what `shirase synth` writes and `shirase deploy` deploys.
 *
 * It has no assets, so it needs no bootstrap and deploys with CloudFormation alone, by whoever may.
 */
import type { Config } from "@shirase/core/config";
import { App, BootstraplessSynthesizer, CfnResource, type IStackSynthesizer, Stack } from "aws-cdk-lib";
import { FindingsHub } from "./findings-hub.ts";

/** The stack's name, and its template's without the ending. */
export const HUB_STACK_NAME = "shirase-hub";

/** An app with the hub's stack and nothing else. @throws Error as {@link FindingsHub} does. */
export function hubApp(config: Config, outdir?: string): { readonly app: App; readonly stack: Stack } {
  const app = new App({ analyticsReporting: false, ...(outdir === undefined ? {} : { outdir }) });
  const stack = new Stack(app, HUB_STACK_NAME, {
    env: { account: config.hub.account, region: config.hub.region },
    description: "shirase: takes security findings of customers' accounts and hands them on. Made by `shirase synth`.",
    // The cast is about a property that CDK declares optional here and present there.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    tags: { "shirase:hub": config.hub.account },
  });
  new FindingsHub(stack, "Hub", { config });
  return { app, stack };
}

/** CloudFormation's own limit; nobody raises it. */
const MOST_RESOURCES = 500;

/** The hub's CloudFormation template, as plain values. @throws Error as {@link FindingsHub} does, and when it is too large. */
export function hubTemplate(config: Config): object {
  const { app, stack } = hubApp(config);
  const count = stack.node.findAll().filter((one) => CfnResource.isCfnResource(one)).length;
  if (count > MOST_RESOURCES) {
    throw new Error(
      `The hub would have ${count} resources; CloudFormation allows ${MOST_RESOURCES} in a stack (about 4 for each customer of ` +
        "the relay, 8 for each of Amazon Q's; `hub.buses: shared` saves one). Divide the customers between two files, " +
        "each with a hub in an account or region of its own.",
    );
  }
  return app.synth().getStackByName(stack.stackName).template;
}
