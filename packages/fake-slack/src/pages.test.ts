import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Hono } from "hono";
import { toArgs } from "./call.ts";
import type { JsonObject } from "./json.ts";
import { channelPages } from "./pages.ts";
import { post } from "./posting.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

const ACME = "C0ACME00000";
const EVIL = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202e`;
const evilText = { type: "plain_text", text: EVIL };

suite("channelPages", () => {
  const places: ReadonlyArray<readonly [where: string, message: JsonObject]> = [
    ["text", { text: EVIL }],
    ["text without markup", { text: EVIL, mrkdwn: false }],
    ["a name and an icon", { text: "x", username: EVIL, icon_emoji: EVIL }],
    ["a header", { blocks: [{ type: "header", text: evilText }] }],
    ["fields", { blocks: [{ type: "section", fields: [{ type: "mrkdwn", text: EVIL }] }] }],
    ["a context", { blocks: [{ type: "context", elements: [evilText] }] }],
    ["an image's address and text", { blocks: [{ type: "image", image_url: "https://e.com/x", alt_text: EVIL }] }],
    [
      "rich text",
      {
        blocks: [
          { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: EVIL }] }] },
        ],
      },
    ],
    ["a table", { blocks: [{ type: "table", rows: [[{ type: "raw_text", text: EVIL }]] }] }],
    ["markdown", { blocks: [{ type: "markdown", text: EVIL }] }],
    [
      "a legacy attachment",
      { attachments: [{ color: EVIL, title: EVIL, title_link: `javascript:${EVIL}`, text: EVIL, footer: EVIL }] },
    ],
  ];
  for (const [where, message] of places) {
    test(`hostile text in ${where} stays text`, async () => {
      const workspace = workspaceWith(message);
      const page = await (await channelPages({ workspace }).request("/")).text();
      assert.doesNotMatch(page, /<script(?! src="\/app\.js" defer>)|<img|\son\w+=(?!alert)|href="javascript/i);
      assert.ok(!page.includes("\u202e"));
      assert.ok(page.includes("alert(1)"));
    });
  }

  test("the policy forbids everything that is not served here", async () => {
    const workspace = workspaceWith({ text: "x" });
    const answer = await channelPages({ workspace }).request("/");
    const policy = answer.headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.doesNotMatch(await answer.text(), /\sstyle=|<style/);
  });
  test("mounted under a path, every address stays under it", async () => {
    const workspace = workspaceWith({ text: "x" });
    const app = new Hono().route(
      "/slack",
      channelPages({ workspace }, { basePath: "/slack", back: { href: "/", label: "back" } }),
    );
    const page = await (await app.request("/slack")).text();
    const addresses = [...page.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map((match) => match[1] ?? "");
    assert.ok(addresses.length > 4);
    assert.deepEqual(
      addresses.filter((address) => !address.startsWith("/slack/")),
      ["/"],
    );
    for (const path of ["/slack/styles.css", "/slack/app.js", "/slack/refused", `/slack/archives/${ACME}`]) {
      assert.equal((await app.request(path)).status, 200, path);
    }
  });
  test("a channel that is not there is a 404", async () => {
    const answer = await channelPages({ workspace: workspaceWith({ text: "x" }) }).request("/archives/C0NOWHERE00");
    assert.equal(answer.status, 404);
  });
  test("a thread is folded, and open when a link asks for one of its replies", async () => {
    const workspace = workspaceWith({ text: "root" });
    const root = workspace.ledger.entries()[0]?.ts ?? "";
    say(workspace, { text: "a reply", thread_ts: root });
    const reply = workspace.ledger.entries()[1]?.ts ?? "";
    const pages = channelPages({ workspace });
    assert.match(await (await pages.request("/")).text(), /<details class="thread" id="thread-[\d.]+">/);
    assert.match(
      await (await pages.request(`/archives/${ACME}?ts=${reply}`)).text(),
      /<details class="thread" id="thread-[\d.]+" open>/,
    );
  });
  test("what Slack hides is shown as hidden", async () => {
    const workspace = workspaceWith({ text: "seen" });
    say(workspace, { text: "unseen" }, true);
    const page = await (await channelPages({ workspace }).request("/")).text();
    assert.match(page, /class="message follows hidden"[\s\S]*unseen[\s\S]*hidden by Slack/);
  });
  test("a change is announced to the open page", async () => {
    const workspace = workspaceWith({ text: "x" });
    const answer = await channelPages({ workspace }).request("/events");
    const reader = answer.body?.getReader();
    say(workspace, { text: "y" });
    const chunk = await reader?.read();
    assert.match(new TextDecoder().decode(chunk?.value), /^data: changed/);
    await reader?.cancel();
  });
});

function workspaceWith(message: JsonObject): Workspace {
  const workspace = createWorkspace({
    channels: [{ id: ACME, name: EVIL, topic: EVIL }],
    now: () => new Date("2026-11-23T12:00:00Z"),
  });
  say(workspace, message);
  return workspace;
}

function say(workspace: Workspace, message: JsonObject, isHidden = false): void {
  const channel = workspace.channels()[0];
  assert.ok(channel);
  const call = { args: toArgs(message), bot: workspace.bot, now: workspace.now(), origin: "", isHidden };
  const posted = post("chat.postMessage", channel, call, workspace);
  assert.ok("entry" in posted, JSON.stringify(posted));
}
