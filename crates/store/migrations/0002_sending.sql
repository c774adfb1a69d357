-- Sending: lanes, batches as streams, delivery reports, doubts, books, tokens.

ALTER TABLE accounts ADD COLUMN stopped_at INTEGER;
-- Credit is short: since when, from which priority on, what the next message needs and what may be spent.
ALTER TABLE accounts ADD COLUMN held_since INTEGER;
ALTER TABLE accounts ADD COLUMN held_rank INTEGER CHECK (held_rank BETWEEN 0 AND 2);
ALTER TABLE accounts ADD COLUMN held_needed INTEGER;
ALTER TABLE accounts ADD COLUMN held_available INTEGER;
-- The head of the account's books: the last entry's number, hash and UTC day.
ALTER TABLE accounts ADD COLUMN ledger_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN ledger_hash BLOB CHECK (length(ledger_hash) = 32);
ALTER TABLE accounts ADD COLUMN ledger_day INTEGER;

-- A price for numbers that begin like this; '' is the account's own. In force until it ended.
ALTER TABLE prices ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE prices ADD COLUMN ended_at INTEGER;
UPDATE prices SET ended_at = from_at WHERE price_id NOT IN (SELECT price_id FROM accounts WHERE price_id IS NOT NULL);
CREATE INDEX prices_in_force ON prices (account_id, prefix) WHERE ended_at IS NULL;

