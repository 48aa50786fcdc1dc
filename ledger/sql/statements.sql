-- The statements of bounce-ledger, for both databases. db/sql_names.h lists their names. {NAME} stands for a part that
-- several statements share; the part counting leaves out what is partial or inbound. state || '' is in no index, so
-- SQLite uses the index on until, which has the order of the result.

-- :part counts
sum(CASE WHEN happened = 1 THEN 1 ELSE 0 END) AS bounces,
    sum(CASE WHEN happened = 1 AND (flags & 128) <> 0 THEN 1 ELSE 0 END) AS hard,
    sum(CASE WHEN happened = 2 THEN 1 ELSE 0 END) AS delays,
    sum(CASE WHEN happened = 3 THEN 1 ELSE 0 END) AS deliveries,
    sum(CASE WHEN happened = 5 THEN 1 ELSE 0 END) AS complaints,
    sum(CASE WHEN happened = 1 AND side IN (2, 3) THEN 1 ELSE 0 END) AS own,
    sum(CASE WHEN happened = 1 AND side = 1 AND (flags & 128) <> 0 THEN 1 ELSE 0 END) AS dead

-- :part counted
e.bounces, e.hard, e.delays, e.deliveries, e.complaints, e.own, e.dead

-- :part counting
at >= ?1 AND at < ?2 AND happened IN (1, 2, 3, 5) AND (flags & 20) = 0

-- :part largest
ORDER BY e.bounces + e.complaints DESC, 1 LIMIT ?4

-- :part states
FROM states t JOIN addresses a ON a.id = t.address JOIN scopes s ON s.id = t.scope

-- :part changes
FROM changes c LEFT JOIN addresses a ON a.id = c.address LEFT JOIN domains d ON d.id = c.domain
    LEFT JOIN scopes s ON s.id = c.scope

-- :part of_message
flags >= 65536 AND (at / 86400) IN (?1 - 1, ?1) AND message = ?2 AND message <> 0 AND reason = ?3

-- :name has_tables
SELECT 1 FROM sqlite_schema WHERE name = 'ledger'

-- :name get_setting
SELECT value FROM ledger WHERE name = ?1

