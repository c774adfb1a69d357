-- The first schema. Instants are UTC microseconds, amounts are millionths of a unit, ids are the numbers inside acc_…, msg_…, sub_…, bat_….
-- A landed migration is never edited: its checksum is kept in every database.

CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32)
) STRICT;

CREATE TABLE meta (
  word TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
-- What tells accounts apart is stored only as a hash with this salt, so that a copied database gives no key away.
INSERT INTO meta (word, value) VALUES ('salt', randomblob(32)), ('checks', 0);

CREATE TABLE tenants (
  tenant_id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO tenants (tenant_id, slug) VALUES (1, 'default');

CREATE TABLE accounts (
  account_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  provider TEXT NOT NULL,
  slug TEXT NOT NULL,
  unit TEXT NOT NULL,
  client_hash BLOB NOT NULL CHECK (length(client_hash) = 32),
  credentials_hash BLOB NOT NULL CHECK (length(credentials_hash) = 32),
  -- The account's order of events, the last question's number, and what viewers order states by.
  seq INTEGER NOT NULL DEFAULT 0,
  last_question INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  -- The figure last taken.
  base_units INTEGER,
  base_question INTEGER,
  base_asked_seq INTEGER,
  base_asked_at INTEGER,
  base_answered_at INTEGER,
  -- Sums over open charges, waiting messages, messages in doubt, running submissions.
  pending INTEGER NOT NULL DEFAULT 0,
  queued INTEGER NOT NULL DEFAULT 0,
  unknown_messages INTEGER NOT NULL DEFAULT 0,
  in_flight INTEGER NOT NULL DEFAULT 0,
  last_begun_seq INTEGER NOT NULL DEFAULT 0,
  last_ended_seq INTEGER NOT NULL DEFAULT 0,
  last_ended_at INTEGER,
  cleared_seq INTEGER NOT NULL DEFAULT 0,
  opening_first INTEGER CHECK (opening_first IN (0, 1)),
  opening_low INTEGER,
  opening_high INTEGER,
  failure_code TEXT,
  failure_detail TEXT,
  failure_since INTEGER,
  failure_attempts INTEGER,
  failure_next_try_at INTEGER,
  failure_credentials INTEGER CHECK (failure_credentials IN (0, 1)),
  last_asked_at INTEGER,
  form TEXT CHECK (form IN ('bare', 'currency')),
  quarantined TEXT CHECK (quarantined IN ('bare', 'currency')),
  paused TEXT CHECK (paused IN ('out_of_credit', 'credentials_refused')),
  paused_at INTEGER CHECK ((paused IS NULL) = (paused_at IS NULL)),
  price_id INTEGER REFERENCES prices,
  UNIQUE (tenant_id, slug),
  UNIQUE (tenant_id, provider, client_hash)
) STRICT;

-- Dated; a charge remembers which one it used.
CREATE TABLE prices (
  price_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  per_segment INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('assumed', 'configured', 'learned')),
  from_at INTEGER NOT NULL
) STRICT;
CREATE INDEX prices_by_account ON prices (account_id, from_at);

-- Every question that was begun, and what came of it. Written before it is asked, so that the call budget survives a crash.
CREATE TABLE questions (
  account_id INTEGER NOT NULL REFERENCES accounts,
  number INTEGER NOT NULL,
  reason TEXT NOT NULL,
  class TEXT NOT NULL CHECK (class IN ('person', 'watch', 'steady', 'eager')),
  pool TEXT NOT NULL CHECK (pool IN ('people', 'automatic', 'shared')),
  asked_seq INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  answered_at INTEGER,
  outcome TEXT CHECK (outcome IN ('figure', 'older', 'quarantined', 'failed', 'abandoned')),
  units INTEGER,
  form TEXT CHECK (form IN ('bare', 'currency')),
  error_code TEXT,
  raw TEXT,
  PRIMARY KEY (account_id, number),
  CHECK ((answered_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX questions_by_time ON questions (account_id, asked_at);
CREATE INDEX questions_running ON questions (account_id, number) WHERE outcome IS NULL;

-- What the provider said. Never edited, never deleted.
CREATE TABLE observations (
  account_id INTEGER NOT NULL REFERENCES accounts,
  question INTEGER NOT NULL,
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  units INTEGER NOT NULL,
  asked_seq INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  answered_seq INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('older', 'first', 'agreed', 'uncharged', 'topped_up', 'fell')),
  -- Of a fall: explained by remembered charges, and by nothing known.
  late INTEGER NOT NULL DEFAULT 0,
  drift INTEGER NOT NULL DEFAULT 0,
  -- What late charging allowed, and what was shown afterwards.
  expected_low INTEGER,
  expected_high INTEGER,
  shown INTEGER,
  PRIMARY KEY (account_id, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX observations_by_time ON observations (account_id, answered_at, question, shown) WHERE verdict <> 'older';
CREATE TRIGGER observations_are_kept BEFORE DELETE ON observations BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER observations_are_never_replaced BEFORE INSERT ON observations
  WHEN EXISTS (SELECT 1 FROM observations WHERE account_id = NEW.account_id AND question = NEW.question)
  BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;
CREATE TRIGGER observations_are_never_edited BEFORE UPDATE ON observations BEGIN SELECT RAISE(ABORT, 'observations are append-only'); END;

-- Between low and high until settled.
CREATE TABLE top_ups (
  top_up_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  question INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  low INTEGER NOT NULL,
  high INTEGER NOT NULL CHECK (high >= low),
  settled_at INTEGER
) STRICT;
CREATE INDEX top_ups_by_time ON top_ups (account_id, seen_at);
CREATE INDEX top_ups_open ON top_ups (account_id) WHERE settled_at IS NULL;

CREATE TABLE batches (
  batch_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  account_id INTEGER NOT NULL REFERENCES accounts,
  messages INTEGER NOT NULL,
  charge INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
  message_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  batch_id INTEGER,
  recipient TEXT NOT NULL,
  sender TEXT NOT NULL,
  body TEXT NOT NULL,
  reference TEXT,
  state TEXT NOT NULL CHECK (state IN ('scheduled', 'queued', 'submitting', 'sent', 'delivered', 'undelivered', 'expired', 'rejected', 'failed', 'cancelled', 'unknown')),
  -- Whether it is scheduled, queued or submitting: kept beside the state, so that a later word of the network moves nothing in the indexes.
  waits INTEGER NOT NULL DEFAULT 1 CHECK (waits = (state IN ('scheduled', 'queued', 'submitting'))),
  cause TEXT,
  encoding TEXT NOT NULL CHECK (encoding IN ('gsm7', 'ucs2')),
  segments INTEGER NOT NULL,
  charge INTEGER NOT NULL CHECK (charge >= 0),
  price_id INTEGER NOT NULL,
  priority INTEGER NOT NULL CHECK (priority IN (0, 1, 2)),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  send_at INTEGER,
  valid_until INTEGER,
  next_try_at INTEGER
) STRICT;
-- An index by number or reference writes a page of its own for each message. Accepting must stay cheap, so messages come into these when they have left;
-- those that wait are looked through one by one.
CREATE INDEX messages_waiting ON messages (waits) WHERE waits = 1;
CREATE INDEX messages_by_account ON messages (account_id, message_id) WHERE waits = 0;
CREATE INDEX messages_by_recipient ON messages (recipient, message_id) WHERE waits = 0;
CREATE INDEX messages_by_reference ON messages (reference, message_id) WHERE waits = 0 AND reference IS NOT NULL;
CREATE INDEX messages_by_batch ON messages (batch_id, message_id) WHERE waits = 0 AND batch_id IS NOT NULL;
-- What ends well is nearly everything, and found quickly along the key.
CREATE INDEX messages_by_state ON messages (state, message_id) WHERE waits = 0 AND state <> 'sent' AND state <> 'delivered';

-- Messages that wait. not_before is 0 for those that may go now, so that a claim is one range of the key; the others are moved up when due.
CREATE TABLE outbox (
  account_id INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, priority, not_before, message_id)
) STRICT, WITHOUT ROWID;

-- Steps of messages that no submission tells: a schedule that came, expiry, cancelling. attempts places them between the submissions.
CREATE TABLE message_changes (
  change_id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  cause TEXT
) STRICT;
CREATE INDEX message_changes_by_message ON message_changes (message_id, change_id);

CREATE TABLE submissions (
  submission_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  begun_seq INTEGER NOT NULL,
  begun_at INTEGER NOT NULL,
  claimed_until INTEGER NOT NULL,
  sender TEXT NOT NULL,
  encoding TEXT NOT NULL CHECK (encoding IN ('gsm7', 'ucs2')),
  messages INTEGER NOT NULL CHECK (messages > 0),
  charge INTEGER NOT NULL CHECK (charge >= 0),
  ended_seq INTEGER,
  ended_at INTEGER,
  -- What of the charge is open, did not happen, is remembered, and was given up explaining.
  sure_left INTEGER NOT NULL CHECK (sure_left >= 0),
  doubtful_left INTEGER NOT NULL DEFAULT 0 CHECK (doubtful_left >= 0),
  voided INTEGER NOT NULL DEFAULT 0,
  remembered INTEGER NOT NULL DEFAULT 0 CHECK (remembered >= 0),
  remembered_until INTEGER,
  suspense INTEGER NOT NULL DEFAULT 0,
  raw TEXT,
  CHECK ((ended_seq IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE INDEX submissions_by_account ON submissions (account_id, begun_seq);
CREATE INDEX submissions_open ON submissions (account_id, begun_seq) WHERE ended_seq IS NULL OR sure_left > 0 OR doubtful_left > 0;
CREATE INDEX submissions_running ON submissions (submission_id) WHERE ended_seq IS NULL;
CREATE INDEX submissions_remembered ON submissions (account_id, remembered_until) WHERE remembered > 0;

CREATE TABLE submission_messages (
  submission_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  charge INTEGER NOT NULL,
  -- What came of the message in this submission; none while it runs.
  state TEXT,
  cause TEXT,
  PRIMARY KEY (submission_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX submission_messages_by_message ON submission_messages (message_id, submission_id);

-- The provider's names of messages. Not unique: providers repeat them.
CREATE TABLE provider_messages (
  account_id INTEGER NOT NULL,
  provider_message_id TEXT NOT NULL,
  message_id INTEGER NOT NULL,
  submission_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, provider_message_id, message_id, submission_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX provider_messages_by_message ON provider_messages (message_id, submission_id);

-- What happened, for people; only what has happened, never what is planned.
CREATE TABLE journal (
  entry_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sent', 'refused', 'unknown', 'agreed', 'top_up', 'late_charge', 'drift', 'failure', 'recovered', 'paused', 'resumed', 'form_changed')),
  amount INTEGER,
  messages INTEGER NOT NULL DEFAULT 0,
  word TEXT,
  top_up_id INTEGER
) STRICT;
CREATE INDEX journal_by_account ON journal (account_id, entry_id);

CREATE TABLE idempotency_keys (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  body_sha256 BLOB NOT NULL CHECK (length(body_sha256) = 32),
  answer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Numbers that nobody may send to.
CREATE TABLE stop_list (
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  number TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, number)
) STRICT, WITHOUT ROWID;
