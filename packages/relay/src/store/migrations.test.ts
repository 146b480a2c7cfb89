/** Files that earlier versions wrote: made here with those versions' own SQL, kept as text, then opened by this one. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, suite, test } from "node:test";
import { ACME, at, opened, resourcesOf, stranger } from "./samples.contract.ts";
import { openSqliteStore } from "./sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-migrations-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** As released; never to be changed. */
const VERSION_1 = `
  CREATE TABLE events (
    customer_id TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (customer_id, event_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_age ON events (seen_at);

  CREATE TABLE outbox (
    seq            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    customer_id    TEXT NOT NULL,
    channel_id     TEXT NOT NULL,
    severity_rank  INTEGER NOT NULL,
    message        TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts       INTEGER NOT NULL DEFAULT 0,
    first_tried_at INTEGER,
    ended_at       INTEGER,
    slack_ts       TEXT,
    reason         TEXT
  ) STRICT;
  CREATE INDEX outbox_waiting ON outbox (channel_id, severity_rank DESC, seq) WHERE state = 'waiting';
  CREATE INDEX outbox_dead ON outbox (channel_id, seq) WHERE state = 'dead';
  CREATE INDEX outbox_sent ON outbox (ended_at) WHERE state = 'sent';

  CREATE TABLE pauses (
    channel_id TEXT PRIMARY KEY,
    reason     TEXT NOT NULL,
    remedy     TEXT NOT NULL,
    paused_at  INTEGER NOT NULL,
    recheck_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE quarantine (
    id       INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    reason   TEXT NOT NULL,
    body     TEXT NOT NULL,
    at       INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = 1;
`;

const VERSION_2 = `
  CREATE INDEX outbox_open ON outbox (customer_id, state) WHERE state <> 'sent';
  CREATE INDEX outbox_by_age ON outbox (created_at) WHERE state = 'waiting';
  CREATE INDEX quarantine_by_age ON quarantine (at);

  CREATE TABLE probe (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL
  ) STRICT;
  PRAGMA user_version = 2;
`;

const ms = (seconds: number): number => at(seconds).getTime();
/** What such a relay had: a message untried, one tried an hour long, one sent, one dead; a pause; a stranger. */
const ROWS = `
  INSERT INTO events VALUES ('acme', 'e1', ${ms(0)}), ('acme', 'e2', ${ms(1)}), ('', 'stranger', ${ms(2)});
  INSERT INTO outbox (id, customer_id, channel_id, severity_rank, message, created_at, state, attempts, first_tried_at,
                      ended_at, slack_ts, reason) VALUES
    ('untried', 'acme', 'C0ACME00000', 4, '{"text":"untried"}', ${ms(3)}, 'waiting', 0, NULL, NULL, NULL, NULL),
    ('tried', 'acme', 'C0ACME00000', 3, '{"text":"tried"}', ${ms(4)}, 'waiting', 2, ${ms(5)}, NULL, NULL, 'HTTP 500'),
    ('sent', 'acme', 'C0ACME00000', 3, '{"text":"sent"}', ${ms(1)}, 'sent', 1, ${ms(1)}, ${ms(2)}, '1.1', NULL),
    ('dead', 'globex', 'C0GLOBEX000', 2, '{"text":"dead"}', ${ms(6)}, 'dead', 1, ${ms(6)}, ${ms(7)}, NULL, 'is_archived');
  INSERT INTO pauses VALUES ('C0GLOBEX000', 'is_archived', 'Unarchive it.', ${ms(6)}, ${ms(306)});
  INSERT INTO quarantine (event_id, reason, body, at) VALUES ('stranger', 'nobody', '{"id":"stranger"}', ${ms(2)});
`;

const VERSIONS: ReadonlyArray<readonly [version: number, sql: string]> = [
  [1, VERSION_1],
  [2, VERSION_1 + VERSION_2],
];

for (const [version, sql] of VERSIONS) {
  suite(`a file of version ${version}`, () => {
    const dataDir = join(folder, String(version));
    mkdirSync(dataDir);
    const before = new DatabaseSync(join(dataDir, "relay.sqlite"));
    before.exec(`PRAGMA journal_mode = WAL; ${sql} ${ROWS}`);
    before.close();
    const store = openSqliteStore({ dataDir });
    after(() => store.close());

    test("what waited waits in its order, what was tried is looked for first, and both can be sent", async () => {
      const untried = await store.nextMessage(ACME.channelId);
      assert.deepEqual(
        [untried?.id, untried?.body, untried?.counted, untried?.isInDoubt, untried?.createdAt],
        ["untried", '{"text":"untried"}', 1, false, at(3)],
      );
      const tried = await store.nextMessage(ACME.channelId, ["untried"]);
      assert.deepEqual(
        [tried?.id, tried?.attempts, tried?.firstTriedAt, tried?.isInDoubt, tried?.kind],
        ["tried", 2, at(5), true, "note"],
      );
      const waiting = await store.waiting();
      assert.deepEqual(waiting, [{ ...ACME, stage: "message", severityRank: 4, oldestAt: at(3) }]);
      await store.markSent("untried", "2.1", at(10));
      await store.markSent("tried", "2.2", at(11));
      assert.deepEqual(await store.waiting(), []);
    });

    test("what was given up is there with its reason, and can be made to wait again", async () => {
      assert.deepEqual(await store.deadLetters(), [
        {
          id: "dead",
          customerId: "globex",
          channelId: "C0GLOBEX000",
          reason: "is_archived",
          counted: 1,
          createdAt: at(6),
          diedAt: at(7),
        },
      ]);
      assert.equal((await store.pauses())[0]?.channelId, "C0GLOBEX000");
      assert.equal(await store.redrive("C0GLOBEX000"), 1);
      const again = await store.nextMessage("C0GLOBEX000");
      assert.deepEqual([again?.body, again?.attempts], ['{"text":"dead"}', 0]);
      await store.markSent("dead", "3.1", at(12));
      assert.deepEqual([await store.pauses(), await store.deadLetters()], [[], []]);
    });

    test("events that were told are known still", async () => {
      const told = await store.tell([opened("e1", ["sg-1"]), opened("e2", ["sg-1"]), stranger("stranger")], at(20));
      assert.deepEqual(
        told.map(({ isNew }) => isNew),
        [false, false, false],
      );
      assert.deepEqual(
        (await store.quarantined(10)).map(({ eventId }) => eventId),
        ["stranger"],
      );
    });

    test("and it goes on as a file of this version", async () => {
      await store.tell([opened("e3", ["sg-1"])], at(30));
      const { pending } = await store.view(ACME.channelId, ACME.customerId, at(30));
      assert.deepEqual(resourcesOf(pending), ["sg-1"]);
    });
  });
}
