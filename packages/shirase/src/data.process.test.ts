/** `shirase data`, as somebody types it, beside a store that is open for writing. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { openSqliteStore } from "@shirase/relay/store/sqlite";
import { OWN_ENV } from "@shirase/testkit/own-env";

const BIN = join(import.meta.dirname, "bin.ts");
const folder = mkdtempSync(join(tmpdir(), "shirase-data-"));
const dataDir = join(folder, "data");
const NOW = new Date("2026-11-20T00:00:00Z");

const store = openSqliteStore({ dataDir });
const note = { customerId: "acme", channelId: "C0ACME00000", kind: "note", severityRank: 3, body: "{}" } as const;
await store.enqueue({ ...note, id: "waits", counted: 3, isBroadcast: false }, NOW);
await store.enqueue({ ...note, id: "dead", counted: 1, isBroadcast: false }, NOW);
await store.markDead("dead", "invalid_blocks", NOW);
await store.setAside("x", "not JSON", "hello", NOW);

after(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function data(...args: readonly string[]) {
  const command = ["--conditions=@shirase/source", BIN, "data", ...args];
  const env = { ...OWN_ENV, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8", env, cwd: folder });
  return { status, stdout, stderr };
}

suite("shirase data", () => {
  test("check says that all is well", () => {
    assert.deepEqual(data("check", "--data", dataDir), { status: 0, stdout: `✔ ${dataDir} is sound\n`, stderr: "" });
  });

  test("backup writes a copy that check finds sound, and says how to go back to it", () => {
    const file = join(folder, "copy.sqlite");
    const { status, stdout, stderr } = data("backup", file, "--data", dataDir);
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /is a sound copy of .* \(0\.\d MB\)\.\nTo go back to it: stop the relay, .*relay\.sqlite\.\n$/,
    );
    const again = data("backup", file, "--data", dataDir);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^shirase: .*copy\.sqlite exists\. Give the backup a name of its own/);
  });

  test("stats counts", () => {
    const { status, stdout, stderr } = data("stats", "--data", dataDir);
    assert.equal(status, 0, stderr);
    const lines = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | "));
    assert.deepEqual(lines.slice(0, 6), [
      "problems known | 0",
      "findings that wait to be told | 3 | acme",
      "the oldest of them since | 2026-11-20T00:00:00.000Z",
      "messages given up | 1 | acme",
      "channels paused | 0",
      "events in quarantine | 1",
    ]);
    assert.match(String(lines[6]), /^size on disk \| 0\.\d MB, of which 0\.\d MB is free to be used again$/);
    const json = JSON.parse(data("stats", "--json", "--data", dataDir).stdout) as Record<string, unknown>;
    assert.deepEqual([json["waitingByCustomer"], json["oldestWaitingAt"]], [{ acme: 3 }, "2026-11-20T00:00:00.000Z"]);
  });

  test("a folder without a store is said so, and what is damaged ends with 1", async () => {
    const none = data("check", "--data", folder);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /^shirase: .* is no data folder of a relay\. Name it with --data DIR/);
    const broken = join(folder, "broken");
    await openSqliteStore({ dataDir: broken }).close();
    writeFileSync(join(broken, "relay.sqlite"), "this is no database, however long it may be".repeat(100));
    const { status, stdout, stderr } = data("check", "--data", broken);
    assert.equal(status, 1);
    assert.match(stdout + stderr, /cannot be read|damaged/);
    assert.ok(!stderr.includes("    at "), stderr);
  });
});
