/** The pictures in docs/images are what pictures.ts draws, and everything in them can be read. GOLDEN=1 writes them anew. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pictures } from "./pictures.ts";
import type { Label } from "./svg.ts";

const IMAGES = join(import.meta.dirname, "..", "docs", "images");
const PICTURES = pictures();

/** Letters by how wide they are in DejaVu Sans, the broadest font a page is likely to be shown in; as parts of the size. */
const WIDTHS: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[\u2e80-\u9fff\uff00-\uff60]/, 1],
  [/[mwMW…→]/, 0.97],
  [/[A-Z#_]/, 0.74],
  [/[ijl.,:;'|]/, 0.31],
  [/[ tfr()-]/, 0.4],
  [/./, 0.62],
];
/** Full-width letters do not grow. */
const BOLD = 1.1;

function widest({ text, size, isBold }: Label): number {
  const widths = [...text].map((letter) => WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? 1);
  return size * widths.reduce((sum, width) => sum + (isBold && width < 1 ? width * BOLD : width), 0);
}

suite("pictures", () => {
  for (const { file, svg } of PICTURES) {
    test(`docs/images/${file} is what is drawn`, () => {
      const path = join(IMAGES, file);
      if (process.env["GOLDEN"] === "1") writeFileSync(path, svg);
      assert.equal(readFileSync(path, "utf8"), svg, `${file} is behind tools/pictures.ts: npm run golden`);
    });
  }

  test("no picture is left of a drawing that is gone", () => {
    const there = readdirSync(IMAGES).filter((file) => file.endsWith(".svg"));
    assert.deepEqual(there.sort(), PICTURES.map(({ file }) => file).sort());
  });

  for (const { file, labels } of PICTURES) {
    test(`${file}: every text fits where it stands, in any font`, () => {
      const tooWide = labels.filter((label) => widest(label) > label.room);
      assert.deepEqual(
        tooWide.map((label) => `${label.text}: ${Math.round(widest(label))} of ${label.room}`),
        [],
      );
    });
  }

  test("both languages have the same parts in the same places", () => {
    const withoutWords = (svg: string): string =>
      svg.replaceAll(/>[^<\n]*<\/(text|title|desc)>/g, "></$1>").replace(/lang="\w+"/, "");
    for (const { file, svg } of PICTURES.filter((one) => one.file.endsWith(".ja.svg"))) {
      const english = PICTURES.find((one) => one.file === file.replace(".ja.", "."));
      assert.equal(withoutWords(svg), withoutWords(english?.svg ?? ""), file);
    }
  });

  test("they load nothing from elsewhere and run nothing, so any page may show them", () => {
    for (const { file, svg } of PICTURES) {
      assert.doesNotMatch(svg.replace("http://www.w3.org/2000/svg", ""), /https?:|<script|<image|@import|href=/, file);
    }
  });
});