-- :name put_setting
INSERT INTO ledger (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value

-- :name find_word
SELECT id FROM words WHERE word = ?1

-- :name last_word
SELECT coalesce(max(id), 0) FROM words

-- :name add_word
INSERT INTO words (id, word) VALUES (?1, ?2)

-- :name get_word
SELECT word FROM words WHERE id = ?1

-- :name find_domain
SELECT id FROM domains WHERE name = ?1

-- :name last_domain
SELECT coalesce(max(id), 0) FROM domains

-- :name add_domain
INSERT INTO domains (id, name) VALUES (?1, ?2)

-- :name domain_of
SELECT domain FROM addresses WHERE id = ?1

-- :name find_scope
SELECT id FROM scopes WHERE kind = ?1 AND name = ?2

-- :name add_scope
INSERT INTO scopes (kind, name, tenant) VALUES (?1, ?2, ?3) RETURNING id

-- :name tenant_of
SELECT tenant FROM scopes WHERE id = ?1

-- :name find_address
SELECT id FROM addresses WHERE address = ?1

-- :name last_address
SELECT coalesce(max(id), 0) FROM addresses

-- :name add_address
INSERT INTO addresses (id, address, spelling, domain) VALUES (?1, ?2, ?3, ?4)

-- :name add_name
INSERT INTO names (name, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING

-- :name find_sent
SELECT address, scope FROM sent WHERE id = ?1 LIMIT 2

-- :name add_unresolved
INSERT INTO unresolved (hash, at, reason, action, provider, remote) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT DO NOTHING

-- :name events_of
SELECT id, at, last_at, scope, keys, doors, weight, flags, happened, because, message, kind, action, reason, cause,
    side, retry_s, provider, reporter, service
FROM events WHERE id BETWEEN ?1 AND ?2

-- :name put_event
INSERT INTO events (id, address, at, last_at, scope, keys, doors, weight, flags, happened, because, message, kind,
    action, reason, cause, side, status, reply_code, retry_s, provider, remote, reporter, software, service, sender,
    diagnostic, rule, message_id, note)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
    ?24, ?25, ?26, ?27, ?28, ?29, ?30)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, last_at = excluded.last_at, scope = excluded.scope,
    keys = excluded.keys, doors = excluded.doors, weight = excluded.weight, flags = excluded.flags,
    happened = excluded.happened, because = excluded.because, message = excluded.message, kind = excluded.kind,
    action = excluded.action, reason = excluded.reason, cause = excluded.cause, side = excluded.side,
    status = excluded.status, reply_code = excluded.reply_code, retry_s = excluded.retry_s,
    provider = excluded.provider, remote = excluded.remote, reporter = excluded.reporter,
    software = excluded.software, service = excluded.service, sender = excluded.sender,
    diagnostic = excluded.diagnostic, rule = excluded.rule, message_id = excluded.message_id, note = excluded.note

-- :name change_event
UPDATE events SET at = ?2, last_at = ?3, scope = ?4, keys = ?5, doors = ?6, flags = ?7, message = ?8 WHERE id = ?1

-- :name drop_event
DELETE FROM events WHERE id = ?1

-- :name add_hour
INSERT INTO hours (question, subject, reason, hour, events) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (question, subject, reason, hour) DO UPDATE SET events = hours.events + excluded.events

-- :name hours_of
SELECT hour, events FROM hours
WHERE question = ?1 AND subject = ?2 AND reason = ?3 AND hour BETWEEN ?4 AND ?5

-- :name first_hour
SELECT hour FROM hours WHERE question = 0 AND subject = ?1 AND reason = -1 AND events > 0 ORDER BY hour LIMIT 1

-- :name reasons_of
SELECT DISTINCT reason FROM hours
WHERE question = 0 AND subject = ?1 AND reason >= 0 AND hour BETWEEN ?2 AND ?3

-- :name any_trip
SELECT 1 FROM trips LIMIT 1

-- :name trips_of
SELECT hour FROM trips WHERE question = ?1 AND subject = ?2 AND reason = ?3 AND hour BETWEEN ?4 AND ?5

-- :name add_trip
INSERT INTO trips (question, subject, reason, hour, why) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING

-- :name drop_trip
DELETE FROM trips WHERE question = ?1 AND subject = ?2 AND reason = ?3 AND hour = ?4

-- :name counted_between
SELECT DISTINCT address FROM events
WHERE flags >= 65536 AND provider = ?1 AND reason = ?2 AND at >= ?3 AND at < ?4

-- :name complaints_between
SELECT DISTINCT address FROM events WHERE happened = 5 AND reporter = ?1 AND CAST(?2 AS INTEGER) = 0 AND at >= ?3 AND at < ?4

-- :name count_of_message
SELECT count(DISTINCT address) FROM events
WHERE {of_message}

-- :name near_message
SELECT 1 FROM events
WHERE flags >= 65536 AND (at / 86400) IN (?1 - 1, ?1, ?1 + 1) AND message = ?2 AND message <> 0 AND reason = ?3
LIMIT 1 OFFSET ?4

-- :name addresses_of_message
SELECT DISTINCT address FROM events
WHERE {of_message}

-- :name sent_of_message
SELECT count(*) FROM sent WHERE message = ?2 AND at < (?1 + 1) * 86400

-- :name sent_to_provider
SELECT s.at / 3600, count(*) FROM sent s JOIN domains d ON d.name = substr(s.address, instr(s.address, '@') + 1)
WHERE s.at >= ?2 AND s.at < ?3 AND s.message <> 0 AND d.id IN (
    SELECT a.domain FROM events e JOIN addresses a ON a.id = e.address
    WHERE e.flags >= 65536 AND e.provider = ?1 AND e.at >= ?2 AND e.at < ?3)
GROUP BY 1

-- :name states_of
SELECT scope, state, basis, cause, since, until, next, retries FROM states WHERE address = ?1

-- :name put_state
INSERT INTO states (address, scope, state, basis, cause, since, until, next, retries)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (address, scope) DO UPDATE SET state = excluded.state, basis = excluded.basis, cause = excluded.cause,
    since = excluded.since, until = excluded.until, next = excluded.next, retries = excluded.retries

-- :name drop_state
DELETE FROM states WHERE address = ?1 AND scope = ?2

-- :name add_change
INSERT INTO changes (address, domain, scope, at, was, state, basis, cause, since, until, why)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)

-- :name ticking_addresses
SELECT DISTINCT address FROM states WHERE next > 0 AND next <= ?1 LIMIT ?2

-- :name ticking_domains
SELECT domain FROM domain_states WHERE next > 0 AND next <= ?1 LIMIT ?2

-- :name put_domain_delivery
INSERT INTO domain_events (domain, week, key, at, last_at, happened, reason, cause, flags, message)
VALUES (?1, ?2, 0, ?3, ?4, 3, 0, 0, 0, 0)
ON CONFLICT (domain, week, key) DO UPDATE SET
    at = CASE WHEN excluded.at < domain_events.at THEN excluded.at ELSE domain_events.at END,
    last_at = CASE WHEN excluded.last_at > domain_events.last_at THEN excluded.last_at ELSE domain_events.last_at END

