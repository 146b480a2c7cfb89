import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Hono } from "hono";
import { createForms, guard, isLoopback, isOwnPost } from "./guard.ts";
import { isConsoleServed } from "./open-console.ts";

suite("who reaches the console", () => {
  const app = new Hono();
  const forms = createForms();
  app.use(guard(undefined));
  app.get("/", (context) => context.text("here"));
  app.post("/", async (context) => {
    const { token } = await context.req.parseBody();
    return context.text("", isOwnPost(context, { forms }, token) ? 200 : 403);
  });

  const asks: ReadonlyArray<readonly [why: string, url: string, headers: Record<string, string>, status: number]> = [
    ["this machine by its address", "http://127.0.0.1:8080/", {}, 200],
    ["this machine by its name", "http://localhost:8080/", {}, 200],
    ["this machine by IPv6", "http://[::1]:8080/", {}, 200],
    ["a foreign name that leads here (DNS rebinding)", "http://evil.example:8080/", {}, 421],
    ["a name that only begins like ours", "http://127.0.0.1.evil.example/", {}, 421],
    ["whoever a proxy on this machine lets in", "http://127.0.0.1:8080/", { "x-forwarded-for": "203.0.113.9" }, 421],
    ["the same by the standard's header", "http://127.0.0.1:8080/", { forwarded: "for=203.0.113.9" }, 421],
  ];
  for (const [why, url, headers, status] of asks) {
    test(`${why}: ${status}`, async () => assert.equal((await app.request(url, { headers })).status, status));
  }

  test("every answer forbids scripts, frames and forms that are not the console's own", async () => {
    const { headers } = await app.request("http://127.0.0.1/");
    const policy = headers.get("content-security-policy") ?? "";
    for (const part of ["default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"]) {
      assert.ok(policy.includes(part), part);
    }
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("cache-control"), "no-store");
  });

  const posts: ReadonlyArray<readonly [why: string, headers: Record<string, string>, token: string, status: number]> = [
    ["its own page", { origin: "http://127.0.0.1", "sec-fetch-site": "same-origin" }, forms.token, 200],
    ["a page of another port", { origin: "http://127.0.0.1:9" }, forms.token, 403],
    ["another site", { "sec-fetch-site": "cross-site" }, forms.token, 403],
    ["nobody's page", {}, "", 403],
    ["a page of the relay's last life", {}, createForms().token, 403],
  ];
  for (const [why, headers, token, status] of posts) {
    test(`a post from ${why}: ${status}`, async () => {
      const answer = await app.request("http://127.0.0.1/", {
        method: "POST",
        headers,
        body: new URLSearchParams({ token }),
      });
      assert.equal(answer.status, status);
    });
  }
});

suite("where the console is served", () => {
  const rows: ReadonlyArray<
    readonly [why: string, asked: boolean | undefined, host: string, want: boolean | "refuses"]
  > = [
    ["on loopback, unasked", undefined, "127.0.0.1", true],
    ["on loopback, unless told not to", false, "127.0.0.1", false],
    ["nowhere else, and the relay starts", undefined, "0.0.0.0", false],
    ["nowhere else, and who insists is told why", true, "0.0.0.0", "refuses"],
  ];
  for (const [why, asked, host, want] of rows) {
    test(why, () => {
      if (want !== "refuses") return assert.equal(isConsoleServed(asked, host, false), want);
      assert.throws(() => isConsoleServed(asked, host, false), { name: "ListenError", message: /no login.*ssh -L/ });
    });
  }

  test("an address is loopback only when all of it is", () => {
    assert.deepEqual(["127.0.0.1", "127.9.9.9", "::1", "localhost"].map(isLoopback), [true, true, true, true]);
    assert.deepEqual(["0.0.0.0", "10.127.0.1", "::", "localhost.evil.example"].map(isLoopback), [
      false,
      false,
      false,
      false,
    ]);
  });
});
