/**
 * AWS emulators for tests: installed once into the checkout's cache folder, started on a free port, stopped by pid.
 *
 * The one place where their versions are pinned. A machine that cannot have one gets a reason to skip with, never a
 * silent pass. What each emulator can prove and cannot: docs/testing.md.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

const execute = promisify(execFile);
const CACHE = join(import.meta.dirname, "..", "..", "..", ".cache");
const READY_WITHIN_MS = 30_000;

/** Python packages and the oldest Python each runs on (measured, not what they declare). */
const PINNED = {
  ministack: { version: "1.5.33", oldestPython: [3, 10] },
  // Declares 3.10, installs there, starts, and then fails every call: its syntax is of 3.13.
  localemu: { version: "1.3.2", oldestPython: [3, 13] },
  // Not an emulator, but what AWS itself publishes of CloudFormation's rules; it runs nothing and needs no network.
  "cfn-lint": { version: "1.58.0", oldestPython: [3, 10] },
} as const satisfies Record<string, { version: string; oldestPython: readonly [number, number] }>;

/**
 * The AWS CDK's command line, for trying what people do with it. Not in package.json: nobody else needs its 29 MB. The
 * version reads what the pinned aws-cdk-lib writes; `latest` (3.0.0) refuses it.
 */
export const CDK_CLI_VERSION = "2.1148.1";

/** A running emulator; every account is reached with its id as the access key and any secret. */
export type Emulator = {
  readonly endpoint: string;
  /** What an AWS SDK client needs to talk to it as `accountId`. */
  readonly clientFor: (accountId: string, region: string) => EmulatorClient;
  readonly stop: () => Promise<void>;
};
export type EmulatorClient = {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: 1;
};

/**
 * Starts ministack (one account's EventBridge, SNS, SQS, Lambda, DynamoDB) on 127.0.0.1.
 *
 * @returns the emulator, or why this machine cannot run it.
 */
export async function startMinistack(): Promise<Emulator | { readonly skip: string }> {
  const installed = await install("ministack");
  if ("skip" in installed) return installed;
  const port = await freePort();
  return run("ministack", installed, {
    port,
    args: [],
    // It listens on every address unless told otherwise.
    env: { GATEWAY_PORT: String(port), BIND_HOST: "127.0.0.1", MINISTACK_HOST: "127.0.0.1" },
    healthPath: "/_ministack/health",
  });
}

/**
 * Starts localemu (EventBridge from account to account, with the CloudFormation to deploy it) on 127.0.0.1. Events
 * cross as on AWS; who may send is not checked, and only patterns of plain strings match as on AWS.
 *
 * @returns the emulator, or why this machine cannot run it.
 */
export async function startLocalemu(): Promise<Emulator | { readonly skip: string }> {
  const installed = await install("localemu");
  if ("skip" in installed) return installed;
  const port = await freePort();
  return run("localemu", installed, {
    port,
    args: ["start", "--host", "127.0.0.1", "--port", String(port)],
    // No name server, no certificate from elsewhere, nobody told that it runs.
    env: { DISABLE_EVENTS: "1", SKIP_SSL_CERT_DOWNLOAD: "1", DNS_ADDRESS: "0", AWS_EC2_METADATA_DISABLED: "true" },
    healthPath: "/_localemu/health",
  });
}

/**
 * Runs cfn-lint over CloudFormation templates.
 *
 * @param files - paths of templates in JSON or YAML.
 * @returns what it found, a line each and none when all is well; or why this machine cannot run it.
 */
export async function cfnLint(
  files: readonly string[],
): Promise<{ readonly found: readonly string[] } | { readonly skip: string }> {
  const installed = await install("cfn-lint");
  if ("skip" in installed) return installed;
  try {
    await execute(join(installed.bin, "cfn-lint"), ["--format", "parseable", "--", ...files]);
    return { found: [] };
  } catch (error) {
    // Exit code 2, 4, 6 …: it ran and found something. Anything else did not run.
    const { code, stdout } = error as { readonly code?: unknown; readonly stdout?: string };
    if (typeof code !== "number" || !stdout) throw error;
    return { found: stdout.trim().split("\n") };
  }
}

type Installed = { readonly bin: string; readonly folder: string };
type Start = {
  readonly port: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly healthPath: string;
};

