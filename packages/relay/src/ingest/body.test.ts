import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { type Body, LARGEST_BODY_BYTES, parseEvents, readBody } from "./body.ts";

suite("parseEvents", () => {
  const deepButQuoted = JSON.stringify({ text: "[".repeat(1000), quote: '"{'.repeat(500), end: "\\" });
  const deepest = "[".repeat(199) + "]".repeat(199);
  const good: ReadonlyArray<readonly [why: string, text: string, count: number, texts: readonly string[]]> = [
    ["one object", '{"a":1}', 1, ['{"a":1}']],
    ["an array", '[{"a":1},{"a":2}]', 2, ['{"a":1}', '{"a":2}']],
    ["an array with room", ' [ {"a": [{}]} ,\n{"a":"]}"}] ', 2, ['{"a": [{}]}', '{"a":"]}"}']],
    ["what is no event either has no text", '[{"a":1}, 2, "{}"]', 3, []],
    ["one a line", '{"a":1}\n{"a":2}\r\n\n{"a":3}', 3, ['{"a":1}', '{"a":2}', '{"a":3}']],
    ["one over many lines", '{\n"a": 1\n}', 1, ['{\n"a": 1\n}']],
    ["brackets inside strings nest nothing", deepButQuoted, 1, [deepButQuoted]],
    ["200 levels are allowed", `[${deepest}]`, 1, [deepest]],
  ];
  for (const [why, text, count, texts] of good) {
    test(`taken: ${why}`, () => {
      const parsed = parseEvents(text);
      assert.ok("values" in parsed, JSON.stringify(parsed));
      assert.equal(parsed.values.length, count);
      assert.deepEqual(parsed.texts, texts);
    });
  }

  test("a list's texts are its events, whatever they hold", () => {
    fc.assert(
      fc.property(fc.array(fc.object(), { minLength: 1 }), fc.nat(3), (list, indent) => {
        const parsed = parseEvents(JSON.stringify(list, undefined, indent));
        assert.ok("values" in parsed);
        assert.deepEqual(
          parsed.texts.map((text) => JSON.parse(text) as unknown),
          parsed.values,
        );
      }),
    );
  });

  const refused: ReadonlyArray<readonly [why: string, text: string, code: string]> = [
    ["201 levels", "[".repeat(201) + "]".repeat(201), "too-deep"],
    ["deep on the second line", `{"a":1}\n${'{"a":'.repeat(300)}`, "too-deep"],
    ["a string that never ends", '"abc', "not-json"],
    ["a string that ends in a backslash", '"abc\\', "not-json"],
    ["more events than one request may bring", `[${"{},".repeat(1000)}{}]`, "too-many"],
  ];
  for (const [why, text, code] of refused) {
    test(`refused: ${why}`, () => {
      const parsed = parseEvents(text);
      assert.equal("code" in parsed && parsed.code, code);
    });
  }

  test("a full body of open strings costs time in proportion to its length", () => {
    const started = performance.now();
    assert.ok("code" in parseEvents(`"${'\\"'.repeat(LARGEST_BODY_BYTES / 2 - 1)}`));
    // Looking again from every quote took minutes.
    assert.ok(performance.now() - started < 2000);
  });

  test("what is wrong is said without the sender's text: it may be a finding", () => {
    const parsed = parseEvents('{"secret": hunter2}');
    assert.ok("code" in parsed);
    assert.doesNotMatch(parsed.message, /hunter2/);
    assert.equal(parsed.message, "the body is not JSON: unexpected text");
    const long = parseEvents(`{"padding": "${"x".repeat(100)}", "a" 1}`);
    assert.match("code" in long ? long.message : "", /unexpected text at position 120/);
  });
});

suite("readBody", () => {
  const requestWith = (init: RequestInit): Body => {
    const { headers, body } = new Request("http://127.0.0.1/", { method: "POST", ...init });
    return { coding: headers.get("content-encoding") ?? undefined, chunks: body };
  };

  test("a compressed body is named as such", async () => {
    const read = await readBody(requestWith({ body: "x", headers: { "content-encoding": "gzip" } }));
    assert.deepEqual("status" in read && [read.status, read.code], [415, "compressed"]);
  });

  test("a byte order mark is no part of the text", async () => {
    const read = await readBody(requestWith({ body: '\ufeff{"a":1}' }));
    assert.deepEqual(read, { text: '{"a":1}' });
  });

  test("a body that breaks off is the sender's matter, not a fault of ours", async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error("aborted")),
    });
    const read = await readBody(requestWith({ body, duplex: "half" } as RequestInit));
    assert.equal("code" in read && read.code, "broken-off");
  });

  test("reading ends at the limit, however much would follow", async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(256 * 1024));
      },
    });
    const read = await readBody(requestWith({ body, duplex: "half" } as RequestInit));
    assert.equal("status" in read && read.status, 413);
    assert.ok(pulled < 10, `${pulled} chunks were read`);
  });
});
