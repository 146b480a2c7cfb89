import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { groupCommit } from "./group-commit.ts";
import { openSqliteStore } from "./sqlite.ts";
import { storeContract } from "./store.contract.ts";
import { StoreFullError } from "./store.ts";

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

suite("openSqliteStore", () => {
  test("a folder that another relay owns is refused, and free again when that one closed", async () => {
    const dataDir = newDir();
    const first = openSqliteStore({ dataDir });
    assert.throws(() => openSqliteStore({ dataDir }), /in use by another relay.*--data DIR/);
    const looksIn = openSqliteStore({ dataDir, isOwner: false });
    await looksIn.close();
    await first.close();
    await openSqliteStore({ dataDir }).close();
  });

  test("a file that a newer version wrote is not touched", async () => {
    const dataDir = newDir();
    await openSqliteStore({ dataDir }).close();
    const database = new DatabaseSync(join(dataDir, "relay.sqlite"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    assert.throws(() => openSqliteStore({ dataDir }), /newer shirase \(version 99/);
  });

  test("a file that is no database is said so, and left as it is", async () => {
    const dataDir = newDir();
    await openSqliteStore({ dataDir }).close();
    writeFileSync(join(dataDir, "relay.sqlite"), "this is no database, however long it may be".repeat(100));
    assert.throws(() => openSqliteStore({ dataDir }), /relay\.sqlite cannot be opened/);
  });

  test("a folder that cannot be made is said so", () => {
    const file = join(folder, "a-file");
    writeFileSync(file, "");
    assert.throws(() => openSqliteStore({ dataDir: join(file, "data") }), /cannot be used.*--data DIR/);
  });
});

suite("groupCommit", () => {
  test("what is added in one turn is written in one commit", async () => {
    const commits: (readonly string[])[] = [];
    const queue = groupCommit<string, string>((parts) => {
      commits.push(parts);
      return parts.map((part) => part.toUpperCase());
    });
    assert.deepEqual(await Promise.all([queue.add("a", 1), queue.add("b", 1)]), ["A", "B"]);
    assert.equal(await queue.add("c", 1), "C");
    assert.deepEqual(commits, [["a", "b"], ["c"]]);
  });

  test("a commit that fails is heard by each of its callers, and the next one works", async () => {
    let isBroken = true;
    const queue = groupCommit<string, string>((parts) => {
      if (isBroken) throw new Error("disk full");
      return parts.map(String);
    });
    const both = await Promise.allSettled([queue.add("a", 1), queue.add("b", 1)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    isBroken = false;
    assert.equal(await queue.add("c", 1), "c");
  });

  test("more than fits is refused at once, and what waits is kept", async () => {
    const queue = groupCommit<number, number>((parts) => [...parts]);
    const fits = queue.add(1, 20_000);
    await assert.rejects(queue.add(2, 1), StoreFullError);
    assert.equal(await fits, 1);
  });
});
