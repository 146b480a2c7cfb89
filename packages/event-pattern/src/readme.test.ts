/** The README's examples are run: each line after an arrow must be what is printed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

const README = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
const SOURCE = new URL("./index.ts", import.meta.url).href;

suite("README.md", () => {
  for (const [, code = ""] of README.matchAll(/```js\n(.*?)```/gs)) {
    const title = code.split("\n").find((line) => line.startsWith("const")) ?? "";
    test(`prints what it says: ${title.slice(0, 60)}`, async () => {
      const wanted = [...code.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line);
      assert.deepEqual(await printedBy(code), wanted);
    });
  }
});

/** Runs the code with a console of its own. */
async function printedBy(code: string): Promise<readonly string[]> {
  const script = [
    'import { inspect } from "node:util";',
    "export const lines = [];",
    'const shown = (value) => (typeof value === "string" ? value : inspect(value));',
    'const console = { log: (...values) => lines.push(...values.map(shown).join(" ").split("\\n")) };',
    code.replace('"@shirase/event-pattern"', JSON.stringify(SOURCE)),
  ].join("\n");
  const { lines } = await import(`data:text/javascript,${encodeURIComponent(script)}`);
  return lines;
}
