import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { csvField, monthOf } from "./report.ts";

suite("a month in figures", () => {
  const [since, until] = [new Date("2026-10-31T15:00:00Z"), new Date("2026-11-30T15:00:00Z")];
  const tally = (at: string, severityRank: number, opened: number, resolved: number, fixedMs: number) => {
    return { at: new Date(at), severityRank, opened, ended: resolved, resolved, fixedMs };
  };

  test("adds up its own hours and no others", () => {
    const month = monthOf(
      [
        tally("2026-10-31T14:00:00Z", 4, 100, 100, 1),
        tally("2026-10-31T15:00:00Z", 4, 2, 1, 1000),
        tally("2026-11-30T14:00:00Z", 3, 1, 3, 5000),
        tally("2026-11-30T15:00:00Z", 3, 100, 100, 1),
      ],
      since,
      until,
    );
    assert.deepEqual(month, { opened: 3, ended: 4, resolved: 4, meanFixMs: 1500, openedByRank: [0, 0, 0, 1, 2] });
  });

  test("of nothing there is no average", () => assert.equal(monthOf([], since, until).meanFixMs, undefined));
});

suite("a field of a CSV file", () => {
  const rows: ReadonlyArray<readonly [why: string, text: string | number, want: string]> = [
    ["quotes are doubled", 'say "hi", now', '"say ""hi"", now"'],
    ["a formula is text", "=HYPERLINK(1)", '"\'=HYPERLINK(1)"'],
    ["so is one in full-width letters", "＝1+1", '"\'＝1+1"'],
    ["a line break makes no row", "a\r\nb", '"a b"'],
    ["a number stays one", -3, "-3"],
  ];
  for (const [why, text, want] of rows) test(why, () => assert.equal(csvField(text), want));
});
