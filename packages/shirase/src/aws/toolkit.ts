/**
 * One stack at a time through the CDK's toolkit library: compared, deployed, deleted. Says on the way what it does in
 * our words; throws UserError with what AWS refused, explained.
 *
 * A stack's template may come from anywhere: it is put into a cloud assembly of its own, with no assets and no roles to
 * take on, so whoever has credentials may deploy it and only a template of more than 50 KB needs a bootstrap.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackActivity, StackDiff, SuccessfulDeployStackResult, Toolkit } from "@aws-cdk/toolkit-lib";
import { UserError } from "../user-error.ts";
import { explainAwsError, type ResourceFailure } from "./explain-error.ts";
import type { Identity } from "./identity.ts";
import { asNotInstalled } from "./not-installed.ts";
import type { StackToDeploy } from "./stacks.ts";

/** How a command talks to the person while AWS works. */
export type Teller = {
  readonly progress: (line: string) => void;
  /** Asked before permissions widen. */
  readonly confirm: (question: string) => Promise<boolean>;
};

/** Everything a stack needs beside itself. */
export type ToolkitContext = {
  readonly identity: Identity;
  readonly teller: Teller;
  readonly slackWorkspaceId: string;
};

/** What deploying came to. */
export type Deployed = { readonly isChanged: boolean; readonly outputs: Readonly<Record<string, string>> };

/** Deploys what has changed. @throws UserError when AWS refuses. */
export function deployStack(stack: StackToDeploy, context: ToolkitContext): Promise<Deployed> {
  return withToolkit(stack, context, async (session) => {
    const { toolkit, source, seen } = session;
    await toolkit.deploy(await source(), {
      deploymentMethod: { method: "change-set" },
      stackEventPollingInterval: POLL_MS,
    });
    const result = seen.deployed;
    return { isChanged: result?.noOp === false, outputs: result?.outputs ?? {} };
  });
}

/** What deploying would change, as text; undefined when nothing would. @throws UserError when AWS refuses. */
export function diffStack(stack: StackToDeploy, context: ToolkitContext): Promise<string | undefined> {
  return withToolkit(stack, context, async ({ toolkit, source, seen, DiffMethod }) => {
    await toolkit.diff(await source(), { method: DiffMethod.TemplateOnly() });
    const { diff } = seen;
    if (diff === undefined || diff.numStacksWithChanges === 0) return undefined;
    return diff.formattedDiff.diff
      .replace(/^.*Stack .*\n/, "")
      .replace(/^.*\(NOTE: .*\n/m, "")
      .trim();
  });
}

/** Deletes a stack. @returns whether there was one. @throws UserError when AWS refuses. */
export function destroyStack(stack: StackToDeploy, context: ToolkitContext): Promise<boolean> {
  return withToolkit(stack, context, async ({ toolkit, source }) => {
    const { stacks } = await toolkit.destroy(await source(), { stackEventPollingInterval: POLL_MS });
    return stacks.some(({ stackExisted }) => stackExisted);
  });
}

/** CloudFormation's own pace is seconds for each resource. */
const POLL_MS = 1000;

type Seen = { deployed?: SuccessfulDeployStackResult; diff?: StackDiff; failures: ResourceFailure[] };
type Session = {
  readonly toolkit: Toolkit;
  readonly source: () => ReturnType<Toolkit["fromAssemblyDirectory"]>;
  readonly seen: Seen;
  readonly DiffMethod: typeof import("@aws-cdk/toolkit-lib").DiffMethod;
};

async function withToolkit<T>(
  stack: StackToDeploy,
  { identity, teller, slackWorkspaceId }: ToolkitContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { BaseCredentials, DiffMethod, Toolkit } = await import("@aws-cdk/toolkit-lib").catch(asNotInstalled);
  const folder = mkdtempSync(join(tmpdir(), "shirase-assembly-"));
  const seen: Seen = { failures: [] };
  const toolkit = new Toolkit({
    emojis: false,
    ioHost: host(stack, teller, seen),
    sdkConfig: { baseCredentials: BaseCredentials.custom({ provider: identity.credentials, region: stack.region }) },
  });
  try {
    await writeAssembly(folder, stack);
    return await work({ toolkit, seen, DiffMethod, source: () => toolkit.fromAssemblyDirectory(folder) });
  } catch (error) {
    const { accountId, region } = stack;
    const attempt = { accountId, region, profile: identity.profile, slackWorkspaceId };
    const where = `${stack.part}: stack ${stack.stackName} in ${accountId}, ${region}`;
    throw new UserError(`${where}\n${explainAwsError(error, seen.failures, attempt)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cloud assembly with one stack, as the CDK writes them. */
async function writeAssembly(folder: string, stack: StackToDeploy): Promise<void> {
  const { Manifest } = await import("aws-cdk-lib/cloud-assembly-schema").catch(asNotInstalled);
  const templateFile = "template.json";
  const assets = await writeAssets(folder, stack);
  const manifest = {
    version: Manifest.version(),
    artifacts: {
      ...assets,
      [stack.stackName]: {
        type: "aws:cloudformation:stack",
        environment: `aws://${stack.accountId}/${stack.region}`,
        properties: { templateFile, stackName: stack.stackName, tags: { "shirase:part": stack.part } },
        dependencies: Object.keys(assets),
      },
    },
  };
  writeFileSync(join(folder, templateFile), JSON.stringify(stack.template));
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}

