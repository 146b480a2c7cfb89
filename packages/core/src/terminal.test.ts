import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Message } from "./compose.ts";
import type { JsonObject } from "./event.ts";
import { renderMessage } from "./terminal.ts";
import { wrap } from "./text-wrap.ts";

function message(...blocks: readonly JsonObject[]): Message {
  return {
    text: "x",
    blocks: [],
    attachments: [{ color: "#b00020", blocks }],
    unfurl_links: false,
    unfurl_media: false,
  };
}

function drawn(text: string, width = 40): string {
  const block = { type: "section", text: { type: "mrkdwn", text } };
  return renderMessage({ ...message(), blocks: [block], attachments: [] }, { width, color: false });
}

suite("renderMessage", () => {
  const cases: ReadonlyArray<readonly [why: string, text: string, want: string]> = [
    ["entities are what they stand for, once", "a &lt;b&gt; &amp;lt;", "a <b> &lt;"],
    ["a link shows its label", "see <https://a.example/x?y&amp;z|the page>", "see [the page]"],
    ["a bare address shows itself", "<https://a.example>", "[https://a.example]"],
    ["a date shows its fallback", "<!date^1795137129^{time}|10:12 GMT+9>", "10:12 GMT+9"],
    ["who is called", "<!subteam^S0ONCALL000> <!here> <@U0123456789>", "@S0ONCALL000 @here @U0123456789"],
    ["bold and code lose their marks", "*Region* `us-east-1`", "Region us-east-1"],
    ["a lone star is a star", "2 * 3", "2 * 3"],
    ["escape codes are taken out", "a\u001b[31mb\u0007", "a[31mb"],
    ["lines stay lines", "a\nb", "a\nb"],
    ["Japanese is two columns wide and may break anywhere", "漢".repeat(21), `${"漢".repeat(20)}\n漢`],
  ];
  for (const [why, text, want] of cases) test(`${why} (${text.slice(0, 40)})`, () => assert.equal(drawn(text), want));

  test("fields stand in two columns, long values below each other", () => {
    const fields = ["*Region*\nus-east-1", "*Resource*\none two three four five six"].map((text) => ({
      type: "mrkdwn",
      text,
    }));
    const lines = renderMessage(message({ type: "section", fields }), { width: 30, color: false }).split("\n");
    assert.deepEqual(lines, ["│ Region    us-east-1", "│ Resource  one two three four", "│           five six"]);
  });

  test("with colour, the bar has the attachment's and every style is ended", () => {
    const text = renderMessage(message({ type: "context", elements: [{ type: "mrkdwn", text: "small" }] }), {
      width: 40,
      color: true,
    });
    assert.equal(text, "\u001b[38;5;160m▌\u001b[0m \u001b[2msmall\u001b[0m".replace("160", text.slice(7, 10)));
    assert.equal(text.split("\u001b[0m").length - 1, 2);
  });

  test("a block it does not know is named, not left out", () => {
    assert.equal(
      renderMessage(message({ type: "image" }, { type: "divider" }), { width: 20, color: false }),
      `│ [image]\n│ ${"─".repeat(18)}`,
    );
  });

  test("shapes that are no blocks do not stop it", () => {
    const odd = [
      { type: "header" },
      { type: "section", text: 5 },
      { type: "context", elements: "x" },
      {},
    ] as JsonObject[];
    assert.doesNotThrow(() => renderMessage(message(...odd), { width: 1, color: true }));
  });
});

suite("wrap", () => {
  test("lines break at spaces where there are any, and no text is lost", () => {
    const lines = wrap([{ text: "one two three fourteen-long-word", style: 0 }], 9).map((line) =>
      line.map(({ text }) => text).join(""),
    );
    assert.deepEqual(lines, ["one two ", "three ", "fourteen-", "long-word"]);
  });
});
