import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { anchorsOf, deadLinks, type Pages } from "./links.ts";

/** A repository of these files, and what a page in docs/ with this text has of dead links. */
function deadIn(text: string): readonly string[] {
  const files: Readonly<Record<string, string>> = {
    "README.md": "# One\n\n## Ways in: HTTP & SNS\n\n## `shirase send`\n\n## 費用と上限\n",
    "docs/images/a.svg": "",
    "docs/page.md": text,
  };
  const pages: Pages = { isThere: (path) => path in files, read: (path) => files[path] ?? "" };
  return deadLinks("docs/page.md", pages).map(({ line, target, why }) => `${line} ${target}: ${why}`);
}

suite("deadLinks", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: readonly string[]]> = [
    ["a file that is there", "[one](../README.md)", []],
    ["a file that is not", "see\n[two](two.md)", ["2 two.md: docs/two.md is not there"]],
    ["a page outside is not asked", "[aws](https://aws.amazon.com/x) [mail](mailto:a@b.example)", []],
    ["a heading that is there", "[one](../README.md#ways-in-http--sns)", []],
    ["code in a heading is its words", "[send](../README.md#shirase-send)", []],
    ["Japanese headings stay as they are", "[ja](../README.md#費用と上限)", []],
    [
      "a heading that is not",
      "[x](../README.md#nowhere)",
      ["1 ../README.md#nowhere: README.md has no heading #nowhere"],
    ],
    ["the page's own heading", "# Here\n[here](#here) [gone](#gone)", ["2 #gone: docs/page.md has no heading #gone"]],
    ["an image", "![a](images/a.svg) ![b](images/b.svg)", ["1 images/b.svg: docs/images/b.svg is not there"]],
    [
      "an image inside a link: both are asked",
      "[![b](images/b.svg)](gone.md)",
      ["1 images/b.svg: docs/images/b.svg is not there", "1 gone.md: docs/gone.md is not there"],
    ],
    ["HTML's images", '<img alt="" src="images/b.svg">', ["1 images/b.svg: docs/images/b.svg is not there"]],
    [
      "a picture's sources",
      '<source media="x" srcset="images/b.svg">',
      ["1 images/b.svg: docs/images/b.svg is not there"],
    ],
    ["a reference's definition", "[x]: gone.md", ["1 gone.md: docs/gone.md is not there"]],
    ["what only looks like a link, in a code block", "```md\n[x](gone.md)\n```", []],
    ["and in a code span", "write `[x](gone.md)`", []],
    ["a link whose words are code", "[`x`](gone.md)", ["1 gone.md: docs/gone.md is not there"]],
    ["a way out of the repository", "[x](../../etc/passwd)", ["1 ../../etc/passwd: leads out of the repository"]],
    ["an absolute path is no repository's", "[x](/docs/page.md)", ["1 /docs/page.md: leads out of the repository"]],
    ["an anchor in something that is no page", "[x](images/a.svg#layer)", []],
  ];
  for (const [why, text, want] of cases) test(why, () => assert.deepEqual(deadIn(text), want));
});

suite("anchorsOf", () => {
  test("a heading that comes twice is numbered, an HTML anchor counts, code blocks have none", () => {
    const page = '# A\n## Limits\n```sh\n# no heading\n```\n## Limits\n<a id="kept"></a>\n### What\'s next?\n';
    assert.deepEqual([...anchorsOf(page)], ["a", "limits", "limits-1", "kept", "whats-next"]);
  });
});
