/** What the package adds to a page: bundled, minified and compressed, by what is imported. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const PACKAGE = fileURLToPath(new URL("../../packages/event-pattern/src/index.ts", import.meta.url));
/** Fetched when it is asked for; nothing else here needs a bundler. */
const BUNDLER = "esbuild@0.25.5";

const IMPORTS = [
  ["parse, match", ["parsePattern", "matches"]],
  ["parse", ["parsePattern"]],
  ["many patterns at once", ["createMatcher"]],
  ["parse, match, many patterns at once", ["parsePattern", "matches", "createMatcher"]],
  ["everything", ["*"]],
];

/** @returns `what`, `minified` and `compressed` in bytes, or `skipped` with the reason. */
export function bundleSizes() {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  try {
    const sizes = IMPORTS.map(([what, names]) => ({ what, names, ...sizeOf(names, folder) }));
    const failed = sizes.find(({ error }) => error !== undefined);
    return failed ? { skipped: failed.error } : sizes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeOf(names, folder) {
  const entry = join(folder, "entry.ts");
  const outcome = join(folder, "out.js");
  const list = names.includes("*") ? "*" : `{ ${names.join(", ")} }`;
  writeFileSync(entry, `export ${list} from ${JSON.stringify(PACKAGE)};\n`);
  const flags = [
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    `--outfile=${outcome}`,
    "--log-level=error",
  ];
  const done = spawnSync("npx", ["--yes", BUNDLER, entry, ...flags], { encoding: "utf8", cwd: folder });
  if (done.status !== 0) return { error: `"npx ${BUNDLER}" failed: ${done.stderr || done.error?.message}` };
  const bundle = readFileSync(outcome);
  return { minified: bundle.length, compressed: gzipSync(bundle, { level: 9 }).length };
}
