/** A relay on an emulator's AWS, by `shirase deploy`: what `cdk bootstrap` and the hub would have made is made first. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "./emulators.ts";
import { OWN_ENV } from "./own-env.ts";
import { createQueue, type TestQueue } from "./queues.ts";
import { rawCall } from "./raw-call.ts";

/** Where the hub is. */
export const HUB = { account: "111111111111", region: "ap-northeast-1" } as const;
/** The bucket of `cdk bootstrap`. */
export const CODE_BUCKET = `cdk-hnb659fds-assets-${HUB.account}-${HUB.region}`;
const TOKEN = "/shirase/slack-token";

/** What a command said. */
export type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The hub's account, ready for the relay's stack. */
export type RelayHome = {
  /** The hub's queue. */
  readonly queue: TestQueue;
  /** Runs the command line there. */
  readonly shirase: (...args: readonly string[]) => Promise<Ended>;
  /** What a command needs of the environment to find all this. */
  readonly env: Readonly<Record<string, string>>;
};

/** What it is made of. */
export type RelayHomeOptions = {
  readonly emulator: Emulator;
  /** The command's file, and a folder for the config. */
  readonly bin: string;
  readonly folder: string;
  /** Less the hub and the Slack token. */
  readonly configWith: (slack: object) => object;
  readonly slack: { readonly apiUrl: string; readonly token: string };
};

/** Makes it. */
export async function relayHome({ emulator, bin, folder, configWith, slack }: RelayHomeOptions): Promise<RelayHome> {
  const config = { ...configWith({ apiUrl: slack.apiUrl, token: { ssm: TOKEN } }), hub: { ...HUB, relay: "aws" } };
  const file = join(folder, "shirase.yaml");
  writeFileSync(file, JSON.stringify(config));
  await rawCall(emulator, HUB, {
    service: "s3",
    method: "PUT",
    path: `/${CODE_BUCKET}`,
    body: `<CreateBucketConfiguration><LocationConstraint>${HUB.region}</LocationConstraint></CreateBucketConfiguration>`,
  });
  await rawCall(emulator, HUB, {
    service: "ssm",
    target: "AmazonSSM.PutParameter",
    body: JSON.stringify({ Name: TOKEN, Value: slack.token, Type: "SecureString" }),
  });
  // What a killed function had in hand comes again soon; on AWS after three minutes.
  const queue = await createQueue(emulator, HUB, "shirase-relay", { VisibilityTimeout: "2" });
  const env = {
    HOME: folder,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_S3: emulator.endpoint,
    AWS_ACCESS_KEY_ID: HUB.account,
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_EC2_METADATA_DISABLED: "true",
    SHIRASE_CONFIG: file,
  };
  const shirase: RelayHome["shirase"] = (...args) =>
    new Promise((resolve) => {
      const node = ["--conditions=@shirase/source", bin, ...args];
      const child = execFile(process.execPath, node, { cwd: folder, env: { ...OWN_ENV, ...env } }, (error, out, err) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
      child.stdin?.end();
    });
  return { queue, shirase, env };
}