-- Waiting messages stand in lanes, so that batches share fairly: 0 for single messages, else the batch's number.
ALTER TABLE outbox RENAME TO outbox_without_lanes;
CREATE TABLE outbox (
  account_id INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, priority, lane, not_before, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox SELECT o.account_id, o.priority, coalesce(m.batch_id, 0), o.not_before, o.message_id FROM outbox_without_lanes o CROSS JOIN messages m USING (message_id);
DROP TABLE outbox_without_lanes;

-- New columns; and checks that cost nothing: a list of three words or more is built as a table for each row that is written.
ALTER TABLE messages RENAME TO messages_before;
CREATE TABLE messages (
  message_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  batch_id INTEGER,
  recipient TEXT NOT NULL,
  sender TEXT NOT NULL,
  body TEXT NOT NULL,
  reference TEXT,
  state TEXT NOT NULL CHECK (state = 'sent' OR state = 'queued' OR state = 'submitting' OR state = 'delivered' OR state = 'undelivered' OR state = 'scheduled'
    OR state = 'expired' OR state = 'rejected' OR state = 'failed' OR state = 'cancelled' OR state = 'unknown'),
  -- Whether it is scheduled, queued or submitting: kept beside the state, so that a later word of the network moves nothing in the indexes.
  waits INTEGER NOT NULL DEFAULT 1 CHECK (waits = (state = 'queued' OR state = 'submitting' OR state = 'scheduled')),
  cause TEXT,
  encoding TEXT NOT NULL CHECK (encoding = 'gsm7' OR encoding = 'ucs2'),
  segments INTEGER NOT NULL,
  charge INTEGER NOT NULL CHECK (charge >= 0),
  price_id INTEGER NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  send_at INTEGER,
  valid_until INTEGER,
  next_try_at INTEGER,
  token_id INTEGER,
  -- In the stream it came in.
  line INTEGER,
  resends INTEGER NOT NULL DEFAULT 0,
  -- The network's latest word, whatever became of it.
  report_word TEXT,
  reported_at INTEGER
) STRICT;
INSERT INTO messages (message_id, tenant_id, account_id, batch_id, recipient, sender, body, reference, state, waits, cause, encoding, segments, charge, price_id, priority, attempts,
  created_at, updated_at, send_at, valid_until, next_try_at)
  SELECT message_id, tenant_id, account_id, batch_id, recipient, sender, body, reference, state, waits, cause, encoding, segments, charge, price_id, priority, attempts,
    created_at, updated_at, send_at, valid_until, next_try_at FROM messages_before;
DROP TABLE messages_before;
CREATE INDEX messages_waiting ON messages (waits) WHERE waits = 1;
CREATE INDEX messages_by_account ON messages (account_id, message_id) WHERE waits = 0;
CREATE INDEX messages_by_recipient ON messages (recipient, message_id) WHERE waits = 0;
CREATE INDEX messages_by_reference ON messages (reference, message_id) WHERE waits = 0 AND reference IS NOT NULL;
CREATE INDEX messages_by_batch ON messages (batch_id, message_id) WHERE waits = 0 AND batch_id IS NOT NULL;
CREATE INDEX messages_by_state ON messages (state, message_id) WHERE waits = 0 AND state <> 'sent' AND state <> 'delivered';
-- Taken after a doubt, perhaps without a name: a report may still be found by the end of its number.
CREATE INDEX messages_settled ON messages (account_id, substr(recipient, -7)) WHERE waits = 0 AND state = 'sent' AND cause <> 'accepted';
CREATE INDEX messages_expiring ON messages (valid_until) WHERE waits = 1 AND valid_until IS NOT NULL;

ALTER TABLE batches ADD COLUMN state TEXT NOT NULL DEFAULT 'running'
  CHECK (state = 'running' OR state = 'receiving' OR state = 'paused' OR state = 'cancelled' OR state = 'refused');
ALTER TABLE batches ADD COLUMN cause TEXT;
ALTER TABLE batches ADD COLUMN source TEXT NOT NULL DEFAULT 'list' CHECK (source = 'list' OR source = 'csv' OR source = 'ndjson');
ALTER TABLE batches ADD COLUMN name TEXT;
ALTER TABLE batches ADD COLUMN priority INTEGER NOT NULL DEFAULT 1 CHECK (priority BETWEEN 0 AND 2);
ALTER TABLE batches ADD COLUMN token_id INTEGER;
-- Who may still stage lines: a newer stream of the same key takes over by drawing the next epoch.
ALTER TABLE batches ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN key_scope TEXT;
ALTER TABLE batches ADD COLUMN key_word TEXT;
-- How far the stream has come, and a digest over everything so far, block after block.
ALTER TABLE batches ADD COLUMN blocks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN digest BLOB;
ALTER TABLE batches ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN refused_lines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN duplicates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN first_message_id INTEGER;
ALTER TABLE batches ADD COLUMN last_message_id INTEGER;
-- Released in part: messages after this one are taken back.
ALTER TABLE batches ADD COLUMN cut_message_id INTEGER;
ALTER TABLE batches ADD COLUMN covered_messages INTEGER;
ALTER TABLE batches ADD COLUMN covered_charge INTEGER;
-- Its messages are being taken back, some at a time.
ALTER TABLE batches ADD COLUMN sweeping INTEGER NOT NULL DEFAULT 0 CHECK (sweeping IN (0, 1));
ALTER TABLE batches ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN released_at INTEGER;
ALTER TABLE batches ADD COLUMN begun_at INTEGER;
ALTER TABLE batches ADD COLUMN ended_at INTEGER;
-- Charges that were begun and not voided, and messages by state.
ALTER TABLE batches ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_scheduled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_queued INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_submitting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_undelivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_expired INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_rejected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN in_unknown INTEGER NOT NULL DEFAULT 0;
UPDATE batches SET lines = messages, updated_at = created_at, released_at = created_at,
  first_message_id = (SELECT min(message_id) FROM messages m WHERE m.batch_id = batches.batch_id),
  last_message_id = (SELECT max(message_id) FROM messages m WHERE m.batch_id = batches.batch_id),
  in_scheduled = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'scheduled'),
  in_queued = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'queued'),
  in_submitting = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'submitting'),
  in_sent = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'sent'),
  in_delivered = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'delivered'),
  in_undelivered = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'undelivered'),
  in_expired = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'expired'),
  in_rejected = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'rejected'),
  in_failed = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'failed'),
  in_cancelled = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'cancelled'),
  in_unknown = (SELECT count(*) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state = 'unknown'),
  spent = (SELECT coalesce(sum(charge), 0) FROM messages m WHERE m.batch_id = batches.batch_id AND m.state IN ('submitting', 'sent', 'delivered', 'undelivered', 'unknown')),
  begun_at = (SELECT min(s.begun_at) FROM messages m JOIN submission_messages c USING (message_id) JOIN submissions s USING (submission_id) WHERE m.batch_id = batches.batch_id);
