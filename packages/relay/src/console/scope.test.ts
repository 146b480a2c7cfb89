/**
 * A person who may see one customer asks for everything there is. Each address of the console is in one of the tables
 * below: who adds one must say here what becomes of it for such a person.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Config } from "@shirase/core/config";
import { prepare } from "@shirase/core/prepare";
import { type LoadCustomer, loadConfig, securityHubEvent } from "@shirase/testkit/load";
import { type OpenIdProvider, startOpenIdProvider } from "@shirase/testkit/openid-provider";
import type { Hono } from "hono";
import { accept } from "../accept.ts";
import { openSqliteStore, type SqliteStore } from "../store/sqlite.ts";
import type { Desk } from "./desk.ts";
import { openReads } from "./reads-sqlite.ts";
import { consoleApp } from "./routes.ts";

const NOW = new Date("2026-11-20T02:30:00Z");
const URL_OF_IT = "http://127.0.0.1:8080";
const ALL = "ana@msp.example";
const SOME = "ben@msp.example";

const OTHER: LoadCustomer = { id: "other-co", account: "299999999991", channel: "C0OTHERS000" };
const MINE: LoadCustomer = { id: "mine-co", account: "233333333333", channel: "C0MINE00000" };
/** Tells in the same channel as MINE: what they share is the channel only. */
const SHARED: LoadCustomer = { id: "beside-co", account: "299999999992", channel: MINE.channel };
const TITLE = "What the others shall keep";
/** What may be in no answer. */
const SECRETS = [OTHER.id, SHARED.id, OTHER.account, SHARED.account, OTHER.channel, TITLE, "of the hub alone", ALL];

const SECRETS_BUT_IDS = ["Customer other-co", "Customer beside-co", OTHER.account, SHARED.account, TITLE];

/** Addresses of one's own, and of another's beside those of nobody: these answer alike. */
type Gets = {
  readonly own?: readonly string[];
  readonly alike?: ReadonlyArray<readonly [others: string, nobodys: string]>;
};

/** `{mine}` and `{other}`: numbers of findings. */
const GETS: Readonly<Record<string, Gets>> = {
  "/": { own: ["/"] },
  "/customers/:id": {
    own: ["/customers/mine-co", "/customers/mine-co?q=others", "/customers/mine-co?q=shall&standing=resolved"],
    alike: [["/customers/other-co", "/customers/nobody-co"]],
  },
  "/customers/:id/channel": {
    own: ["/customers/mine-co/channel"],
    alike: [["/customers/other-co/channel", "/customers/nobody-co/channel"]],
  },
  "/customers/:id/report": {
    own: ["/customers/mine-co/report", "/customers/mine-co/report?format=csv"],
    alike: [
      ["/customers/other-co/report", "/customers/nobody-co/report"],
      ["/customers/other-co/report?format=csv", "/customers/nobody-co/report?format=csv"],
    ],
  },
  "/customers/:id/silences": {
    own: ["/customers/mine-co/silences"],
    alike: [["/customers/other-co/silences", "/customers/nobody-co/silences"]],
  },
  "/playground": {
    own: ["/playground", "/playground?customer=mine-co&days=90", "/playground?finding={mine}"],
    alike: [
      ["/playground?customer=other-co&days=90", "/playground?customer=nobody-co&days=90"],
      ["/playground?finding={other}", "/playground?finding=999999"],
    ],
  },
  "/findings/:id": { own: ["/findings/{mine}"], alike: [["/findings/{other}", "/findings/999999"]] },
  "/deliveries": {
    own: ["", "?state=dead", "?state=waiting", "?state=sent", "?redriven=1"].map((query) => `/deliveries${query}`),
    alike: ["dead", "waiting", "sent"].flatMap((state) => [
      [`/deliveries?state=${state}&customer=other-co`, `/deliveries?state=${state}&customer=nobody-co`] as const,
      [`/deliveries?state=${state}&channel=C0OTHERS000`, `/deliveries?state=${state}&channel=C0NOBODY000`] as const,
    ]),
  },
  "/messages/:id/slack": {
    own: ["/messages/sent-mine-co/slack"],
    alike: [
      ["/messages/sent-other-co/slack", "/messages/sent-nobody-co/slack"],
      ["/messages/sent-beside-co/slack", "/messages/sent-nobody-co/slack"],
    ],
  },
  "/setup": {
    own: ["/setup", "/setup?tested=mine-co"],
    alike: [["/setup?tested=other-co", "/setup?tested=nobody-co"]],
  },
  "/setup/customers/:id": {
    own: ["/setup/customers/mine-co"],
    alike: [["/setup/customers/other-co", "/setup/customers/nobody-co"]],
  },
  "/setup/customers/:id/files/:name": {
    own: ["/setup/customers/mine-co/files/a.txt"],
    alike: [["/setup/customers/other-co/files/a.txt", "/setup/customers/nobody-co/files/a.txt"]],
  },
  "/audit": { own: ["/audit"] },
  "/live": { own: ["/live"] },
  "/assets/styles.css": { own: ["/assets/styles.css"] },
  "/assets/console.js": { own: ["/assets/console.js"] },
  "/assets/editor.js": { own: ["/assets/editor.js"] },
  "/assets/icon.svg": { own: ["/assets/icon.svg"] },
  "/language/:language": { own: ["/language/en", "/language/xx"] },
  "/login": { own: ["/login"] },
  "/login/callback": { own: ["/login/callback?code=none"] },
  "/login/out": { own: ["/login/out"] },
};

