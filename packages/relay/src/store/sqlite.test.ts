import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { MIGRATIONS } from "./migrations.ts";
import { ACME, at, opened, retention, stranger } from "./samples.contract.ts";
import { openSqliteStore } from "./sqlite.ts";
import { openSqliteThread } from "./sqlite-thread.ts";
import { storeContract } from "./store.contract.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-store-"));
let stores = 0;
const newDir = (): string => {
  stores += 1;
  return join(folder, String(stores));
};
const lastDir = (): string => join(folder, String(stores));

after(() => rmSync(folder, { recursive: true, force: true }));

storeContract("the SQLite store", {
  openEmpty: () => Promise.resolve(openSqliteStore({ dataDir: newDir() })),
  reopen: () => Promise.resolve(openSqliteStore({ dataDir: lastDir() })),
});

storeContract("the SQLite store on its own thread", {
  openEmpty: () => openSqliteThread({ dataDir: newDir() }),
  reopen: () => openSqliteThread({ dataDir: lastDir() }),
});

const WAYS: ReadonlyArray<readonly [name: string, open: typeof openSqliteThread]> = [
  ["openSqliteStore", async (options) => openSqliteStore(options)],
  ["openSqliteThread", openSqliteThread],
];

for (const [name, open] of WAYS) {
  suite(name, () => {
    test("a folder that another relay owns is refused, and free again when that one closed", async () => {
      const dataDir = newDir();
      const first = await open({ dataDir });
      await assert.rejects(open({ dataDir }), {
        name: "DataDirError",
        message: /in use by another relay.*--data DIR/,
      });
      const looksIn = await open({ dataDir, isOwner: false });
      await looksIn.close();
      await first.close();
      await (await open({ dataDir })).close();
    });

    test("a file that a newer version wrote is not touched, nor is the folder kept", async () => {
      const dataDir = newDir();
      await (await open({ dataDir })).close();
      setVersion(dataDir, 99);
      await assert.rejects(open({ dataDir }), { name: "DataDirError", message: /newer shirase \(version 99/ });
      setVersion(dataDir, MIGRATIONS.length);
      await (await open({ dataDir })).close();
    });

    test("a file that is no database is said so, and left as it is", async () => {
      const dataDir = newDir();
      await (await open({ dataDir })).close();
      writeFileSync(join(dataDir, "relay.sqlite"), "this is no database, however long it may be".repeat(100));
      await assert.rejects(open({ dataDir }), { name: "DataDirError", message: /relay\.sqlite cannot be opened/ });
    });

    test("a folder that cannot be made is said so", async () => {
      const file = join(folder, `a-file-${name}`);
      writeFileSync(file, "");
      const dataDir = join(file, "data");
      await assert.rejects(open({ dataDir }), { name: "DataDirError", message: /cannot be used.*--data DIR/ });
    });
  });
}

function setVersion(dataDir: string, version: number): void {
  const database = new DatabaseSync(join(dataDir, "relay.sqlite"));
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}

suite("pruning", () => {
  test("gives the room of what is forgotten back to the disk", async () => {
    const dataDir = newDir();
    const store = openSqliteStore({ dataDir });
    const pages = (): number => {
      const database = new DatabaseSync(join(dataDir, "relay.sqlite"), { readOnly: true });
      const count = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
      database.close();
      return count;
    };
    const large = Array.from({ length: 3000 }, (_, n) => {
      return { ...stranger(`s${n}`), body: () => "x".repeat(4000) };
    });
    await store.tell([...large, opened("e1", ["sg-1"])], at(0));
    const before = pages();
    await store.prune(retention({ quarantinedBefore: at(1) }));
    assert.ok(before > 3000 && pages() < before / 2, `${before} pages became ${pages()}`);
    assert.equal((await store.view(ACME.channelId, ACME.customerId, at(1))).pendingCount, 1);
    await store.close();
  });
});
