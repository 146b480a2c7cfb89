/** cfn-lint, which knows CloudFormation's own rules, over the hub's template in every topology. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Config } from "@shirase/core/config";
import { cfnLint } from "@shirase/testkit/emulators";
import { hubTemplate } from "./hub-stack.ts";
import { readHubConfig } from "./read-hub-config.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "three-customers", "shirase.yaml");
const folder = mkdtempSync(join(tmpdir(), "shirase-lint-"));
after(() => rmSync(folder, { recursive: true }));

test("cfn-lint has nothing to say about the hub", async (t) => {
  const example = readHubConfig(EXAMPLE);
  const hubs: Readonly<Record<string, Partial<Config["hub"]>>> = {
    "per-customer": {},
    shared: { buses: "shared" },
    default: { buses: "default" },
    https: { relay: { url: "https://relay.msp.example/v1/sns" } },
  };
  const files = Object.entries(hubs).map(([name, hub]) => {
    const file = join(folder, `${name}.template.json`);
    writeFileSync(file, JSON.stringify(hubTemplate({ ...example, hub: { ...example.hub, ...hub } })));
    return file;
  });
  const lint = await cfnLint(files);
  if ("skip" in lint) return t.skip(lint.skip);
  assert.deepEqual(lint.found, []);
});
