/**
 * The pages for customers show templates. `<!-- FILE: PATH -->` before a code block says which part of which golden
 * file it is; GOLDEN=1 writes the block anew.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const GOLDEN = join(import.meta.dirname, "__golden__");
const PAGES = ["docs/customer.md", "docs/customer.ja.md", "docs/differences-from-2020.md", "terraform/spoke/README.md"];
const SNIPPET = /<!-- ([\w.-]+)(?:: ([\w.]+))? -->\n```(\w+)\n[\s\S]*?```/g;

/** The page with every snippet as the code makes it now. */
function renewed(page: string): string {
  return page.replaceAll(SNIPPET, (_, file: string, path: string | undefined, language: string) => {
    const mark = `<!-- ${file}${path === undefined ? "" : `: ${path}`} -->`;
    return `${mark}\n\`\`\`${language}\n${snippet(file, path)}\n\`\`\``;
  });
}

function snippet(file: string, path: string | undefined): string {
  const text = readFileSync(join(GOLDEN, file), "utf8").trimEnd();
  if (path === undefined) return text;
  const keys = path.split(".");
  const part = keys.reduce((value, key) => {
    assert.ok(typeof value === "object" && value !== null && key in value, `${file} has no ${path}`);
    return (value as Readonly<Record<string, unknown>>)[key];
  }, JSON.parse(text) as unknown);
  return `"${keys.at(-1)}": ${JSON.stringify(part, null, 2)}`;
}

suite("pages for customers", () => {
  for (const name of PAGES) {
    test(`${name} shows the templates as they are`, () => {
      const path = join(ROOT, name);
      const page = readFileSync(path, "utf8");
      assert.notEqual(page.search(SNIPPET), -1, "it shows none");
      if (process.env["GOLDEN"] === "1") writeFileSync(path, renewed(page));
      assert.equal(readFileSync(path, "utf8"), renewed(page), `${name} is behind the code: npm run docs`);
    });
  }

  test("both languages show the same parts in the same order", () => {
    const parts = (name: string): readonly string[] =>
      [...readFileSync(join(ROOT, name), "utf8").matchAll(SNIPPET)].map(([, file, path]) => `${file}: ${path}`);
    assert.deepEqual(parts("docs/customer.ja.md"), parts("docs/customer.md"));
  });

  test("every resource of the template is explained", () => {
    const page = readFileSync(join(ROOT, "docs/customer.md"), "utf8");
    const { Resources } = JSON.parse(readFileSync(join(GOLDEN, "acme.template.json"), "utf8"));
    for (const name of Object.keys(Resources)) assert.ok(page.includes(`Resources.${name} `), name);
  });
});
