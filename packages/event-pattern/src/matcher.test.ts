import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createMatcher } from "./matcher.ts";

suite("createMatcher", () => {
  test("gives the ids of all that match, in the order they were added", () => {
    const matcher = createMatcher();
    matcher.add("first", '{"a":["x"]}');
    matcher.add("other", '{"a":["y"]}');
    matcher.add(3, '{"a":[{"prefix":""}]}');
    assert.deepEqual(matcher.match('{"a":"x"}'), ["first", 3]);
    assert.deepEqual(matcher.match({ a: "y" }), ["other", 3]);
    assert.deepEqual(matcher.match("{}"), []);
  });

  test("adding an id again replaces its pattern and keeps its place", () => {
    const matcher = createMatcher();
    matcher.add("one", '{"a":["x"]}');
    matcher.add("two", '{"a":["x"]}');
    matcher.add("one", '{"b":["x"]}');
    assert.deepEqual(matcher.match('{"a":"x"}'), ["two"]);
    assert.deepEqual(matcher.match('{"a":"x","b":"x"}'), ["one", "two"]);
  });

  test("a pattern that is not valid changes nothing and gives its problems", () => {
    const matcher = createMatcher();
    matcher.add("one", '{"a":["x"]}');
    const [problem] = matcher.add("one", '{"a":"x"}');
    assert.equal(problem?.code, "not-a-list");
    assert.deepEqual(matcher.match('{"a":"x"}'), ["one"]);
  });

  test("removing", () => {
    const matcher = createMatcher();
    matcher.add("one", '{"a":["x"]}');
    assert.equal(matcher.remove("one"), true);
    assert.equal(matcher.remove("one"), false);
    assert.deepEqual(matcher.match('{"a":"x"}'), []);
  });

  test("the id 1 is not the id '1'", () => {
    const matcher = createMatcher();
    matcher.add(1, '{"a":["x"]}');
    matcher.add("1", '{"a":["y"]}');
    assert.deepEqual(matcher.match('{"a":["x","y"]}'), [1, "1"]);
  });

  test("an event that is none is refused, whatever the patterns", () => {
    assert.throws(() => createMatcher().match("5"), TypeError);
    assert.throws(() => createMatcher().match('{"a":"x'), TypeError);
  });

  test("without patterns nothing matches", () => assert.deepEqual(createMatcher().match("{}"), []));

  // event-ruler 2.0.1 lets these two disturb each other when they are added in this order.
  test("patterns do not disturb each other", () => {
    const matcher = createMatcher();
    matcher.add("ends in b", '{"a":[{"wildcard":"*b"}]}');
    matcher.add("is a", '{"a":[{"equals-ignore-case":"a"}]}');
    assert.deepEqual(matcher.match('{"a":"zzz"}'), []);
    assert.deepEqual(matcher.match('{"a":"A"}'), ["is a"]);
  });
});
