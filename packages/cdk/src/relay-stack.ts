/**
 * The relay as a stack of its own: what `shirase synth` writes and `shirase deploy` deploys with `hub.relay: aws`.
 *
 * Its code lies in the bucket that `cdk bootstrap` makes, under a name that says what is in it.
 */
import type { Config } from "@shirase/core/config";
import { RELAY_STACK_NAME } from "@shirase/core/relay-queue";
import { App, BootstraplessSynthesizer, type IStackSynthesizer, Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { FindingsRelay } from "./findings-relay.ts";

/** Where in S3 the functions' code is. */
export type CodePlace = { readonly bucketName: string; readonly objectKey: string };

/** Where the code of this digest goes: the bucket of `cdk bootstrap`, in the hub's account and region. */
export function codePlace({ hub }: Pick<Config, "hub">, digest: string): CodePlace {
  const bucketName = `cdk-hnb659fds-assets-${hub.account}-${hub.region}`;
  return { bucketName, objectKey: `shirase-relay-${digest}.zip` };
}

/** An app with the relay's stack and nothing else. @throws Error as {@link FindingsRelay} does. */
export function relayApp(
  config: Config,
  { bucketName, objectKey }: CodePlace,
  keepsData = true,
): { readonly app: App; readonly stack: Stack } {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, RELAY_STACK_NAME, {
    env: { account: config.hub.account, region: config.hub.region },
    description: "shirase: the relay on Lambda and DynamoDB, beside the hub. Made by `shirase synth`.",
    // The cast is about a property that CDK declares optional here and present there.
    synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
    tags: { "shirase:hub": config.hub.account },
  });
  const code = Code.fromBucket(Bucket.fromBucketName(stack, "Code", bucketName), objectKey);
  new FindingsRelay(stack, "Relay", { config, code, keepsData });
  return { app, stack };
}

/**
 * The relay's CloudFormation template, as plain values.
 *
 * @param keepsData - false: the table and its key go with the stack. @throws Error as {@link FindingsRelay} does.
 */
export function relayTemplate(config: Config, place: CodePlace, keepsData = true): object {
  const { app, stack } = relayApp(config, place, keepsData);
  return app.synth().getStackByName(stack.stackName).template;
}
