/** The door's answers where they decide whether a sender tries again. The whole way is in ../relay.process.test.ts. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Hono } from "hono";
import { UndecidedError } from "../accept.ts";
import { StoreFullError } from "../store/store.ts";
import { type HttpDoor, httpDoor } from "./http.ts";
import { keyAsker } from "./key.ts";
import type { SlackDoor } from "./slack.ts";
import type { SnsDelivery } from "./sns.ts";

type Problem = { readonly code: string; readonly message: string };
type Answer = { readonly status: number; readonly error?: Problem; readonly headers: Headers };
const ACCEPTED = { accepted: 1, duplicates: 0, quarantined: 0, told: 1 };
const ASIDE = { accepted: 1, duplicates: 0, quarantined: 1, told: 0 };

function open(over: Partial<HttpDoor> = {}): {
  readonly ask: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly aside: { readonly text: string; readonly reason: string }[];
  readonly faults: unknown[];
} {
  const app = new Hono();
  const aside: { text: string; reason: string }[] = [];
  const faults: unknown[] = [];
  httpDoor(app, {
    isKey: keyAsker("key"),
    slack: undefined,
    accept: () => Promise.resolve(ACCEPTED),
    setAside: (text, reason) => {
      aside.push({ text, reason });
      return Promise.resolve(ASIDE);
    },
    sns: () => Promise.resolve({ handled: "nothing" }),
    readiness: () => Promise.resolve(undefined),
    metrics: () => Promise.resolve(""),
    isStopping: () => false,
    onRefused: () => undefined,
    onFault: (error) => faults.push(error),
    ...over,
  });
  const ask = async (path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await app.request(path, init);
    const text = await answer.text();
    const { error } = text.startsWith("{") ? (JSON.parse(text) as { error?: Problem }) : {};
    return { status: answer.status, headers: answer.headers, ...(error ? { error } : {}) };
  };
  return { ask, aside, faults };
}

function post(body: string): RequestInit {
  return { method: "POST", body, headers: { "x-api-key": "key" } };
}

suite("what SNS is answered", () => {
  const delivering = (delivery: SnsDelivery): Partial<HttpDoor> => ({ sns: () => Promise.resolve(delivery) });

  test("what cannot be judged now is asked for again: after a 4xx SNS would forget it", async () => {
    const { ask } = open(delivering({ later: "its certificate cannot be fetched" }));
    const { status, headers } = await ask("/v1/sns", { method: "POST", body: "{}" });
    assert.deepEqual([status, headers.get("retry-after")], [503, "1"]);
  });

  test("what is refused is refused for good", async () => {
    const { ask } = open(delivering({ refused: "the signature does not fit the message" }));
    assert.equal((await ask("/v1/sns", { method: "POST", body: "{}" })).status, 403);
  });

  const notEvents: ReadonlyArray<readonly [why: string, text: string, says: RegExp]> = [
    ["words", "hello", /not JSON/],
    ["nothing at all", "", /body is empty/],
  ];
  for (const [why, text, says] of notEvents) {
    test(`a notification that is no event is kept in quarantine: ${why}`, async () => {
      const { ask, aside } = open(delivering({ event: text, arrival: {} }));
      assert.equal((await ask("/v1/sns", { method: "POST", body: "{}" })).status, 202);
      assert.equal(aside[0]?.text, text);
      assert.match(aside[0]?.reason ?? "", says);
    });
  }

  test("so is JSON that is no EventBridge event, with the field at fault", async () => {
    const bad = { index: 0, field: "detail", message: "expected a JSON object, got nothing" };
    const { ask, aside } = open({
      ...delivering({ event: '{"Records":[]}', arrival: {} }),
      accept: () => Promise.resolve({ bad }),
    });
    assert.equal((await ask("/v1/sns", { method: "POST", body: "{}" })).status, 202);
    assert.deepEqual(aside, [{ text: '{"Records":[]}', reason: "detail: expected a JSON object, got nothing" }]);
  });

  test("when the disk does not take it either, SNS is asked to try again", async () => {
    const { ask } = open({
      ...delivering({ event: "hello", arrival: {} }),
      setAside: () => Promise.reject(new Error("disk is full")),
    });
    assert.equal((await ask("/v1/sns", { method: "POST", body: "{}" })).status, 503);
  });
});

suite("what a sender of events is answered", () => {
  test("a store that is full is no fault: come again", async () => {
    const { ask, faults } = open({ accept: () => Promise.reject(new StoreFullError("too much waits")) });
    const { status, headers, error } = await ask("/v1/events", post("{}"));
    assert.deepEqual([status, headers.get("retry-after"), error?.code], [503, "1", "unavailable"]);
    assert.deepEqual(faults, []);
  });

  test("an event that cannot be decided is no fault of the disk: 500, and the log says why", async () => {
    const { ask, faults } = open({ accept: () => Promise.reject(new UndecidedError("event e1 could not be decided")) });
    const { status, error } = await ask("/v1/events", post("{}"));
    assert.deepEqual([status, error?.code], [500, "internal"]);
    assert.equal(faults.length, 1);
  });

  test("a disk that fails is a fault, and still only: come again", async () => {
    const { ask, faults } = open({ accept: () => Promise.reject(new Error("disk I/O error")) });
    const { status, error } = await ask("/v1/events", post("{}"));
    assert.equal(status, 503);
    assert.match(error?.message ?? "", /was not taken: disk I\/O error/);
    assert.equal(faults.length, 1);
  });

  test("while the relay stops, nothing new is taken", async () => {
    const { ask } = open({ isStopping: () => true });
    assert.equal((await ask("/v1/events", post("{}"))).status, 503);
    assert.equal((await ask("/v1/sns", post("{}"))).status, 503);
    assert.equal((await ask("/readyz")).status, 503);
    assert.equal((await ask("/healthz")).status, 200);
  });

  const methods: ReadonlyArray<readonly [method: string, path: string, allow: string]> = [
    ["GET", "/v1/events", "POST"],
    ["OPTIONS", "/v1/events", "POST"],
    ["PUT", "/v1/sns", "POST"],
    ["POST", "/healthz", "GET, HEAD"],
    ["DELETE", "/metrics", "GET, HEAD"],
  ];
  for (const [method, path, allow] of methods) {
    test(`${method} ${path} is answered with what is allowed`, async () => {
      const { status, headers, error } = await open().ask(path, { method });
      assert.deepEqual([status, headers.get("allow"), error?.code], [405, allow, "method"]);
    });
  }
});

suite("what Slack is answered", () => {
  const heard = (request: Awaited<ReturnType<SlackDoor>>): Partial<HttpDoor> => ({
    slack: () => Promise.resolve(request),
  });
  const cases: ReadonlyArray<readonly [why: string, over: Partial<HttpDoor>, status: number]> = [
    ["without a signing secret there is no such path", {}, 404],
    ["who is not Slack hears nothing but that", heard({ kind: "unproved" }), 401],
    ["a click is acknowledged", heard({ kind: "said", said: { type: "block_actions", names: [] } }), 200],
    ["what nobody here reads is acknowledged too: Slack would send it again", heard({ kind: "unread" }), 200],
    ["a secret that cannot be read is a fault", { slack: () => Promise.reject(new Error("no such parameter")) }, 500],
    ["while the relay stops, it may come again", { ...heard({ kind: "unread" }), isStopping: () => true }, 503],
  ];
  for (const [why, over, status] of cases) {
    test(`${why}: ${status}`, async () => {
      assert.equal((await open(over).ask("/v1/slack", { method: "POST", body: "payload={}" })).status, status);
    });
  }

  test("the path takes POST alone, and is named among the others", async () => {
    const { ask } = open(heard({ kind: "unread" }));
    assert.equal((await ask("/v1/slack")).headers.get("allow"), "POST");
    assert.match((await ask("/nothing")).error?.message ?? "", /POST \/v1\/slack, GET \/healthz/);
  });
});
