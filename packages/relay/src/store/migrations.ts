/**
 * The database's shape, version by version: entry n brings version n to n + 1. Never edit one that was released; add
 * the next. `PRAGMA user_version` holds the version a file has.
 */
export const MIGRATIONS: readonly string[] = [
  `
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
  `,
  `
  CREATE INDEX outbox_open ON outbox (customer_id, state) WHERE state <> 'sent';
  CREATE INDEX outbox_by_age ON outbox (created_at) WHERE state = 'waiting';
  CREATE INDEX quarantine_by_age ON quarantine (at);

  CREATE TABLE probe (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL
  ) STRICT;
  `,
];
