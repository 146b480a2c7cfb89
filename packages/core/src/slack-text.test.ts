import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { code, cut, escaped, link, mention, oneLine, plainLines } from "./slack-text.ts";

suite("escaped", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, most: number, want: string]> = [
    ["a mention becomes plain words", "<!channel> look", 99, "&lt;!channel&gt; look"],
    ["a link that shows another address too", "<https://evil|aws>", 99, "&lt;https://evil|aws&gt;"],
    ["escaped text is escaped again, as it was meant", "&lt;", 99, "&amp;lt;"],
    ["text that turns round is straightened", "\u202egnp.exe\u202c", 99, "gnp.exe"],
    ["no characters without width", "ad\u200bmin\ufeff", 99, "admin"],
    ["no control codes", "a\u0000b\u001b[31mc", 99, "ab[31mc"],
    ["lines become one line", "a\r\n\tb\u2028c", 99, "a b c"],
    ["half a character is replaced", "a\ud800b", 99, "a\ufffdb"],
    ["a cut leaves no half entity", "aaaa<<<", 9, "aaaa&lt;…"],
    ["what just fits is whole", "a&", 6, "a&amp;"],
    ["a cut leaves no half emoji", "ab😀😀", 5, "ab😀…"],
  ];
  for (const [why, text, most, want] of cases) {
    test(`${why} (${JSON.stringify(text)})`, () => assert.equal(escaped(text, most), want));
  }

  test("never longer than asked, never a raw bracket, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (text, most) => {
        const result = escaped(text, most);
        assert.ok(result.length <= most);
        assert.doesNotMatch(result, /[<>]|&(?!amp;|lt;|gt;)/);
        assert.ok(result.isWellFormed());
      }),
    );
  });
});

suite("the other forms", () => {
  test("a backtick cannot end the code it stands in", () =>
    assert.equal(code("a`<!here>`b", 99), "`aˋ&lt;!here&gt;ˋb`"));
  test("empty code would show two backticks", () => assert.equal(code(" \u200b ", 99), ""));
  test("cut counts as Slack does and says that it cut", () => assert.equal(cut("株式会社アクメ", 4), "株式会…"));
  test("a cut drops the space before the ellipsis", () => assert.equal(cut("ab cdef", 4), "ab…"));
  test("lines stay lines, empty ones go", () => assert.equal(plainLines("a\n\n \nb\u0007", 99), "a\nb"));
  test("oneLine keeps Japanese and emoji", () => assert.equal(oneLine("  障害 🔴 "), "障害 🔴"));
  test("a link's ampersands are escaped", () => {
    assert.equal(link("https://a.example/?b&c", "x"), "<https://a.example/?b&amp;c|x>");
  });
  test("an address with no place in a link is left out", () => assert.equal(link("https://a|b", "x"), "x"));
  test("who is called", () => {
    const names = ["S0ONCALL000", "U0123456789", "W0123456789", "here", "channel"];
    assert.deepEqual(names.map(mention), [
      "<!subteam^S0ONCALL000>",
      "<@U0123456789>",
      "<@W0123456789>",
      "<!here>",
      "<!channel>",
    ]);
  });
});
