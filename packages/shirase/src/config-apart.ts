/**
 * Reads the config in a process that ends with it. The parser and the schema take some 20 MB, which a relay would hold
 * as long as it runs, and they load while the relay's own parts do.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Config } from "@shirase/core/config";
import { UserError } from "./user-error.ts";

/** What the process says. */
export type ReadApart = { readonly config: Config } | { readonly problem: string };

/** As {@link loadConfig} does. @throws UserError as that does. */
export async function loadConfigApart(file: string): Promise<Config> {
  const built = import.meta.url.endsWith(".ts") ? "./config-process.ts" : "./config-process.js";
  const child = fork(fileURLToPath(new URL(built, import.meta.url)), [file], { serialization: "advanced" });
  const read = await new Promise<ReadApart>((resolve, reject) => {
    child.once("message", (said) => resolve(said as ReadApart));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the process that reads ${file} ended with code ${code}`)));
  });
  if ("problem" in read) throw new UserError(read.problem);
  return read.config;
}
