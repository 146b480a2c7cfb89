import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderMrkdwn } from "./mrkdwn.ts";

const context = {
  now: new Date("2026-11-23T12:00:00Z"),
  locale: "en",
  timeZone: "UTC",
  userName: (id: string) => (id === "U1" ? "sato" : id),
  channelName: (id: string) => (id === "C1" ? "acme" : id),
};
const A = '<a href="https://e.com/" class="" target="_blank" rel="noopener noreferrer nofollow">';
const mention = (text: string): string => `<span class="mention">${text}</span>`;

suite("renderMrkdwn", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, html: string]> = [
    ["bold, italic, struck", "*a* _b_ ~c~", "<strong>a</strong> <em>b</em> <s>c</s>"],
    ["bold inside italic", "_a *b* c_", "<em>a <strong>b</strong> c</em>"],
    ["a star inside a word is a star", "2*3*4", "2*3*4"],
    ["a full-width letter beside a star leaves it bare, as in Slack", "あ*い*う", "あ*い*う"],
    ["a star before a space is a star", "* a*", "* a*"],
    ["code shows what it holds", "`*a* <b>`", "<code>*a* &lt;b&gt;</code>"],
    ["preformatted text", "a\n```\n*x*\n  y\n```\nb", "a<pre>*x*\n  y</pre>b"],
    ["a fence that never ends is text", "```a", "```a"],
    ["a quote of two lines", "&gt; a\n&gt; b\nc", "<blockquote>a<br>b</blockquote>c"],
    ["a link with a label", "<https://e.com/|see>", `${A}see</a>`],
    ["a link without", "<https://e.com/>", `${A}https://e.com/</a>`],
    ["bold around a link", "*<https://e.com/|see>*", `<strong>${A}see</a></strong>`],
    ["a bare address, less its full stop", "https://e.com/.", `${A}https://e.com/</a>.`],
    ["a person", "<@U1> <@U2|mori>", `${mention("@sato")} ${mention("@mori")}`],
    ["a channel", "<#C1>", mention("#acme")],
    ["a group", "<!subteam^S1|@oncall>", mention("@oncall")],
    ["everybody", "<!here> <!channel>", `${mention("@here")} ${mention("@channel")}`],
    ["a known emoji", ":warning:", '<span class="emoji" role="img" aria-label="warning">⚠️</span>'],
    ["an unknown one", ":nope:", ":nope:"],
    [
      "a date",
      "<!date^1795435200^{date_short} {time}|then>",
      '<time datetime="2026-11-23T12:00:00.000Z" title="2026-11-23T12:00:00.000Z">Nov 23, 2026 12:00</time>',
    ],
    ["a date that is none falls back", "<!date^soon^{time}|then>", "then"],
    ["entities are undone once", "&amp;lt; &lt;b&gt;", "&amp;lt; &lt;b&gt;"],
    ["a tag is text", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ["a tag with a quote is text", '<img src="x" onerror=alert(1)>', "&lt;img src=&quot;x&quot; onerror=alert(1)&gt;"],
    ["a script address is no link", "<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"],
    [
      "an address cannot leave its attribute",
      '<https://e.com/"onclick="x|y>',
      '<a href="https://e.com/&quot;onclick=&quot;x" class="" target="_blank" rel="noopener noreferrer nofollow">y</a>',
    ],
    [
      "text that runs backwards is shown as what it is",
      "a\u202eb",
      'a<span class="unseen" title="a character without a shape">U+202E</span>b',
    ],
    ["our own place holders cannot be forged", "\ue0000\ue001", "\ufffd0\ufffd"],
  ];
  for (const [why, text, html] of cases) test(why, () => assert.equal(renderMrkdwn(text, context).toString(), html));

  const hostile: ReadonlyArray<readonly [why: string, text: string]> = [
    ["stars", "*a ".repeat(13_000)],
    ["open angles", "<".repeat(40_000)],
    ["backticks", "`".repeat(40_000)],
    ["colons", ":a".repeat(20_000)],
    ["addresses", "https://".repeat(5000)],
    ["underscores without an end", `_${"a_".repeat(20_000)}`],
  ];
  for (const [why, text] of hostile) {
    test(`40,000 ${why} take no noticeable time and hold no tag`, () => {
      const startedAt = performance.now();
      assert.ok(!/<script/i.test(renderMrkdwn(text, context).toString()));
      assert.ok(performance.now() - startedAt < 1000);
    });
  }
});
