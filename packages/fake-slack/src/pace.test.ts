import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { resolveLimits, SLACK_LIMITS } from "./limits.ts";
import { createPacer, type Pacer } from "./pace.ts";

const at = (seconds: number): Date => new Date(1_764_000_000_000 + seconds * 1000);
/** `go` as a dot, `hide` as h, a refusal as its Retry-After. */
const shorten = (pace: ReturnType<Pacer["post"]>): string =>
  pace.kind === "refuse" ? String(pace.retryAfterSeconds) : pace.kind === "go" ? "." : "h";

suite("pace of posts", () => {
  const cases: ReadonlyArray<readonly [why: string, posts: ReadonlyArray<readonly [string, number]>, want: string]> = [
    ["five at once and no sixth", times(6, () => ["C1", 0]), ".....1"],
    ["one a second afterwards", [...times(6, () => ["C1", 0] as const), ["C1", 1], ["C1", 1], ["C1", 2]], ".....1.1."],
    ["a refused post costs nothing", [...times(9, () => ["C1", 0] as const), ["C1", 1]], ".....1111."],
    ["a channel that is full does not stop another", [...times(6, () => ["C1", 0] as const), ["C2", 0]], ".....1."],
    [
      "a tenth of a second ten times is a second",
      [...times(5, () => ["C1", 0] as const), ...times(10, (i) => ["C1", (i + 1) / 10] as const)],
      `.....${"1".repeat(9)}.`,
    ],
    [
      "a clock that goes back refills nothing",
      [...times(5, () => ["C1", 10] as const), ["C1", 0], ["C1", 10], ["C1", 11]],
      ".....11.",
    ],
    ["the bucket holds five, however long the pause", [["C1", 0], ...times(6, () => ["C1", 1000] as const)], "......1"],
    [
      "30 into the workspace at once, then 5 a second",
      times(37, (i) => [`C${i}`, i < 31 ? 0 : 1]),
      `${".".repeat(30)}1.....1`,
    ],
  ];
  for (const [why, posts, want] of cases) {
    test(why, () => {
      const pacer = createPacer(SLACK_LIMITS);
      assert.equal(posts.map(([channel, seconds]) => shorten(pacer.post(channel, at(seconds)))).join(""), want);
    });
  }

  test("over: hide accepts and hides", () => {
    const pacer = createPacer(resolveLimits({ over: "hide" }));
    assert.equal(times(7, () => shorten(pacer.post("C1", at(0)))).join(""), ".....hh");
  });
  test("limits off never refuses", () => {
    const pacer = createPacer(resolveLimits("off"));
    const answers = times(
      10_000,
      (i) => shorten(pacer.post("C1", at(0))) + shorten(pacer.call("chat.update", at(i % 2))),
    );
    assert.deepEqual([...new Set(answers)], [".."]);
  });
});

suite("pace of other methods, in any 60 seconds", () => {
  const cases: ReadonlyArray<readonly [why: string, method: string, count: number, thenAt: number, want: string]> = [
    ["50 updates", "chat.update", 50, 0, "60"],
    ["the wait shrinks with the minute", "chat.update", 50, 45, "15"],
    ["after a minute they are forgotten", "chat.update", 50, 60, "."],
    ["20 lists", "conversations.list", 20, 59, "1"],
    ["100 users", "users.info", 100, 0, "60"],
    ["permalinks have no tier", "chat.getPermalink", 500, 0, "."],
  ];
  for (const [why, method, count, thenAt, want] of cases) {
    test(`${why} (${method})`, () => {
      const pacer = createPacer(SLACK_LIMITS);
      assert.ok(times(count, () => shorten(pacer.call(method, at(0)))).every((one) => one === "."));
      assert.equal(shorten(pacer.call(method, at(thenAt))), want);
    });
  }
  test("each method has its own budget", () => {
    const pacer = createPacer(SLACK_LIMITS);
    times(50, () => pacer.call("chat.update", at(0)));
    assert.equal(shorten(pacer.call("conversations.history", at(0))), ".");
  });
});

function times<T>(count: number, one: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => one(index));
}
