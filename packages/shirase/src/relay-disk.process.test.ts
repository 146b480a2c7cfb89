/** `shirase relay` as a process of its own whose disk fills up, loses its file, or cannot be written at all. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { type FakeSlack, startFakeSlack } from "@shirase/fake-slack";
import { sampleEvent } from "@shirase/testkit/events";
import { type RelayProcess, spawnRelay } from "@shirase/testkit/relay-process";

const BIN = join(import.meta.dirname, "bin.ts");
const CHANNEL = "C0ACME00000";
const KEY = "a-key-for-tests";
const FAILING = sampleEvent("securityhub/lifecycle/01-new.json");
const LINUX_ONLY = process.platform === "linux" ? false : "limits of file size are set with Linux's prlimit";
/** Whom a folder's permissions stop even when the tests run as root. */
const NOBODY = 65_534;

const folder = mkdtempSync(join(tmpdir(), "shirase-disk-"));
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});
after(() => rmSync(folder, { recursive: true, force: true }));

type Running = { readonly relay: RelayProcess; readonly url: string; readonly slack: FakeSlack };

/** Nothing is told: Slack closed its only channel, so all that is kept is there to be counted. */
async function start(name: string, limits: { readonly largestFileKiB?: number } = {}): Promise<Running> {
  const slack = await startFakeSlack({ channels: [{ id: CHANNEL }], limits: "off" });
  slack.setChannel({ id: CHANNEL, isArchived: true });
  cleanUps.push(() => slack.close());
  const config = join(folder, `${name}.yaml`);
  writeFileSync(
    config,
    `hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789 }
customers:
  - { id: acme, name: Acme, accounts: ["222222222222"], slack: { channel: ${CHANNEL} } }
`,
  );
  const relay = spawnRelay({
    bin: BIN,
    args: ["--config", config, "--listen", "127.0.0.1:0", "--data", join(folder, name)],
    env: { SLACK_BOT_TOKEN: slack.token, SLACK_API_URL: slack.apiUrl, SHIRASE_INGEST_KEY: KEY },
    ...limits,
  });
  cleanUps.push(() => relay.stop("SIGKILL"));
  const { url = "" } = await relay.logged(({ msg }) => msg === "listening");
  return { relay, url, slack };
}

/** Ten events about ten problems of their own. */
function batch(number: number): string {
  return JSON.stringify(
    Array.from({ length: 10 }, (_, index) => {
      const name = `sg-${number}-${index}`;
      return JSON.parse(JSON.stringify({ ...FAILING, id: name }).replaceAll(/sg-[0-9a-f]{6,}/g, name)) as object;
    }),
  );
}

function post(url: string, number: number): Promise<Response> {
  return fetch(`${url}/v1/events`, { method: "POST", headers: { "x-api-key": KEY }, body: batch(number) });
}

type Accepted = { readonly accepted: number; readonly duplicates: number };

/** Posts batches until one is refused. @returns which, and the refusal. */
async function postUntilRefused(url: string): Promise<readonly [number, Response]> {
  for (let number = 0; number < 2000; number++) {
    const answer = await post(url, number);
    if (answer.status !== 202) return [number, answer];
    await answer.arrayBuffer();
  }
  throw new Error("the disk never became full");
}

/** What `/readyz` says once it says no: it asks the disk every 5 s. */
async function notReady(url: string): Promise<string> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const answer = await fetch(`${url}/readyz`);
    const said = await answer.text();
    if (answer.status === 503) return said;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("/readyz never said that the disk takes nothing");
}

async function duplicatesAmong(url: string, count: number): Promise<number> {
  let duplicates = 0;
  for (let number = 0; number < count; number++) {
    duplicates += ((await (await post(url, number)).json()) as Accepted).duplicates;
  }
  return duplicates;
}

suite("shirase relay on a disk that is full", { skip: LINUX_ONLY }, () => {
  test("refuses with 503 and says why, keeps what it took, and goes on when there is room", async () => {
    const { relay, url } = await start("full", { largestFileKiB: 2048 });
    const [full, refused] = await postUntilRefused(url);
    assert.ok(full > 5, `${full} batches fitted`);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.match(await refused.text(), /could not be written to disk, so it was not taken: .*(full|I\/O)/);
    assert.match(await notReady(url), /the data folder cannot be written: .*Make room/);
    await relay.makeRoom();
    const again = await post(url, full);
    assert.deepEqual([again.status, ((await again.json()) as Accepted).duplicates], [202, 0]);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.equal(await duplicatesAmong(url, full + 1), (full + 1) * 10, "all that was acknowledged is there");
    assert.equal(await relay.stop("SIGTERM"), 0);
    const next = await start("full");
    assert.equal(await duplicatesAmong(next.url, full + 1), (full + 1) * 10, "and after a restart");
  });
});

suite("shirase relay whose file is moved away", () => {
  test("refuses with 503 and says why, until it is back", async () => {
    const { url } = await start("moved");
    assert.equal((await post(url, 0)).status, 202);
    const file = join(folder, "moved", "relay.sqlite");
    renameSync(file, `${file}.away`);
    const refused = await post(url, 1);
    assert.equal(refused.status, 503);
    assert.match(await refused.text(), /was removed while the relay runs/);
    assert.match(await notReady(url), /was removed while the relay runs; put it back/);
    renameSync(`${file}.away`, file);
    assert.equal((await post(url, 1)).status, 202);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
    assert.equal(await duplicatesAmong(url, 2), 20);
  });
});

suite("a data folder that cannot be written", () => {
  const CASES: ReadonlyArray<readonly [why: string, name: string, forbid: (dataDir: string) => void, says: RegExp]> = [
    ["the folder is read-only", "ro-folder", (dir) => chmodSync(dir, 0o555), /cannot be used: .*--data DIR/],
    ["its file is read-only", "ro-file", (dir) => chmodSync(join(dir, "relay.sqlite"), 0o444), /readonly database/],
  ];
  for (const [why, name, forbid, says] of CASES) {
    test(`${why}: one sentence that names it, and nothing of the file is touched`, () => {
      const dataDir = join(folder, name);
      const asWhom = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
      chmodSync(folder, 0o755);
      mkdirSync(dataDir);
      if ("uid" in asWhom) chownSync(dataDir, NOBODY, NOBODY);
      assert.equal(openAs(asWhom, dataDir), "open\n");
      forbid(dataDir);
      if (name === "ro-folder") for (const file of ["relay.lock"]) rmSync(join(dataDir, file));
      assert.match(openAs(asWhom, dataDir), says);
    });
  }
});

/** Opens the store in a process of its own. @returns "open", or why not. */
function openAs(asWhom: object, dataDir: string): string {
  const store = pathToFileURL(join(import.meta.dirname, "../../relay/src/store/sqlite.ts")).href;
  const script = `const { openSqliteStore } = await import(${JSON.stringify(store)});
    try {
      const store = openSqliteStore({ dataDir: ${JSON.stringify(dataDir)} });
      await store.close();
      console.log("open");
    } catch (error) { console.log(error.name + ": " + error.message); }`;
  const args = ["--conditions=@shirase/source", "--input-type=module", "--eval", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", ...asWhom });
  return stdout === "" ? stderr : stdout;
}