-- :name put_domain_event
INSERT INTO domain_events (domain, week, key, at, last_at, happened, reason, cause, flags, message)
VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (domain, week, key) DO UPDATE SET at = excluded.at, reason = excluded.reason, cause = excluded.cause,
    flags = excluded.flags WHERE excluded.at < domain_events.at

-- :name domain_events_of
SELECT at, happened, reason, cause, flags, message, last_at FROM domain_events WHERE domain = ?1 ORDER BY at DESC

-- :name domain_state_of
SELECT state, until FROM domain_states WHERE domain = ?1

-- :name put_domain_state
INSERT INTO domain_states (domain, state, basis, cause, since, until, next) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
ON CONFLICT (domain) DO UPDATE SET state = excluded.state, basis = excluded.basis, cause = excluded.cause,
    since = excluded.since, until = excluded.until, next = excluded.next

-- :name last_change
SELECT coalesce(max(n), 0) FROM changes

-- :name would_change
SELECT coalesce(a.spelling, d.name), s.name, c.state, c.basis, c.cause, CASE WHEN c.until > 0 THEN c.until END, c.why
{changes}
WHERE c.n > ?1 AND c.state NOT IN ('free', 'watched') ORDER BY c.n

-- :name may_address
SELECT s.scope, s.state, s.until FROM addresses a JOIN states s ON s.address = a.id WHERE a.address = ?1

-- :name may_domain
SELECT s.state, s.until FROM domains d JOIN domain_states s ON s.domain = d.id WHERE d.name = ?1

-- :name any_domain_state
SELECT 1 FROM domain_states WHERE state IN ('due', 'paused', 'held', 'suppressed') LIMIT 1

-- :name any_domain_row
SELECT 1 FROM domain_states LIMIT 1

-- :name any_forgotten
SELECT 1 FROM forgotten LIMIT 1

-- :name is_forgotten
SELECT scope FROM forgotten WHERE hash = ?1

