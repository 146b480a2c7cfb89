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
  `
  -- What is known of each problem. told_in: the root message that told of it. key_hash: of customer and key, so that the
  -- index by which each event finds its problem is small; the row says whether it is the one. known: as core has it.
  CREATE TABLE findings (
    id            INTEGER PRIMARY KEY,
    key_hash      INTEGER NOT NULL,
    seen_day      INTEGER NOT NULL,
    standing      TEXT NOT NULL,
    severity_rank INTEGER NOT NULL,
    opened_at     INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    told_in       TEXT,
    customer_id   TEXT NOT NULL,
    key           TEXT NOT NULL,
    known         TEXT NOT NULL,
    resource      TEXT NOT NULL
  ) STRICT;
  CREATE INDEX findings_by_key ON findings (key_hash);
  CREATE INDEX findings_told ON findings (told_in, standing, severity_rank) WHERE told_in IS NOT NULL;

  -- What is to be told. state 0: waits; 1: counted in a burst, to be named; 2: in a message (message_id). What it says
  -- is in another table, so that the state can change without writing all that anew.
  CREATE TABLE notices (
    seq           INTEGER PRIMARY KEY,
    state         INTEGER NOT NULL DEFAULT 0,
    severity_rank INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    finding_id    INTEGER,
    customer_id   TEXT NOT NULL,
    channel_id    TEXT NOT NULL,
    cause_key     TEXT NOT NULL,
    news          TEXT NOT NULL,
    control_id    TEXT,
    title         TEXT NOT NULL,
    burst_id      TEXT,
    message_id    TEXT
  ) STRICT;
  CREATE INDEX notices_due ON notices (channel_id, customer_id, state, severity_rank DESC, seq) WHERE state < 2;
  CREATE INDEX notices_burst ON notices (burst_id, state, severity_rank DESC, cause_key, news, seq) WHERE burst_id IS NOT NULL;
  CREATE INDEX notices_message ON notices (message_id) WHERE message_id IS NOT NULL;
  CREATE TABLE notice_bodies (
    seq  INTEGER PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT;

  -- Every message, from the moment it was made.
  CREATE TABLE messages (
    seq            INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    customer_id    TEXT NOT NULL,
    channel_id     TEXT NOT NULL,
    kind           TEXT NOT NULL,
    root_id        TEXT,
    root_ts        TEXT,
    is_broadcast   INTEGER NOT NULL DEFAULT 0,
    severity_rank  INTEGER NOT NULL,
    counted        INTEGER NOT NULL,
    cause_key      TEXT,
    created_at     INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    in_doubt       INTEGER NOT NULL DEFAULT 0,
    attempts       INTEGER NOT NULL DEFAULT 0,
    first_tried_at INTEGER,
    ts             TEXT,
    ended_at       INTEGER,
    reason         TEXT,
    touched_at     INTEGER,
    counted_at     INTEGER,
    edits          INTEGER NOT NULL DEFAULT 0,
    edit_due_at    INTEGER,
    face           TEXT,
    body           TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_waiting ON messages (channel_id, seq) WHERE state = 'waiting';
  CREATE INDEX messages_dead ON messages (channel_id, seq) WHERE state = 'dead';
  CREATE INDEX messages_sent ON messages (ended_at) WHERE state = 'sent';
  CREATE INDEX messages_cards ON messages (channel_id, customer_id, cause_key, seq) WHERE cause_key IS NOT NULL;
  CREATE INDEX messages_bursts ON messages (channel_id, customer_id, seq) WHERE kind = 'burst';
  CREATE INDEX messages_stale ON messages (edit_due_at) WHERE edit_due_at IS NOT NULL AND state = 'sent';

  -- The last sign of life of each account and region.
  CREATE TABLE beats (
    customer_id TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    region      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    is_missed   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, account_id, region)
  ) STRICT, WITHOUT ROWID;

  -- How far forgetting went, so that it need not begin anew each time.
  CREATE TABLE pruned (
    what TEXT PRIMARY KEY,
    upto TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- How much a probe could write.
  ALTER TABLE probe ADD COLUMN room BLOB;

  -- Event ids in the order in which they came, found by a hash for the same reason as findings.
  ALTER TABLE events RENAME TO events_before;
  DROP INDEX events_by_age;
  CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    id_hash     INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    event_id    TEXT NOT NULL
  ) STRICT;
  INSERT INTO events (id_hash, seen_at, customer_id, event_id)
    SELECT hash_of(customer_id, event_id), seen_at, customer_id, event_id FROM events_before ORDER BY seen_at;
  CREATE INDEX events_by_id ON events (id_hash);
  DROP TABLE events_before;

  -- What the version before would have sent, and what it gave up, goes on as it is.
  INSERT INTO messages (id, customer_id, channel_id, kind, severity_rank, counted, body, created_at, state, attempts,
                        first_tried_at, ended_at, reason, in_doubt)
    SELECT id, customer_id, channel_id, 'note', severity_rank, 1, message, created_at, state, attempts,
           first_tried_at, ended_at, reason, attempts > 0
    FROM outbox WHERE state <> 'sent' ORDER BY seq;
  DROP TABLE outbox;
  `,
  `
  -- For the console: a customer's problems by how they stand, the worst and the newest first; what is wrong, in words;
  -- and what happened to it, step by step, as JSON lists one after the other (history.ts). In the row, because each step
  -- writes the row anyway: another table would cost another page.
  ALTER TABLE findings ADD COLUMN title TEXT NOT NULL DEFAULT '';
  ALTER TABLE findings ADD COLUMN history TEXT NOT NULL DEFAULT '';
  CREATE INDEX findings_standing ON findings (customer_id, standing, severity_rank, changed_at);
  CREATE INDEX notices_finding ON notices (finding_id) WHERE finding_id IS NOT NULL;
  UPDATE findings SET title = coalesce((SELECT title FROM notices WHERE finding_id = findings.id LIMIT 1), '');

  -- The event that last changed a problem, as it came. Written after the event was answered for: what is missing here is
  -- a page's detail, no finding.
  CREATE TABLE finding_events (
    finding_id INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    body       TEXT NOT NULL
  ) STRICT;
  CREATE INDEX finding_events_age ON finding_events (at);

  -- The console shows a channel as Slack does: its roots, the newest first, each with its thread.
  CREATE INDEX messages_roots ON messages (channel_id, seq) WHERE root_id IS NULL;
  CREATE INDEX messages_thread ON messages (root_id, seq) WHERE root_id IS NOT NULL;

  -- What began and ended in each hour, for trends and reports. fixed_ms: how long what ended had been open, in all.
  CREATE TABLE tallies (
    customer_id   TEXT NOT NULL,
    hour          INTEGER NOT NULL,
    severity_rank INTEGER NOT NULL,
    opened        INTEGER NOT NULL DEFAULT 0,
    ended         INTEGER NOT NULL DEFAULT 0,
    resolved      INTEGER NOT NULL DEFAULT 0,
    fixed_ms      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, hour, severity_rank)
  ) STRICT, WITHOUT ROWID;

  -- What people did through the console.
  CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    who     TEXT NOT NULL,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- What need not be told for a while, made while the relay runs; and which problems each silence held back, those of the
  -- config too.
  CREATE TABLE silences (
    id          TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    match       TEXT NOT NULL,
    owner       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    from_at     INTEGER NOT NULL,
    until_at    INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX silences_by_end ON silences (until_at);
  CREATE TABLE silenced (
    silence_id TEXT NOT NULL,
    key        TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (silence_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX silenced_by_age ON silenced (at);
  `,
];