/** The functions' code, for the toolkit to put into S3 unless it is there. */
async function writeAssets(folder: string, { code, region }: StackToDeploy): Promise<object> {
  if (!code) return {};
  const file = "code.assets.json";
  await code.writeTo(join(folder, "code"));
  const { Manifest } = await import("aws-cdk-lib/cloud-assembly-schema").catch(asNotInstalled);
  const { bucketName, objectKey } = code;
  const files = {
    code: {
      source: { path: "code", packaging: "zip" },
      destinations: { hub: { bucketName, objectKey, region } },
    },
  };
  writeFileSync(join(folder, file), JSON.stringify({ version: Manifest.version(), files }));
  return { code: { type: "cdk:asset-manifest", properties: { file } } };
}

type IoHost = NonNullable<NonNullable<ConstructorParameters<typeof Toolkit>[0]>["ioHost"]>;

/** Turns the toolkit's messages into lines, and remembers what came of it. */
function host({ part }: StackToDeploy, teller: Teller, seen: Seen): IoHost {
  return {
    notify: async ({ code, data, message }) => {
      // Said for debugging only, yet a stack that is deleted is news.
      if (/previously failed creation\. Deleting it/.test(message)) {
        teller.progress(
          `  ${part}  an earlier deployment failed and left a stack with nothing in it: deleting that first`,
        );
      }
      if (code === "CDK_TOOLKIT_I5900") seen.deployed = data as SuccessfulDeployStackResult;
      if (code === "CDK_TOOLKIT_I4002") seen.diff = data as StackDiff;
      if (code === "CDK_TOOLKIT_I5502") tellActivity(part, data as StackActivity, teller, seen);
    },
    requestResponse: async ({ code, message, defaultResponse }) => {
      if (code !== "CDK_TOOLKIT_I5060") return defaultResponse;
      return (await teller.confirm(`${part}: ${message}`)) as typeof defaultResponse;
    },
  };
}

function tellActivity(part: string, { event, progress }: StackActivity, teller: Teller, seen: Seen): void {
  const { ResourceStatus: status = "", ResourceType: type = "", LogicalResourceId: logicalId = "" } = event;
  const reason = event.ResourceStatusReason ?? "";
  const isStack = type === "AWS::CloudFormation::Stack";
  // What CloudFormation stopped because something else had failed explains nothing.
  if (status.endsWith("_FAILED") && !isStack && !/cancelled/i.test(reason))
    seen.failures.push({ logicalId, type, reason });
  if (isStack || status.endsWith("_IN_PROGRESS")) return;
  const name = event.PhysicalResourceId?.split(/[:/]/).at(-1) ?? logicalId;
  teller.progress(`  ${part}  ${progress.formatted}  ${status}  ${type}  ${name}`);
}