-- :name put_forgotten
INSERT INTO forgotten (hash, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING

-- :name drop_forgotten
DELETE FROM forgotten WHERE hash = ?1

-- :name changes_after
SELECT c.n, coalesce(a.spelling, d.name), CASE WHEN c.domain IS NULL THEN 'address' ELSE 'domain' END,
    coalesce(s.kind, 'all'), coalesce(s.name, ''), c.at, c.was, c.state, c.basis, c.cause, c.since,
    CASE WHEN c.until > 0 THEN c.until END, c.why
{changes}
WHERE c.n > ?1 ORDER BY c.n LIMIT ?2

-- :name suppressed
SELECT a.spelling, s.kind, s.name, t.basis, t.cause, t.since
{states}
WHERE t.state = 'suppressed' ORDER BY t.since, t.address LIMIT ?1

-- :name suppressed_in
SELECT a.spelling, s.kind, s.name, t.basis, t.cause, t.since
{states}
WHERE t.state = 'suppressed' AND t.scope IN (?2, ?3, ?4, ?5) ORDER BY t.since, t.address LIMIT ?1

-- :name suppressed_domains
SELECT d.name, 'domain', '', t.basis, t.cause, t.since
FROM domain_states t JOIN domains d ON d.id = t.domain
WHERE t.state = 'suppressed' ORDER BY t.since, t.domain LIMIT ?1

-- :part added_or_removed
SELECT CASE WHEN c.state = 'suppressed' THEN 'added' ELSE 'removed' END, coalesce(a.spelling, d.name),
    coalesce(s.kind, 'domain'), coalesce(s.name, ''), c.basis, c.cause, c.at
{changes}
WHERE c.at >= ?2 AND (c.state = 'suppressed') <> (c.was = 'suppressed')

-- :name suppressed_since
{added_or_removed} ORDER BY c.at, c.n LIMIT ?1

-- :name suppressed_since_in
{added_or_removed} AND (c.domain IS NOT NULL OR c.scope IN (?3, ?4, ?5, ?6)) ORDER BY c.at, c.n LIMIT ?1

-- :name due
SELECT a.spelling, s.kind, s.name, t.basis, t.cause, t.until, t.retries
{states}
WHERE t.until > 0 AND t.until <= ?2 AND t.state || '' IN ('due', 'paused') ORDER BY t.until, t.address LIMIT ?1

-- :name held
SELECT a.spelling, s.kind, s.name, t.basis, t.cause, t.since, CASE WHEN t.until > 0 THEN t.until END
{states}
WHERE t.state = 'held' ORDER BY t.since, t.address LIMIT ?1

-- :name is_held
SELECT 1 FROM states WHERE address = ?1 AND state = 'held' LIMIT 1

-- :name not_released
SELECT basis FROM states
WHERE address = ?1 AND state IN ('suppressed', 'held') AND (CAST(?2 AS INTEGER) = 0 OR scope IN (?2, ?3)) ORDER BY scope LIMIT 1

-- :name find_by_name
SELECT id FROM (SELECT a.id AS id, 0 AS rank FROM addresses a WHERE a.address = ?1
    UNION SELECT n.address, 1 FROM names n WHERE n.name = ?1) found
ORDER BY rank, id

-- :name show_address
SELECT a.spelling, a.address, d.name FROM addresses a JOIN domains d ON d.id = a.domain WHERE a.id = ?1

-- :name show_names
SELECT name FROM names WHERE address = ?1 ORDER BY name

-- :name show_states
SELECT s.kind, s.name, t.state, t.basis, t.cause, t.since, CASE WHEN t.until > 0 THEN t.until END, t.retries, 0
FROM states t JOIN scopes s ON s.id = t.scope WHERE t.address = ?1
UNION ALL SELECT 'domain', d.name, t.state, t.basis, t.cause, t.since, CASE WHEN t.until > 0 THEN t.until END, NULL, 1
FROM addresses a JOIN domain_states t ON t.domain = a.domain JOIN domains d ON d.id = t.domain
WHERE a.id = ?1 AND t.state <> 'free' ORDER BY 9, 1, 2

-- :name show_events
SELECT e.at, e.last_at, e.happened, e.kind, e.action, e.reason, e.cause, e.flags, e.doors, coalesce(s.name, ''),
    e.status, e.reply_code, e.diagnostic, e.rule, e.message_id, e.note, e.because, w1.word, w2.word, w3.word, w4.word,
    w5.word, w6.word
FROM events e LEFT JOIN scopes s ON s.id = e.scope LEFT JOIN words w1 ON w1.id = e.provider
    LEFT JOIN words w2 ON w2.id = e.remote LEFT JOIN words w3 ON w3.id = e.reporter
    LEFT JOIN words w4 ON w4.id = e.software LEFT JOIN words w5 ON w5.id = e.service
    LEFT JOIN words w6 ON w6.id = e.sender
WHERE e.id BETWEEN ?1 AND ?2 ORDER BY e.at, e.id

-- :name show_changes
SELECT c.n, c.at, coalesce(s.kind, 'all'), coalesce(s.name, ''), c.was, c.state, c.basis, c.cause, c.since,
    CASE WHEN c.until > 0 THEN c.until END, c.why
FROM changes c LEFT JOIN scopes s ON s.id = c.scope WHERE c.address = ?1 ORDER BY c.n

-- :name forget_address
DELETE FROM addresses WHERE id = ?1

-- :name forget_events
DELETE FROM events WHERE id BETWEEN ?1 AND ?2

-- :name forget_sent
DELETE FROM sent WHERE address = ?1

-- :name is_suppressed
SELECT scope FROM states WHERE address = ?1 AND state = 'suppressed' ORDER BY scope

-- :name prune_events
UPDATE events SET diagnostic = NULL, message_id = NULL, note = CASE WHEN kind = 20 THEN NULL ELSE note END
WHERE at < ?1 AND (diagnostic IS NOT NULL OR message_id IS NOT NULL OR (kind = 20 AND note IS NOT NULL))

-- :name prune_sent
DELETE FROM sent WHERE at < ?1

-- :name any_sent
SELECT 1 FROM sent LIMIT 1

-- :name last_sent_to
SELECT coalesce(max(s.at), 0) FROM addresses a JOIN sent s ON s.address = a.address WHERE a.id = ?1

-- :name tick_sent
UPDATE states SET next = ?2 WHERE next = 0 AND state = 'watched'
    AND address IN (SELECT id FROM addresses WHERE address = ?1)

-- :name put_sent
INSERT INTO sent (id, address, at, scope, message) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING

-- :name figures
SELECT e.k, {counted} FROM (
    SELECT CASE CAST(?3 AS INTEGER) WHEN 0 THEN reason WHEN 1 THEN side WHEN 2 THEN at / 86400 WHEN 3 THEN (at / 86400 + 3) / 7
            WHEN 4 THEN happened END AS k,
        {counts}
    FROM events WHERE {counting} GROUP BY 1) e
ORDER BY CASE WHEN CAST(?3 AS INTEGER) IN (2, 3) THEN e.k ELSE -e.bounces - e.complaints END, e.k LIMIT ?4

-- :name figures_of_words
SELECT coalesce(w.word, ''), {counted} FROM (
    SELECT CASE CAST(?3 AS INTEGER) WHEN 0 THEN provider WHEN 1 THEN remote WHEN 2 THEN reporter WHEN 3 THEN software WHEN 4 THEN service
            ELSE sender END AS k,
        {counts}
    FROM events WHERE {counting} GROUP BY 1) e
LEFT JOIN words w ON w.id = e.k
{largest}

-- :name figures_of_sending_domains
SELECT e.k, {counted} FROM (
    SELECT coalesce(substr(w.word, instr(w.word, '@') + 1), '') AS k,
        {counts}
    FROM events LEFT JOIN words w ON w.id = events.sender
    WHERE CAST(?3 AS INTEGER) = 0 AND {counting} GROUP BY 1) e
{largest}

-- :name figures_of_domains
SELECT e.k, {counted} FROM (
    SELECT d.name AS k,
        {counts}
    FROM events JOIN addresses a ON a.id = events.address JOIN domains d ON d.id = a.domain
    WHERE CAST(?3 AS INTEGER) = 0 AND {counting} GROUP BY 1) e
{largest}

-- :name figures_of_scopes
SELECT coalesce(s.name, ''), {counted} FROM (
    SELECT scope AS k,
        {counts}
    FROM events WHERE CAST(?3 AS INTEGER) = 0 AND {counting} GROUP BY 1) e
LEFT JOIN scopes s ON s.id = e.k
{largest}

-- :name figures_of_states
SELECT state, count(*) FROM states GROUP BY state ORDER BY state

-- :name figures_of_full
SELECT w.word, e.times, e.first_full, e.last_full, CASE WHEN coalesce(e.delivered, 0) < e.last_full THEN 1 ELSE 0 END
FROM (SELECT remote, sum(CASE WHEN reason = 28 THEN 1 ELSE 0 END) AS times,
        min(CASE WHEN reason = 28 THEN at END) AS first_full, max(CASE WHEN reason = 28 THEN last_at END) AS last_full,
        max(CASE WHEN happened = 3 THEN at END) AS delivered
    FROM events WHERE at >= ?1 AND at < ?2 AND remote IS NOT NULL GROUP BY remote) e JOIN words w ON w.id = e.remote
WHERE e.times > 0 ORDER BY 5 DESC, e.times DESC, w.word LIMIT ?3

-- :name figures_of_roles
SELECT a.spelling, sum(CASE WHEN e.happened = 5 THEN 1 ELSE 0 END),
    sum(CASE WHEN e.happened = 1 AND (e.flags & 128) <> 0 THEN 1 ELSE 0 END), max(e.last_at)
FROM addresses a JOIN events e ON e.address = a.id
WHERE ((a.address >= 'abuse@' AND a.address < 'abuseA') OR (a.address >= 'postmaster@' AND a.address < 'postmasterA'))
    AND e.at >= ?1 AND e.at < ?2 AND (e.happened = 5 OR (e.happened = 1 AND (e.flags & 128) <> 0))
GROUP BY a.id, a.spelling ORDER BY 4 DESC, 1 LIMIT ?3

-- :name outcomes
SELECT address, at, happened, reason FROM events
WHERE at >= ?1 AND at < ?2 AND happened IN (1, 2, 3) AND (flags & 20) = 0 ORDER BY address, at, id

-- :name unresolved_between
SELECT count(*) FROM unresolved WHERE at >= ?1 AND at < ?2

-- :name exported
SELECT a.spelling, t.basis, t.cause, t.since, s.name
{states}
WHERE t.state = 'suppressed' ORDER BY t.since, t.address, t.scope

-- :name exported_in
SELECT a.spelling, t.basis, t.cause, t.since, s.name
{states}
WHERE t.state = 'suppressed' AND t.scope IN (?1, ?2, ?3, ?4) ORDER BY t.since, t.address, t.scope

-- :name addresses_after
SELECT id, spelling FROM addresses WHERE id > ?1 ORDER BY id LIMIT ?2

-- :name subjects
SELECT question, subject, reason, min(hour), max(hour) FROM hours WHERE events > 0 AND (question = 3 OR reason >= 0)
GROUP BY question, subject, reason HAVING sum(events) >= ?1

-- :name drop_trips
DELETE FROM trips WHERE question <> 1

-- :name replayed
SELECT coalesce(a.spelling, d.name), coalesce(s.kind, 'domain'), coalesce(s.name, ''), c.was, c.state, c.basis, c.cause, CASE WHEN c.until > 0 THEN c.until END,
    c.why
{changes}
WHERE c.n > ?1 ORDER BY c.n