async function run(
  name: keyof typeof PINNED,
  { bin, folder }: Installed,
  { port, args, env, healthPath }: Start,
): Promise<Emulator | { readonly skip: string }> {
  // Functions are run by the `node` that an emulator finds on its path, whatever their Runtime says: by this one.
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const own = { ...process.env, PATH: path, ...env };
  const child = spawn(join(bin, name), args, { env: own, stdio: "ignore", cwd: folder });
  endWithUs(child);
  const endpoint = `http://127.0.0.1:${port}`;
  const problem = await untilHealthy(`${endpoint}${healthPath}`, child);
  if (problem) {
    await stop(child);
    return { skip: `${name} did not start: ${problem}` };
  }
  return { ...emulatorAt(endpoint), stop: () => stop(child) };
}

/** An emulator that somebody else started and will stop. */
export function emulatorAt(endpoint: string): Emulator {
  const clientFor = (accountId: string, region: string): EmulatorClient => ({
    endpoint,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "any" },
    maxAttempts: 1,
  });
  return { endpoint, clientFor, stop: () => Promise.resolve() };
}

/**
 * Installs the AWS CDK's command line into the cache folder, once.
 *
 * @returns the script to run with Node, or why this machine cannot have it.
 */
export async function installCdkCli(): Promise<{ readonly script: string } | { readonly skip: string }> {
  const folder = join(CACHE, `aws-cdk-${CDK_CLI_VERSION}`);
  const script = join(folder, "node_modules", "aws-cdk", "bin", "cdk");
  if (existsSync(script)) return { script };
  mkdirSync(folder, { recursive: true });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const quietly = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    await execute(npm, ["install", "--prefix", folder, ...quietly, `aws-cdk@${CDK_CLI_VERSION}`], { cwd: folder });
    return { script };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { skip: `aws-cdk ${CDK_CLI_VERSION} could not be installed: ${firstLine(error)}` };
  }
}

/** A virtual environment with the pinned version in the cache folder, made once. */
async function install(name: keyof typeof PINNED): Promise<Installed | { readonly skip: string }> {
  const { version, oldestPython } = PINNED[name];
  const folder = join(CACHE, `${name}-${version}`);
  const bin = join(folder, "bin");
  if (existsSync(join(bin, name))) return { bin, folder };
  const python = await findPython(oldestPython);
  if (python === undefined) return { skip: `${name} needs Python ${oldestPython.join(".")} or newer; none was found` };
  mkdirSync(CACHE, { recursive: true });
  try {
    await execute(python, ["-m", "venv", folder]);
    await execute(join(bin, "pip"), ["install", "--quiet", "--disable-pip-version-check", `${name}==${version}`]);
    return { bin, folder };
  } catch (error) {
    // Half an environment would look installed next time.
    rmSync(folder, { recursive: true, force: true });
    return { skip: `${name} ${version} could not be installed: ${firstLine(error)}` };
  }
}

const PYTHONS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];

/** pyenv keeps versions that are not on PATH; newest names first. */
function pyenvPythons(): readonly string[] {
  const versions = join(process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv"), "versions");
  if (!existsSync(versions)) return [];
  const names = readdirSync(versions).sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return names.map((name) => join(versions, name, "bin", "python"));
}

async function findPython(oldest: readonly [number, number]): Promise<string | undefined> {
  const asks = "import sys, venv, ensurepip; print(sys.version_info[0] * 1000 + sys.version_info[1])";
  for (const name of [...PYTHONS, ...pyenvPythons()]) {
    try {
      const { stdout } = await execute(name, ["-c", asks]);
      if (Number(stdout) >= oldest[0] * 1000 + oldest[1]) return name;
    } catch {
      // Not on this machine, or without venv: the next name may be better.
    }
  }
  return undefined;
}

async function untilHealthy(url: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) return `it ended with exit code ${child.exitCode}`;
    try {
      if ((await fetch(url, { signal: AbortSignal.timeout(1000) })).ok) return undefined;
    } catch {
      // Not listening yet. A foreign process tells us nothing when it is ready, so it has to be asked.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return `not healthy after ${READY_WITHIN_MS} ms`;
}

/** A process of ours that dies in the middle of something leaves no other behind. */
export function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const forced = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(forced);
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").slice(0, 3).join(" / ");
}
