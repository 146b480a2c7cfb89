import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createForms } from "./guard.ts";
import { createSessions } from "./sessions.ts";

const VISITOR = {
  who: "ana@msp.example",
  role: "viewer",
  scope: undefined,
  forms: createForms(),
  isSignedIn: true,
} as const;
const MINUTE_MS = 60_000;
const at = (minutes: number): Date => new Date(minutes * MINUTE_MS);

suite("a session", () => {
  const rows: ReadonlyArray<readonly [why: string, uses: readonly number[], asked: number, isIn: boolean]> = [
    ["lasts while it is used", [50, 100, 150], 200, true],
    ["ends after an hour without use", [], 60, false],
    ["ends after twelve hours whatever is done", Array.from({ length: 23 }, (_, n) => (n + 1) * 30), 720, false],
  ];
  for (const [why, uses, asked, isIn] of rows) {
    test(why, () => {
      const sessions = createSessions();
      const id = sessions.start(VISITOR, at(0));
      for (const minute of uses) assert.ok(sessions.find(id, at(minute), true));
      assert.equal(sessions.find(id, at(asked), true) !== undefined, isIn);
    });
  }

  test("an open page alone keeps nobody signed in", () => {
    const sessions = createSessions();
    const id = sessions.start(VISITOR, at(0));
    assert.ok(sessions.find(id, at(59), false));
    assert.equal(sessions.find(id, at(60), false), undefined);
  });

  test("the thousand and first ends the one unseen for longest", () => {
    const sessions = createSessions();
    const [first, second] = [sessions.start(VISITOR, at(0)), sessions.start(VISITOR, at(0))];
    sessions.find(first, at(1), true);
    for (let count = 2; count <= 1000; count += 1) sessions.start(VISITOR, at(2));
    assert.equal(sessions.find(second, at(2), true), undefined);
    assert.ok(sessions.find(first, at(2), true));
  });
});
