/**
 * The AWS CDK's own command line against an emulator, as somebody has it who runs `cdk deploy`: the same program, the
 * same credentials from the environment, no files of the person whose machine it is.
 */
import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { promisify } from "node:util";
import { type Emulator, endWithUs, installCdkCli } from "./emulators.ts";

const execute = promisify(execFile);
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/** For whom and where it runs. */
export type CdkPlace = {
  readonly emulator: Emulator;
  readonly account: string;
  readonly region: string;
  /** Takes the place of the home folder: no profile is read, no cache written elsewhere. */
  readonly home: string;
};

/** `cdk` as that account. */
export type CdkCli = {
  /**
   * Runs it in a folder, where it finds `cdk.json`.
   *
   * @returns what it said.
   * @throws Error with all it said when it does not end well.
   */
  readonly run: (args: readonly string[], cwd: string) => Promise<string>;
};

/** Installs it where it is missing. @returns it, or why this machine cannot have it. */
export async function cdkCli(place: CdkPlace): Promise<CdkCli | { readonly skip: string }> {
  const installed = await installCdkCli();
  if ("skip" in installed) return installed;
  const env = environmentOf(place);
  return {
    run: async (args, cwd) => {
      const options = { cwd, env, maxBuffer: MOST_OUTPUT_BYTES };
      // `--ci`: progress is no error, and goes to standard output.
      const all = [installed.script, ...args, "--ci", "--no-notices"];
      try {
        const running = execute(process.execPath, all, options);
        endWithUs(running.child);
        const { stdout, stderr } = await running;
        return stdout + stderr;
      } catch (error) {
        const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
        throw new Error(`cdk ${args.join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
      }
    },
  };
}

function environmentOf({ emulator, account, region, home }: CdkPlace): Readonly<Record<string, string>> {
  return {
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    HOME: home,
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    CDK_DISABLE_CLI_TELEMETRY: "true",
    // The app that it runs reads packages of this checkout from their sources.
    NODE_OPTIONS: "--conditions=@shirase/source",
  };
}