/** What is sent on another's behalf, and on nobody's. */
const POSTS: Readonly<Record<string, ReadonlyArray<readonly [path: string, form: Readonly<Record<string, string>>]>>> =
  {
    "/customers/:id/silences": [["/customers/other-co/silences", { match: "{}", reason: "none", days: "7" }]],
    "/customers/:id/silences/end": [
      ["/customers/other-co/silences/end", { silence: "silence-other-co" }],
      ["/customers/mine-co/silences/end", { silence: "silence-other-co" }],
    ],
    "/playground": [["/playground", { customer: "other-co", days: "90", finding: "{other}" }]],
    "/setup/test": [["/setup/test", { customer: "other-co" }]],
    "/deliveries/redrive": [
      ["/deliveries/redrive", { id: "dead-other-co" }],
      ["/deliveries/redrive", { id: "dead-beside-co" }],
      ["/deliveries/redrive", { channel: "C0OTHERS000" }],
      ["/deliveries/redrive", { scope: "filter", customer: "other-co" }],
      ["/deliveries/redrive", { scope: "filter", customer: "beside-co" }],
      ["/deliveries/redrive", { scope: "filter", channel: "C0OTHERS000" }],
    ],
    "/logout": [],
  };

suite("who may see one customer", () => {
  let scene!: Scene;
  let some!: Visit;
  before(async () => {
    scene = await startScene();
    some = await signIn(scene, SOME);
  });
  after(() => scene?.stop());

  test("every address of the console is in the tables", () => {
    const routes = scene.app.routes.filter(({ method }) => method !== "ALL");
    const known = (method: string, table: object): string[] => Object.keys(table).map((path) => `${method} ${path}`);
    const there = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    assert.deepEqual([...there].sort(), [...known("GET", GETS), ...known("POST", POSTS)].sort());
  });

  test("what is looked for is there: who may see all finds it", async () => {
    const all = await signIn(scene, ALL);
    const asked = ["/", "/deliveries?state=dead", "/audit", "/setup", "/findings/{other}", "/customers/beside-co"];
    const texts = await Promise.all(asked.map(async (path) => (await all.ask(path)).text));
    for (const secret of SECRETS) assert.ok(texts.join().includes(secret), `nobody would find ${secret}`);
  });

  for (const [route, { own = [], alike = [] }] of Object.entries(GETS)) {
    test(`${route}: nothing of another's`, async () => {
      for (const path of own) showsNothing(path, await some.ask(path), SECRETS);
      for (const [others, nobodys] of alike) {
        const [one, none] = [await some.ask(others), await some.ask(nobodys)];
        assert.deepEqual(sameNames(one), sameNames(none), others);
        if (route.includes(":")) assert.equal(one.status, 404, others);
        // Their ids were asked for; they come back in links.
        showsNothing(others, one, SECRETS_BUT_IDS);
      }
    });
  }

  test("one's own is there, and nothing of the whole hub", async () => {
    const page = (await some.ask("/")).text;
    assert.match(page, /Customer mine-co/);
    assert.doesNotMatch(page, /quarantine|href="\/audit"/i);
    const answers = [
      ["/customers/mine-co", 200],
      ["/customers/mine-co/report?format=csv", 200],
      ["/findings/{mine}", 200],
      ["/messages/sent-mine-co/slack", 303],
      ["/setup/customers/mine-co/files/a.txt", 200],
      ["/audit", 404],
    ] as const;
    for (const [path, status] of answers) assert.equal((await some.ask(path)).status, status, path);
    assert.doesNotMatch((await some.ask("/deliveries")).text, /quarantine/i);
    assert.match((await some.ask("/deliveries?state=dead")).text, /said to mine-co/);
  });

  for (const [route, asks] of Object.entries(POSTS)) {
    test(`POST ${route}: changes nothing of another's and answers as for nobody`, async () => {
      const before = await scene.kept();
      for (const [path, form] of asks) {
        const one = await some.ask(path, form);
        const none = await some.ask(nobodysOf(path), mapValues(form, nobodysOf));
        assert.deepEqual(sameNames(one), sameNames(none), `${path} ${JSON.stringify(form)}`);
        showsNothing(path, one, SECRETS_BUT_IDS);
      }
      assert.deepEqual(await scene.kept(), before);
    });
  }

  test("trying a channel that others share again takes one's own letters only", async () => {
    const before = (await scene.kept()).dead;
    assert.equal((await some.ask("/deliveries/redrive", { channel: MINE.channel })).to, "/deliveries?redriven=1");
    const { dead, paused } = await scene.kept();
    assert.deepEqual(
      dead,
      before.filter((id) => id !== "dead-mine-co"),
    );
    assert.deepEqual(paused, [OTHER.channel]);
  });

  test("the live stream says nothing of when something happened to the others", async () => {
    assert.equal((await some.ask("/live")).text, ": here\n\n");
  });
});