UPDATE batches SET ended_at = (SELECT max(updated_at) FROM messages m WHERE m.batch_id = batches.batch_id) WHERE in_scheduled + in_queued + in_submitting = 0;
CREATE UNIQUE INDEX batches_by_key ON batches (key_scope, key_word) WHERE key_word IS NOT NULL;
CREATE INDEX batches_by_account ON batches (account_id, batch_id);
-- Whose lanes are served.
CREATE INDEX batches_running ON batches (account_id, batch_id) WHERE state = 'running' AND sweeping = 0 AND ended_at IS NULL;
CREATE INDEX batches_receiving ON batches (updated_at) WHERE state = 'receiving';
CREATE INDEX batches_sweeping ON batches (batch_id) WHERE sweeping = 1;

-- What the books still hold of a charge: as pending, and as suspense once nobody waits for evidence any more.
ALTER TABLE submissions ADD COLUMN books_pending INTEGER NOT NULL DEFAULT 0 CHECK (books_pending >= 0);
ALTER TABLE submissions ADD COLUMN books_suspense INTEGER NOT NULL DEFAULT 0 CHECK (books_suspense >= 0);
UPDATE submissions SET books_pending = (SELECT coalesce(sum(c.charge), 0) FROM submission_messages c CROSS JOIN messages m USING (message_id)
  WHERE c.submission_id = submissions.submission_id AND (c.state IS NULL OR (c.state = 'unknown' AND m.state = 'unknown')));
-- Two steps: the second reads what the first wrote.
UPDATE submissions SET books_suspense = min(suspense, books_pending) WHERE suspense > 0;
UPDATE submissions SET books_pending = books_pending - books_suspense WHERE books_suspense > 0;
-- What of it was pending or in doubt when the books began; none when it began later.
ALTER TABLE submissions ADD COLUMN books_carried INTEGER;
UPDATE submissions SET books_carried = books_pending + books_suspense;

-- Lines of a stream that were refused.
CREATE TABLE batch_errors (
  batch_id INTEGER NOT NULL,
  line INTEGER NOT NULL,
  field TEXT NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  given TEXT NOT NULL,
  PRIMARY KEY (batch_id, line)
) STRICT, WITHOUT ROWID;

-- Messages in doubt, and what is done about each.
CREATE TABLE doubts (
  message_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  number TEXT NOT NULL,
  since INTEGER NOT NULL,
  looked_up INTEGER NOT NULL DEFAULT 0,
  look_up_at INTEGER,
  -- It waits to be sent again, and evidence still stops that.
  resending INTEGER NOT NULL DEFAULT 0 CHECK (resending IN (0, 1))
) STRICT;
CREATE INDEX doubts_by_number ON doubts (account_id, number);
CREATE INDEX doubts_by_age ON doubts (account_id, since) WHERE resending = 0;
CREATE INDEX doubts_to_look_up ON doubts (account_id, look_up_at) WHERE look_up_at IS NOT NULL;
INSERT INTO doubts (message_id, account_id, number, since, looked_up) SELECT message_id, account_id, recipient, updated_at, 0 FROM messages WHERE state = 'unknown' AND waits = 0;

-- What the network said, as it came. Never edited but for the message it turned out to be of.
CREATE TABLE reports (
  report_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  received_at INTEGER NOT NULL,
  shape TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'failed', 'pending', 'unmapped')),
  provider_message_id TEXT,
  number TEXT,
  word TEXT,
  error_code TEXT,
  body TEXT,
  done_at TEXT,
  raw TEXT NOT NULL,
  message_id INTEGER,
  -- The state it brought the message to; none when it changed nothing.
  effect TEXT,
  -- What the number can be compared by: its digits without zeros in front; none where it names nobody.
  digits TEXT
) STRICT;
CREATE INDEX reports_by_message ON reports (message_id, report_id) WHERE message_id IS NOT NULL;
CREATE INDEX reports_unmatched ON reports (account_id, report_id) WHERE message_id IS NULL;
CREATE INDEX reports_unmatched_by_number ON reports (account_id, digits) WHERE message_id IS NULL AND digits IS NOT NULL;
CREATE INDEX reports_unmatched_by_name ON reports (account_id, provider_message_id) WHERE message_id IS NULL AND provider_message_id IS NOT NULL;

