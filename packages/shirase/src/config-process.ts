/** The process that reads a config for one that stays; started by config-apart.ts. */
import type { ReadApart } from "./config-apart.ts";
import { loadConfig } from "./load-config.ts";
import { UserError } from "./user-error.ts";

process.send?.(await read(String(process.argv[2])));
process.disconnect();

async function read(file: string): Promise<ReadApart> {
  try {
    return { config: await loadConfig(file) };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}
