/** The `shirase` process: runs what was typed (run.ts) and ends with its exit code. */
import { run } from "./run.ts";

// `shirase customers | head -1` closes the pipe early: that is no failure and nothing to say.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const exitCode = await run(process.argv.slice(2), {
  env: process.env,
  complain: (text) => process.stderr.write(text),
});
if (exitCode !== 0) process.exitCode = exitCode;
