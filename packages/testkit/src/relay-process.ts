/**
 * `shirase relay`, or another command that runs until it is stopped, as a process of its own, watched by its log: for
 * tests that kill it, stop it, or fill its disk.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";
import { OWN_ENV } from "./own-env.ts";

/** What it is started with. Of this process's environment it gets OWN_ENV (own-env.ts) and no more. */
export type RelayCommand = {
  /** The command line's entry, `bin.ts`. */
  readonly bin: string;
  /** Default: `relay`. */
  readonly command?: string;
  /** After the command. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** No file that it writes may become larger, until {@link RelayProcess.makeRoom}; Linux only. */
  readonly largestFileKiB?: number;
};

/** A line of its log. */
export type LogLine = { readonly msg?: string; readonly url?: string; readonly [key: string]: unknown };

/** A relay that runs, or ran. */
export type RelayProcess = {
  readonly child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /**
   * The first line of the log, from its beginning, that is so. @throws when the process ends before, or after 20 s.
   */
  readonly logged: (isIt: (line: LogLine) => boolean) => Promise<LogLine>;
  readonly log: readonly LogLine[];
  /** Its files may grow again. */
  readonly makeRoom: () => Promise<void>;
  /** Sends a signal and waits for the end. */
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
};

const LOGGED_WITHIN_MS = 20_000;

/** Spawns it; it is not listening yet. */
export function spawnRelay({ bin, command = "relay", args, env, largestFileKiB }: RelayCommand): RelayProcess {
  const line = [process.execPath, "--conditions=@shirase/source", bin, command, ...args];
  const [file = "", ...rest] = largestFileKiB === undefined ? line : withinLimit(largestFileKiB, line);
  const child = spawn(file, rest, { env: { ...OWN_ENV, ...env }, stdio: "pipe" });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const log: LogLine[] = [];
  const changes = new EventEmitter();
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.push(readLine(line));
    changes.emit("change");
  });
  void ended.then(() => changes.emit("change"));
  return {
    child,
    ended,
    log,
    logged: async (isIt) => {
      const signal = AbortSignal.timeout(LOGGED_WITHIN_MS);
      for (;;) {
        const found = log.find(isIt);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`it ended with ${child.exitCode ?? child.signalCode}: ${JSON.stringify(log.at(-1))}`);
        }
        await once(changes, "change", { signal });
      }
    },
    makeRoom: async () => {
      const lifting = spawn("prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]);
      const [code] = (await once(lifting, "exit")) as [number | null];
      if (code !== 0) throw new Error(`prlimit ended with ${code}`);
    },
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** The soft limit alone is set, so that it can be lifted; a write beyond it fails instead of ending the process. */
function withinLimit(kib: number, command: readonly string[]): readonly string[] {
  return ["bash", "-c", `trap '' XFSZ; ulimit -S -f ${kib}; exec "$@"`, "bash", ...command];
}

function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line }; // Not of the log: a crash, or a sentence for people.
  }
}
