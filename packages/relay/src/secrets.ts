/**
 * Fetches a secret from where the config says it lives: environment, file, SSM or Secrets Manager.
 *
 * What goes wrong here goes wrong at three in the morning on a new machine, so every failure says which reference was
 * followed and what to do. A secret's value is in no message and in no log; the two AWS clients are loaded only when a
 * reference needs one.
 *
 * Not here: what a reference may look like (core's config), what the secret is for.
 */
import { readFile, stat } from "node:fs/promises";
import type { SecretRef } from "@shirase/core/config";
import { credentialTrouble } from "./aws-credentials.ts";

/** A secret, with a warning about how it is kept where there is one; or why there is none and what to do. */
export type SecretReading =
  | { readonly secret: string; readonly warning?: string }
  | { readonly problem: string; readonly remedy: string };

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

const ANSWER_WITHIN_MS = 5000;

/**
 * Follows a reference to a secret.
 *
 * @param env - also gives the AWS clients their region and `AWS_ENDPOINT_URL`. Credentials come from the SDK's own
 *   chain: environment, profile, container, instance.
 * @returns the secret without line ends around it; never an empty one.
 */
export async function resolveSecret(ref: SecretRef, env: Env): Promise<SecretReading> {
  if ("env" in ref) return fromEnv(ref.env, env);
  if ("file" in ref) return await fromFile(ref.file);
  if ("ssm" in ref) return await fromParameterStore(ref.ssm, env);
  return await fromSecretsManager(ref.secretsmanager, env);
}

/** The reference in words, for messages: `environment variable SLACK_BOT_TOKEN`. Never the secret. */
export function describeSecretRef(ref: SecretRef): string {
  if ("env" in ref) return `environment variable ${ref.env}`;
  if ("file" in ref) return `file ${ref.file}`;
  if ("ssm" in ref) return `SSM parameter ${ref.ssm}`;
  return `Secrets Manager secret ${ref.secretsmanager}`;
}

function fromEnv(name: string, env: Env): SecretReading {
  const what = describeSecretRef({ env: name });
  if (env[name] === undefined) {
    return { problem: `${what} is not set`, remedy: `Set it where shirase starts, as in: export ${name}=…` };
  }
  return notEmpty(env[name], what);
}

async function fromFile(file: string): Promise<SecretReading> {
  const what = describeSecretRef({ file });
  try {
    const [text, { mode }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    const reading = notEmpty(text, what);
    const isOpen = process.platform !== "win32" && (mode & 0o007) !== 0;
    if ("problem" in reading || !isOpen) return reading;
    return { ...reading, warning: `${what} can be read by every user of this machine. Run: chmod 600 ${file}` };
  } catch (error) {
    return explainFile(what, codeOf(error));
  }
}

function explainFile(what: string, code: string): SecretReading {
  switch (code) {
    case "ENOENT":
      return { problem: `${what} does not exist`, remedy: `Relative paths begin at ${process.cwd()}.` };
    case "EACCES":
      return { problem: `${what} may not be read by this user`, remedy: "Give the user that runs shirase the right." };
    case "EISDIR":
      return { problem: `${what} is a folder`, remedy: "Name the file in it that holds the secret and nothing else." };
    default:
      return { problem: `${what} could not be read (${code})`, remedy: "" };
  }
}

async function fromParameterStore(name: string, env: Env): Promise<SecretReading> {
  const what = describeSecretRef({ ssm: name });
  const aws = clientOptions(name, env, "AWS_ENDPOINT_URL_SSM");
  if ("problem" in aws) return { ...aws, problem: `${what}: ${aws.problem}` };
  const { readParameter } = await import("./secret-parameter.ts");
  try {
    return notEmpty(await readParameter(aws, name), what);
  } catch (error) {
    return explainAws(what, error, { right: "ssm:GetParameter (and kms:Decrypt on its key)", region: aws.region });
  }
}

/** `NAME#key` takes one key of a secret that is JSON; the console makes such secrets unless told otherwise. */
async function fromSecretsManager(nameAndKey: string, env: Env): Promise<SecretReading> {
  const what = describeSecretRef({ secretsmanager: nameAndKey });
  const [name = "", key] = nameAndKey.split("#");
  const aws = clientOptions(name, env, "AWS_ENDPOINT_URL_SECRETS_MANAGER");
  if ("problem" in aws) return { ...aws, problem: `${what}: ${aws.problem}` };
  const { readSecretValue } = await import("./secret-value.ts");
  try {
    const text = await readSecretValue(aws, name);
    return key === undefined ? notJson(text, what) : oneKey(text, key, what);
  } catch (error) {
    const right = "secretsmanager:GetSecretValue (and kms:Decrypt on its key)";
    return explainAws(what, error, { right, region: aws.region });
  }
}

type ClientOptions = {
  readonly region: string;
  readonly endpoint?: string;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
};

function clientOptions(
  name: string,
  env: Env,
  endpointVariable: string,
): ClientOptions | { readonly problem: string; readonly remedy: string } {
  const fromArn = /^arn:[^:]+:[^:]+:([^:]+):/.exec(name)?.[1];
  const region = fromArn ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"];
  if (!region) return { problem: "no AWS region is known", remedy: "Set AWS_REGION, or write the ARN." };
  const endpoint = env[endpointVariable] ?? env["AWS_ENDPOINT_URL"];
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: ANSWER_WITHIN_MS, requestTimeout: ANSWER_WITHIN_MS },
  };
}

