import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
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

storeContract("the SQLite store on its own thread", {
  openEmpty: () => openSqliteThread({ dataDir: newDir() }),
  reopen: () => openSqliteThread({ dataDir: lastDir() }),
});

storeContract("the SQLite store", {
  openEmpty: () => Promise.resolve(openSqliteStore({ dataDir: newDir() })),
  reopen: () => Promise.resolve(openSqliteStore({ dataDir: lastDir() })),
});
