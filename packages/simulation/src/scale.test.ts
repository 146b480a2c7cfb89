import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { SAFE_PACE } from "@shirase/relay/pacer";
import fc from "fast-check";
import { chanceOf } from "./chance.ts";
import { playScale, QUOTAS, type Scaled } from "./scale.ts";
import { LARGE, scenariosOf } from "./scale-scenarios.ts";

const SCENARIOS = scenariosOf(LARGE);

function play(part: string, quotas: Partial<typeof QUOTAS> = {}): Scaled {
  const scenario = SCENARIOS.find(({ name }) => name.includes(part));
  if (!scenario) throw new Error(`no scenario ${part}`);
  return playScale(scenario, { ...QUOTAS, ...quotas }, chanceOf(1));
}

suite("10,000 customers, 100 million findings a month", () => {
  test("on an ordinary day nothing waits, and all is named as it comes", () => {
    const { events, bus, queue, counted, named, tail } = play("ordinary");
    assert.ok(Math.abs(events / (LARGE.eventsAMonth / 30) - 1) < 0.01, `${events} events a day`);
    assert.deepEqual([bus.most, queue.most, tail], [0, 0, 0]);
    assert.ok(counted.p99 <= 1 && named.p99 <= 1);
  });

  test("one customer's flood is counted at once, and only its own names wait", () => {
    const { queue, counted, named } = play("one customer");
    assert.equal(queue.most, 0);
    assert.ok(counted.p99 <= 2, `${counted.p99} s`);
    assert.ok(named.most > 600);
  });

  test("of one channel's news a second only so many pass, and the others' do not wait for them", () => {
    const free = play("one customer");
    const narrow = play("one customer", { channelNews: 50 });
    assert.ok(narrow.queue.most > 600);
    assert.ok(narrow.queue.p50 === 0 && free.queue.most === 0);
  });

  test("a quota that is raised is what held it back", () => {
    const now = play("told again");
    assert.ok(now.bus.most > 600 && now.held.deliveries > 0);
    const raised = play("told again", { deliveries: 18_750, intake: 18_750 });
    assert.deepEqual([raised.bus.most, raised.queue.most], [0, 0]);
  });

  test("played again it is the same", () => assert.deepEqual(play("Monday"), play("Monday")));
});

suite("whatever comes", () => {
  const second = fc.record({
    repeated: fc.nat(3000),
    news: fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 400 })), { maxLength: 4 }),
  });

  test("all of it passes each stage once, and Slack is not told faster than its pace", () => {
    fc.assert(
      fc.property(fc.array(second, { minLength: 1, maxLength: 30 }), (seconds) => {
        const arrivals = (at: number): { repeated: number; news: Map<number, number> } => {
          const { repeated = 0, news = [] } = seconds[at] ?? {};
          return { repeated, news: new Map(news) };
        };
        const scenario = { name: "any", customers: 6, seconds: seconds.length, arrivals };
        const scaled = playScale(scenario, QUOTAS, chanceOf(1));
        assert.ok(scaled.tail !== undefined);
        assert.deepEqual(
          [scaled.bus.passed, scaled.queue.passed, scaled.counted.passed, scaled.named.passed],
          [scaled.events, scaled.events, scaled.news, scaled.news],
        );
        const { burst, perMinute } = SAFE_PACE.workspace;
        assert.ok(scaled.posts <= burst + (perMinute / 60) * (seconds.length + scaled.tail));
      }),
      { numRuns: 50 },
    );
  });
});