type AwsPlace = { readonly right: string; readonly region: string };

/** The SDK's messages may quote what was sent, so only the error's name is passed on. */
function explainAws(what: string, error: unknown, { right, region }: AwsPlace): SecretReading {
  const name = error instanceof Error ? error.name : String(error);
  const where = `${what} in ${region}`;
  const trouble = credentialTrouble(name);
  if (trouble) return { problem: `${where}: ${trouble.problem}`, remedy: trouble.remedy };
  switch (name) {
    case "ParameterNotFound":
    case "ResourceNotFoundException":
      return { problem: `${where} does not exist`, remedy: "Compare the name (case counts), the region, the account." };
    case "AccessDeniedException":
    case "AccessDenied":
      return { problem: `${where} may not be read with these credentials`, remedy: `Allow them ${right}.` };
    case "InvalidKeyId":
    case "DecryptionFailure":
      return { problem: `${where} could not be decrypted (${name})`, remedy: "Allow kms:Decrypt on its key." };
    default:
      return {
        problem: `${where} could not be fetched (${codeOf(error) || name})`,
        remedy: "Is AWS reachable from here? AWS_ENDPOINT_URL, proxies and VPC endpoints change the way.",
      };
  }
}

function notJson(text: string | undefined, what: string): SecretReading {
  if (!/^\s*\{/.test(text ?? "")) return notEmpty(text, what);
  return { problem: `${what} holds JSON`, remedy: `Name the key that holds the secret, as in ${"NAME#token"}.` };
}

function oneKey(text: string | undefined, key: string, what: string): SecretReading {
  const value = jsonKey(text ?? "", key);
  if (typeof value === "string") return notEmpty(value, what);
  return { problem: `${what}: the secret has no text under "${key}"`, remedy: "Compare the keys in the AWS console." };
}

function jsonKey(text: string, key: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    const isMapping = typeof parsed === "object" && parsed !== null && Object.hasOwn(parsed, key);
    return isMapping ? (parsed as Readonly<Record<string, unknown>>)[key] : undefined;
  } catch {
    return undefined; // Not JSON: the caller says what it looked for. The parser's message would quote the secret.
  }
}

function notEmpty(text: string | undefined, what: string): SecretReading {
  const secret = (text ?? "").trim();
  return secret === "" ? { problem: `${what} is empty`, remedy: "Put the secret there." } : { secret };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