CREATE TABLE inbound_messages (
  inbound_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1,
  account_id INTEGER NOT NULL REFERENCES accounts,
  received_at INTEGER NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT,
  body TEXT NOT NULL,
  provider_message_id TEXT,
  sent_at TEXT,
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX inbound_messages_by_account ON inbound_messages (account_id, inbound_id);

-- The books. Owner and purpose, so that clients' wallets fit later. balance is what was debited less what was credited; over all it is zero.
CREATE TABLE ledger_accounts (
  ledger_account_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  owner_type TEXT NOT NULL CHECK (owner_type IN ('account')),
  owner_id INTEGER NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('credit', 'pending', 'spend', 'suspense', 'outside')),
  balance INTEGER NOT NULL DEFAULT 0,
  UNIQUE (tenant_id, owner_type, owner_id, purpose)
) STRICT;

-- One entry has two sides: the amount leaves the credited account and comes into the debited one, so no sum but zero can be written.
CREATE TABLE ledger_entries (
  account_id INTEGER NOT NULL REFERENCES accounts,
  number INTEGER NOT NULL CHECK (number > 0),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  debit_id INTEGER NOT NULL REFERENCES ledger_accounts,
  credit_id INTEGER NOT NULL REFERENCES ledger_accounts,
  amount INTEGER NOT NULL CHECK (amount > 0),
  submission_id INTEGER,
  message_id INTEGER,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (account_id, number),
  CHECK (debit_id <> credit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_entries_by_submission ON ledger_entries (submission_id) WHERE submission_id IS NOT NULL;
CREATE TRIGGER ledger_entries_follow_each_other BEFORE INSERT ON ledger_entries
  WHEN NEW.number <> 1 + coalesce((SELECT max(number) FROM ledger_entries WHERE account_id = NEW.account_id), 0)
  BEGIN SELECT RAISE(ABORT, 'the books are written in order'); END;
CREATE TRIGGER ledger_entries_move AFTER INSERT ON ledger_entries BEGIN
  UPDATE ledger_accounts SET balance = balance + CASE ledger_account_id WHEN NEW.debit_id THEN NEW.amount ELSE -NEW.amount END WHERE ledger_account_id IN (NEW.debit_id, NEW.credit_id);
END;
CREATE TRIGGER ledger_entries_are_kept BEFORE DELETE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the books are append-only'); END;
CREATE TRIGGER ledger_entries_are_never_edited BEFORE UPDATE ON ledger_entries BEGIN SELECT RAISE(ABORT, 'the books are append-only'); END;

-- The end of each UTC day with entries, chained.
CREATE TABLE ledger_seals (
  account_id INTEGER NOT NULL REFERENCES accounts,
  day INTEGER NOT NULL,
  last_number INTEGER NOT NULL,
  last_hash BLOB NOT NULL CHECK (length(last_hash) = 32),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (account_id, day)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_seals_are_kept BEFORE DELETE ON ledger_seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER ledger_seals_are_never_edited BEFORE UPDATE ON ledger_seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;

-- Keys that Salio issues. Secrets are random and long: a plain hash tells nothing of them.
CREATE TABLE tokens (
  token_id INTEGER PRIMARY KEY,
  tenant_id INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES accounts,
  client_id TEXT NOT NULL,
  key_hash BLOB NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  access_hash BLOB CHECK (length(access_hash) = 32),
  credits_format TEXT NOT NULL,
  dlr_url TEXT,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX tokens_by_name ON tokens (tenant_id, name) WHERE revoked_at IS NULL;

-- Delivery reports on their way to the programs whose messages they are of.
CREATE TABLE forwards (
  forward_id INTEGER PRIMARY KEY,
  token_id INTEGER NOT NULL REFERENCES tokens,
  message_id INTEGER NOT NULL,
  report_id INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_try_at INTEGER,
  ended_at INTEGER,
  outcome TEXT
) STRICT;
CREATE INDEX forwards_due ON forwards (next_try_at) WHERE next_try_at IS NOT NULL;
-- Of one message reports are handed on in their order: whether an earlier one has not ended is looked up for each that is due.
CREATE INDEX forwards_unfinished_by_message ON forwards (message_id, forward_id) WHERE next_try_at IS NOT NULL;
