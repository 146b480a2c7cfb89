import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { News } from "@shirase/core/observe";
import { stepsOf, withStep } from "./history.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 26, 5, minute));

function step(news: News, minute: number, eventId = `event-${minute}`) {
  const said = [{ code: "sameAgain", facts: { words: "Compliance.Status FAILED" } }] as const;
  return { at: at(minute), news, severityRank: 4, eventId, told: 0, said };
}

function after(...steps: readonly ReturnType<typeof step>[]): string {
  return steps.reduce(withStep, "");
}

suite("what happened to a problem", () => {
  test("comes out as it went in", () => {
    const [first] = stepsOf(after(step("opened", 1)));
    assert.deepEqual(first, { ...step("opened", 1), times: 1, lastAt: at(1) });
  });

  test("a problem that is told again a hundred times has two steps", () => {
    const again = Array.from({ length: 100 }, (_, index) => step("repeated", index));
    const steps = stepsOf(after(step("opened", 0), ...again));
    assert.deepEqual(
      steps.map(({ news, times }) => [news, times]),
      [
        ["opened", 1],
        ["repeated", 100],
      ],
    );
    assert.deepEqual(steps[1]?.at, at(0));
    assert.deepEqual(steps[1]?.lastAt, at(99));
  });

  test("a problem that comes and goes for years keeps how it began and how it stands, in bounded room", () => {
    const many = Array.from({ length: 2000 }, (_, index) => step(index % 2 === 0 ? "resolved" : "reopened", index));
    const history = after(step("opened", 0, "the-first"), ...many);
    const steps = stepsOf(history);
    assert.ok(history.length <= 8000, `${history.length} characters`);
    assert.equal(steps[0]?.eventId, "the-first");
    assert.equal(steps.at(-1)?.eventId, "event-1999");
    assert.ok(steps.length > 20);
  });

  test("what strangers wrote is cut, and a line break in it is no new step", () => {
    const hostile = `${"x".repeat(5000)}\n["`;
    const facts = { words: hostile };
    const steps = stepsOf(withStep("", { ...step("opened", 0, hostile), said: [{ code: "opened", facts }] }));
    assert.equal(steps.length, 1);
    assert.ok((steps[0]?.said[0]?.facts["words"]?.length ?? 999) <= 120);
    assert.equal(stepsOf(withStep("", step("opened", 0, "a\nb")))[0]?.eventId, "a\nb");
  });
});
