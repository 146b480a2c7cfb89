import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { textTable } from "./text-table.ts";

suite("textTable", () => {
  test("columns begin under one another, beside Japanese names too", () => {
    assert.deepEqual(
      textTable([
        ["ID", "NAME", "CHANNEL"],
        ["acme", "株式会社", "C1"],
        ["x", "X", "C2"],
      ]),
      ["ID    NAME      CHANNEL", "acme  株式会社  C1", "x     X         C2"],
    );
  });
  test("no rows are no lines", () => assert.deepEqual(textTable([]), []));
});