function showsNothing(path: string, { status, text }: Answer, secrets: readonly string[]): void {
  assert.ok(status < 500, `${path}: ${status}`);
  for (const secret of secrets) assert.ok(!text.includes(secret), `${path} shows ${secret}`);
}

type Answer = { readonly status: number; readonly to: string; readonly text: string };
type Visit = { readonly ask: (path: string, form?: Readonly<Record<string, string>>) => Promise<Answer> };
type Kept = {
  readonly dead: readonly string[];
  readonly paused: readonly string[];
  readonly silences: readonly string[];
  readonly accepted: number;
};
type Scene = {
  readonly app: Hono;
  readonly provider: OpenIdProvider;
  /** Fills in the numbers of findings. */
  readonly filled: (text: string) => string;
  readonly kept: () => Promise<Kept>;
  readonly stop: () => Promise<void>;
};

/** Three customers with a finding, messages of every state, a pause and a silence each; what is the hub's alone. */
async function startScene(): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), "shirase-scope-"));
  const provider = await startOpenIdProvider();
  const { issuer, clientId, clientSecret } = provider;
  const console = {
    url: URL_OF_IT,
    oidc: { issuer, clientId, clientSecret: { env: "CLIENT_SECRET" } },
    people: [
      { email: ALL, role: "operator" },
      { email: SOME, role: "operator", customers: [MINE.id] },
    ],
  };
  const config = Config.parse({ ...loadConfig([OTHER, SHARED, MINE]), console });
  const prepared = prepare(config);
  const store = openSqliteStore({ dataDir });
  for (const one of [OTHER, SHARED, MINE]) await fill(store, prepared, one);
  await store.setAside("stranger", "of the hub alone", "{}", NOW);
  await store.audit({ at: NOW, who: ALL, action: "test", subject: `customer ${OTHER.id}` });
  const reads = openReads(dataDir);
  const ids = await Promise.all(
    [MINE, OTHER].map(async ({ id }) => {
      const found = await reads.problems({ customerId: id, standing: "open", offset: 0, limit: 1 });
      return String(found.items[0]?.id);
    }),
  );
  let accepted = 0;
  const desk: Desk = {
    seesAll: true,
    config,
    customers: prepared.customers,
    reads,
    store,
    pulses: async () =>
      [OTHER, MINE].map(({ id, account }) => {
        return { customerId: id, accountId: account, region: "ap-northeast-1", state: "never", everyMs: 3_600_000 };
      }),
    permalink: async ({ ts }) => `https://slack.example/${ts}`,
    accept: async () => {
      accepted += 1;
    },
    now: () => NOW,
    onboard: async ({ id }) => ({ steps: [], message: `for ${id}`, attachments: { "a.txt": id } }),
    silences: { own: prepared.silencers, refresh: async () => undefined },
    wake: () => undefined,
    onFault: () => undefined,
    login: { console: config.console ?? assert.fail(), clientSecret },
  };
  return {
    app: consoleApp(desk),
    provider,
    filled: (text) => text.replace("{mine}", ids[0] ?? "").replace("{other}", ids[1] ?? ""),
    kept: async () => ({
      dead: (await store.deadLetters()).map(({ id }) => id),
      paused: (await store.pauses()).map(({ channelId }) => channelId).sort(),
      silences: (await store.silences(NOW)).map(({ id }) => id).sort(),
      accepted,
    }),
    stop: async () => {
      await reads.close();
      await store.close();
      await provider.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function fill(store: SqliteStore, prepared: ReturnType<typeof prepare>, customer: LoadCustomer): Promise<void> {
  const { id, channel } = customer;
  const event = JSON.parse(JSON.stringify(securityHubEvent(customer, 1)));
  event.detail.findings[0].Title = customer === MINE ? "My own" : TITLE;
  const took = await accept([event], {}, { prepared, store }, NOW);
  assert.ok(!("bad" in took));
  const message = {
    customerId: id,
    channelId: channel,
    kind: "card",
    severityRank: 4,
    counted: 1,
    isBroadcast: false,
  } as const;
  const body = JSON.stringify({ text: `said to ${id}`, blocks: [] });
  for (const state of ["waiting", "sent", "dead"]) await store.enqueue({ ...message, id: `${state}-${id}`, body }, NOW);
  await store.markSent(`sent-${id}`, `17000000.${id.length}`, NOW);
  await store.markDead(`dead-${id}`, "invalid_blocks", NOW);
  await store.pause({ channelId: channel, reason: "is_archived", remedy: "", pausedAt: NOW, recheckAt: NOW });
  const until = new Date(NOW.getTime() + 3_600_000);
  await store.addSilence({
    id: `silence-${id}`,
    customerId: id,
    match: '{"source":["aws.none"]}',
    owner: `somebody at ${id}`,
    reason: `a reason of ${id}`,
    from: NOW,
    until,
  });
}

/** Comes in as this person. */
async function signIn({ app, provider, filled }: Scene, email: string): Promise<Visit> {
  const jar = new Map<string, string>();
  const raw = async (path: string, form?: Readonly<Record<string, string>>): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { cookie, "accept-language": "en" };
    const init = form ? { method: "POST", body: new URLSearchParams(form), headers } : { headers };
    const answer = await app.request(new URL(path, URL_OF_IT).href, init);
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return answer;
  };
  provider.next({ email });
  const there = (await raw("/login")).headers.get("location") ?? "";
  const back = (await fetch(there, { redirect: "manual" })).headers.get("location") ?? "";
  assert.equal((await raw(back)).status, 303);
  const token = /name="token" value="([^"]+)"/.exec(await (await raw("/")).text())?.[1] ?? "";
  return {
    ask: async (path, form) => {
      const answer = await raw(filled(path), form && { ...mapValues(form, filled), token });
      const text = path === "/live" ? await firstOf(answer) : await answer.text();
      return { status: answer.status, to: answer.headers.get("location") ?? "", text };
    },
  };
}

/** What a stream says first; nobody waits for more. */
async function firstOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value);
}

/** What somebody typed comes back in links and fields: by one name for all. */
function sameNames({ status, to, text }: Answer): Answer {
  return { status, to: nobodysOf(to), text: nobodysOf(text) };
}

function nobodysOf(text: string): string {
  return text
    .replaceAll(/other-co|beside-co/g, "nobody-co")
    .replaceAll("C0OTHERS000", "C0NOBODY000")
    .replaceAll(/(finding(?:s\/|=|%3D|s%2F))\d+/g, "$1999999")
    .replaceAll("{other}", "999999");
}

function mapValues(
  form: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, change(value)]));
}
