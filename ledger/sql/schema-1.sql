-- Version 1 of the ledger's tables, in the dialect of SQLite; db/sql.c translates it for PostgreSQL.
-- Times are seconds since 1970, in UTC.

CREATE TABLE ledger (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO ledger VALUES ('schema', '1');

-- Words that many rows have in common: reasons, hosts, software.
CREATE TABLE words (
    id INTEGER PRIMARY KEY,
    word TEXT NOT NULL UNIQUE
) STRICT;

-- Where a state applies: kind is "scope" (name is TENANT/STREAM/LIST), "tenant", "service", or "all". tenant is the
-- tenant of a scope.
CREATE TABLE scopes (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    tenant INTEGER,
    UNIQUE (kind, name)
) STRICT;

CREATE TABLE domains (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE addresses (
    id INTEGER PRIMARY KEY,
    address TEXT NOT NULL UNIQUE,
    spelling TEXT NOT NULL,
    domain INTEGER NOT NULL REFERENCES domains (id)
) STRICT;

-- Other names that reports use for an address.
CREATE TABLE names (
    name TEXT NOT NULL,
    address INTEGER NOT NULL REFERENCES addresses (id) ON DELETE CASCADE,
    PRIMARY KEY (name, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_of_address ON names (address);

-- What happened to an address, each event once, whatever reported it. id is 2^20 times the address plus a number, so
-- the events of one address are adjacent in the table. keys identify the same event in other reports; doors is the set
-- of the kinds of its reports, and weight says which report is believed.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    address INTEGER NOT NULL,
    at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    scope INTEGER NOT NULL,
    keys TEXT NOT NULL,
    doors INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    because INTEGER NOT NULL,
    message INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    action INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    side INTEGER NOT NULL,
    status TEXT,
    reply_code INTEGER,
    retry_s INTEGER,
    provider INTEGER,
    remote INTEGER,
    reporter INTEGER,
    software INTEGER,
    service INTEGER,
    sender INTEGER,
    diagnostic TEXT,
    rule TEXT,
    message_id TEXT,
    note TEXT
) STRICT;
CREATE INDEX events_by_time ON events (at);
-- What the guard counts: flag 65536.
CREATE INDEX events_guarded ON events (provider, reason, at) WHERE flags >= 65536;
CREATE INDEX events_of_reporter ON events (reporter, at) WHERE happened = 5;
CREATE INDEX events_of_message ON events ((at / 86400), message) WHERE flags >= 65536 AND message <> 0;

-- The number of events in an hour: with one reason at one provider (question 0; reason -1 is all outcomes), or
-- complaints from one reporter (question 3).
CREATE TABLE hours (
    question INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (question, subject, reason, hour)
) STRICT, WITHOUT ROWID;

-- Where the guard has tripped: in the window that ends with this hour; for a message (question 1), hour is a day.
CREATE TABLE trips (
    question INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (question, subject, reason, hour)
) STRICT, WITHOUT ROWID;

-- What follows from the events by the policy: computed again whenever there are new ones, and at the time next.
CREATE TABLE states (
    address INTEGER NOT NULL REFERENCES addresses (id) ON DELETE CASCADE,
    scope INTEGER NOT NULL,
    state TEXT NOT NULL,
    basis TEXT NOT NULL,
    cause TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    next INTEGER NOT NULL,
    retries INTEGER NOT NULL,
    PRIMARY KEY (address, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX states_by_state ON states (state, since, address);
CREATE INDEX states_by_until ON states (until, address) WHERE until > 0;
CREATE INDEX states_by_next ON states (next) WHERE next > 0;

-- Events of a domain as a whole: failures, releases (cause is their because), and the first and last delivery of each
-- week (key 0).
CREATE TABLE domain_events (
    domain INTEGER NOT NULL REFERENCES domains (id),
    week INTEGER NOT NULL,
    key INTEGER NOT NULL,
    at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    message INTEGER,
    PRIMARY KEY (domain, week, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE domain_states (
    domain INTEGER NOT NULL PRIMARY KEY REFERENCES domains (id),
    state TEXT NOT NULL,
    basis TEXT NOT NULL,
    cause TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_states_by_state ON domain_states (state, since, domain);
CREATE INDEX domain_states_by_next ON domain_states (next) WHERE next > 0;

-- Each change of a state, in the order in which it was recorded.
CREATE TABLE changes (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    address INTEGER REFERENCES addresses (id) ON DELETE CASCADE,
    domain INTEGER,
    scope INTEGER NOT NULL,
    at INTEGER NOT NULL,
    was TEXT NOT NULL,
    state TEXT NOT NULL,
    basis TEXT NOT NULL,
    cause TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE INDEX changes_of_address ON changes (address);
CREATE INDEX changes_by_time ON changes (at);

-- Sent mails, if the sender records them: they resolve verdicts without an address.
CREATE TABLE sent (
    id TEXT NOT NULL,
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    scope TEXT NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_by_time ON sent (at);
CREATE INDEX sent_to_address ON sent (address, at);
CREATE INDEX sent_of_message ON sent (message);

-- Verdicts whose address is unknown.
CREATE TABLE unresolved (
    hash INTEGER NOT NULL,
    at INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    action INTEGER NOT NULL,
    provider TEXT,
    remote TEXT,
    PRIMARY KEY (hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX unresolved_by_time ON unresolved (at);

-- Addresses that were erased and must not be mailed: only a keyed hash of each is left.
CREATE TABLE forgotten (
    hash TEXT NOT NULL,
    scope INTEGER NOT NULL,
    PRIMARY KEY (hash, scope)
) STRICT, WITHOUT ROWID;
