/**
 * `npm run bench:delivery [-- PART …]`: what the relay does to Slack's channels and to the machine, part by part, each
 * against the fake Slack with its limits on, beside what the issue asks for. Nothing here is asserted: read it.
 */
import { cpus, totalmem } from "node:os";
import { ingest, killing, size } from "./machine-parts.ts";
import { peers } from "./peer-parts.ts";
import { burst, idle, outages, reimport } from "./slack-parts.ts";

/** A line of the table. */
export type Figure = { readonly what: string; readonly target: string; readonly got: string };

const PARTS: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  reimport,
  burst,
  idle,
  outages,
  ingest,
  kill: killing,
  size,
  peers,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  process.stderr.write(`no part ${unknown.join(", ")}. Parts: ${Object.keys(PARTS).join(", ")}\n`);
  process.exit(2);
}
process.stdout.write(
  `${cpus().length} x ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}\n\n`,
);
process.stdout.write("| what | target | measured |\n|---|---|---|\n");
for (const [name, part] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const { what, target, got } of await part()) process.stdout.write(`| ${what} | ${target} | ${got} |\n`);
}
process.exit(0);
