/* SPDX-License-Identifier: MIT */
/*
 * verdict.c - what one object of bounce-classify says about each recipient.
 *
 * In: a line with one JSON object of schema 1 (doc/output.md). Out: for each recipient what the ledger keeps, the time
 * when it happened, and the keys that identify the same failure again: Message-ID; reporting host and queue id; the
 * service's own id; and without any of these, ten minutes. Refused: invalid JSON, anything but an object, or another
 * schema.
 */
#include "lines/verdict.h"

#include "lines/value.h"

#include "bounce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { BUCKET_S = 600, PATH_BYTES = 256, SHARED_MOST = 16, CLOCKS_DIFFER_S = 86400 };

/* ---------------------------------------------------------------- memory */

bool pool_make(struct line_pool *p, size_t size)
{
    *p = (struct line_pool){.bytes = malloc(size), .size = size};
    return p->bytes != NULL;
}

char *pool_copy(struct line_pool *p, const char *text, size_t length)
{
    if (length >= p->size - p->used) {
        p->full = true;
        return NULL;
    }
    char *copy = memcpy(p->bytes + p->used, text, length);
    copy[length] = '\0';
    p->used += length + 1;
    return copy;
}

/* ----------------------------------------------------------------- values */

static const char *text_of(const struct value *object, const char *key)
{
    const char *text = value_text(value_get(object, key));
    return text && *text ? text : NULL;
}

static const char *kept(struct line_pool *pool, const char *text, size_t most)
{
    if (!text)
        return NULL;
    size_t length = strlen(text);
    if (length > most)
        for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    return pool_copy(pool, text, length);
}

static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = 10 * value + text[i] - '0';
    return value;
}

bool verdict_time(const char *text, int64_t *seconds)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    if (!text || strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    struct tm t = {.tm_year = digits(text, 4) - 1900,
                   .tm_mon = digits(text + 5, 2) - 1,
                   .tm_mday = digits(text + 8, 2),
                   .tm_hour = digits(text + 11, 2),
                   .tm_min = digits(text + 14, 2),
                   .tm_sec = digits(text + 17, 2)};
    *seconds = timegm(&t);
    return true;
}

/* FNV-1a, mixed at the end. It only has to tell apart the events of one address. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return (hash ^ 0x1ff) * 0x100000001b3u;
}

uint64_t verdict_hash(const char *first, const char *second, const char *third)
{
    uint64_t hash = hash_text(0xcbf29ce484222325u, first);
    hash = hash_text(hash, second ? second : "");
    hash = hash_text(hash, third ? third : "");
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93u;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

/* Services report it without angle brackets. */
static void plain_id(const char *id, char to[VERDICT_TEXT_BYTES])
{
    size_t n = strlen(id);
    if (n > 1 && id[0] == '<' && id[n - 1] == '>') {
        id++;
        n -= 2;
    }
    snprintf(to, VERDICT_TEXT_BYTES, "%.*s", (int)(n < VERDICT_TEXT_BYTES ? n : VERDICT_TEXT_BYTES - 1), id);
}

/* The value at a path such as "original.headers.X-Campaign"; for a list, its first element. */
static const char *at_path(const struct value *root, const struct value *recipient, const char *path)
{
    char keys[PATH_BYTES], *rest = keys;
    const struct value *value = root;
    if (strncmp(path, "recipients.", 11) == 0) {
        value = recipient;
        path += 11;
    }
    if (snprintf(keys, sizeof keys, "%s", path) >= (int)sizeof keys)
        return NULL;
    for (const char *key; value && (key = strsep(&rest, "."));)
        value = value_get(value, key);
    if (value_type(value) == VALUE_ARRAY)
        value = value_first(value);
    return value_text(value);
}

/* ------------------------------------------------------------- one object */

struct object {
    const struct verdict_reader *reader;
    const struct value *root, *recipient;
    const char *kind, *queue_id;
    const char *shared[SHARED_MOST]; /* the first shared replies, once they are in the pool */
    char message_id[VERDICT_TEXT_BYTES];
};

static void add_flag(struct seen_verdict *v, bool is_set, enum verdict_flag flag)
{
    if (is_set)
        v->flags |= flag;
}

/* The enum value with that name; 0 if there is none. */
static int kind_named(const char *name)
{
    for (int i = BOUNCE_KIND_NONE; name && i <= BOUNCE_KIND_EVENT; i++)
        if (strcmp(bounce_kind_name((bounce_kind)i), name) == 0)
            return i;
    return BOUNCE_KIND_NONE;
}

static int action_named(const char *name)
{
    for (int i = BOUNCE_ACTION_FAILED; name && i <= BOUNCE_ACTION_COMPLAINT; i++)
        if (strcmp(bounce_action_name((bounce_action)i), name) == 0)
            return i;
    return BOUNCE_ACTION_UNKNOWN;
}

static int group_named(const char *name)
{
    for (int i = BOUNCE_GROUP_OTHER; name && i <= BOUNCE_GROUP_NETWORK; i++)
        if (strcmp(bounce_group_name((bounce_group)i), name) == 0)
            return i;
    return BOUNCE_GROUP_OTHER;
}

/* As in libbounce/policy/event.c: a log is the sender's own, and an event came through the service's interface; a mail
 * is trusted by the results of the host in --authserv-id, if its sender is related to the recipient or to you. */
static bool is_trusted(const struct object *o, const struct seen_verdict *v)
{
    static const char *const checks[] = {"dmarc", "dkim", "spf"};
    const struct value *trust = value_get(o->root, "trust"), *auth = value_get(trust, "auth");
    if (v->kind == BOUNCE_KIND_LOG || v->kind == BOUNCE_KIND_EVENT)
        return true;
    if (value_type(value_get(trust, "reporter_related")) != VALUE_TRUE)
        return false;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const char *result = text_of(auth, checks[i]);
        if (result && strcmp(result, "pass") == 0)
            return true;
    }
    return false;
}

static void read_flags(const struct object *o, struct seen_verdict *v)
{
    const char *sent = text_of(o->root, "sent"), *type = text_of(o->recipient, "type");
    const char *direction = text_of(o->root, "direction");
    bool delivered = v->action == BOUNCE_ACTION_DELIVERED;
    add_flag(v, value_type(value_get(o->recipient, "permanent")) == VALUE_TRUE, VERDICT_PERMANENT);
    add_flag(v, value_type(value_get(o->recipient, "partial")) == VALUE_TRUE, VERDICT_PARTIAL);
    add_flag(v, sent && strcmp(sent, "no") == 0, VERDICT_SENT_NO);
    add_flag(v, sent && strcmp(sent, "yes") == 0, VERDICT_SENT_YES);
    add_flag(v, direction && strcmp(direction, "in") == 0, VERDICT_INBOUND);
    add_flag(v, v->action == BOUNCE_ACTION_COMPLAINT && v->recipients > 1, VERDICT_CANDIDATE);
    add_flag(v, delivered && value_type(value_get(o->recipient, "final")) != VALUE_FALSE, VERDICT_FINAL);
    add_flag(v, type && strcmp(type, "hard") == 0, VERDICT_HARD);
    add_flag(v, type && strcmp(type, "soft") == 0, VERDICT_SOFT);
    add_flag(v, is_trusted(o, v), VERDICT_TRUSTED);
}

bool verdict_time_is_past(int64_t at, int64_t now)
{
    return at <= now + CLOCKS_DIFFER_S;
}

/* False if there is none, or if it is in the future: a wrong clock would make the event count until then. */
static bool take_time(const struct object *o, const struct value *object, const char *key, struct seen_verdict *v)
{
    int64_t at;
    if (!verdict_time(text_of(object, key), &at) || !verdict_time_is_past(at, o->reader->now))
        return false;
    v->at = at;
    return true;
}

/* When it happened: "time" if the object has it, else the last attempt, the date of the report, or the message's
 * arrival. */
static void read_time(const struct object *o, struct seen_verdict *v)
{
    const struct value *report = value_get(o->root, "report");
    bool has_time = take_time(o, o->recipient, "time", v) || take_time(o, o->root, "time", v) ||
                    take_time(o, o->recipient, "last_attempt", v) || take_time(o, report, "date", v) ||
                    take_time(o, o->root, "arrival_date", v);
    if (!has_time)
        v->at = o->reader->now;
}

/* Failure, delay and delivery of one message are different events. */
static void read_keys(const struct object *o, struct seen_verdict *v)
{
    const char *what = bounce_action_name((bounce_action)v->action);
    const char *id = text_of(value_get(o->root, "service"), "id");
    char bucket[32];
    if (*o->message_id)
        v->keys[v->key_count++] = verdict_hash("message", what, o->message_id);
    if (o->queue_id) {
        char host[VERDICT_TEXT_BYTES];
        snprintf(host, sizeof host, "%s %s", v->reporter ? v->reporter : "", what);
        v->keys[v->key_count++] = verdict_hash("queue", host, o->queue_id);
    }
    if (id)
        v->keys[v->key_count++] = verdict_hash(v->service ? v->service : "service", what, id);
    if (v->key_count > 0)
        return;
    snprintf(bucket, sizeof bucket, "%lld", (long long)(v->at / BUCKET_S));
    v->keys[v->key_count++] = verdict_hash("time", what, bucket);
}

/* Who reports: a host; for a feedback report without one, the domain of its sender. */
static const char *reporter_of(const struct object *o, struct line_pool *pool, int kind)
{
    const char *host = text_of(o->root, "reporting_mta"), *from = text_of(value_get(o->root, "report"), "from");
    const char *at = from && !host && kind == BOUNCE_KIND_ARF ? strrchr(from, '@') : NULL;
    return at ? pool_copy(pool, at + 1, strcspn(at + 1, "> ")) : kept(pool, host, 255);
}

/* The address in "Shop <news@shop.example>", or the whole text. */
static const char *address_in(const char *text, struct line_pool *pool)
{
    const char *begin = text ? strrchr(text, '<') : NULL, *end = begin ? strchr(begin, '>') : NULL;
    return end ? pool_copy(pool, begin + 1, (size_t)(end - begin - 1)) : kept(pool, text, 320);
}

static const char *sender_of(const struct object *o, struct line_pool *pool)
{
    const char *sender = text_of(o->root, "envelope_from");
    return address_in(sender ? sender : text_of(value_get(o->root, "original"), "from"), pool);
}

/* What the server said. If recipients share a reply, it is in the message's list of replies. The first replies are kept
 * once for all recipients, so that a long report fits into one batch. */
static const char *diagnostic_of(struct object *o, struct line_pool *pool)
{
    const struct value *place = value_get(o->recipient, "diagnostic_of");
    int64_t n = value_type(place) == VALUE_INTEGER ? value_integer(place) : -1;
    if (n < 0)
        return kept(pool, text_of(o->recipient, "diagnostic"), VERDICT_TEXT_BYTES);
    if (n < SHARED_MOST && o->shared[n])
        return o->shared[n];
    const struct value *reply = value_first(value_get(o->root, "replies"));
    for (int64_t i = 0; i < n && reply; i++)
        reply = value_next(reply);
    const char *text = kept(pool, value_text(reply), VERDICT_TEXT_BYTES);
    if (n < SHARED_MOST)
        o->shared[n] = text;
    return text;
}

static void read_recipient(struct object *o, struct line_pool *pool, struct seen_verdict *v)
{
    const struct value *r = o->recipient, *original = value_get(o->root, "original");
    const struct value *evidence = value_get(r, "evidence"), *service = value_get(o->root, "service");
    const char *id = text_of(original, "message_id");
    const char *address = text_of(r, "address_to_suppress"), *reported = text_of(r, "address");
    const struct value *retry = value_get(r, "retry_stated_s");
    if (id)
        plain_id(id, o->message_id);
    v->address = kept(pool, address ? address : reported, VERDICT_TEXT_BYTES);
    v->reported = kept(pool, reported, VERDICT_TEXT_BYTES);
    if (!v->address)
        v->returned_to = address_in(text_of(value_get(o->root, "report"), "to"), pool);
    v->kind = kind_named(o->kind);
    v->action = action_named(text_of(r, "action"));
    v->reason = (int)bounce_reason_from_name(text_of(r, "reason"));
    v->cause = (int)bounce_reason_from_name(text_of(r, "cause"));
    v->side = group_named(text_of(r, "group"));
    v->status = kept(pool, text_of(r, "status"), 16);
    v->remote = kept(pool, text_of(r, "remote_mta"), 255);
    v->provider = kept(pool, text_of(r, "provider"), 64);
    v->reporter = reporter_of(o, pool, v->kind);
    v->software = kept(pool, text_of(o->root, "software"), 64);
    v->service = kept(pool, text_of(service, "name"), 64);
    v->feedback = kept(pool, text_of(value_get(o->root, "feedback"), "type"), 64);
    v->sender = sender_of(o, pool);
    v->diagnostic = diagnostic_of(o, pool);
    v->rule = kept(pool, text_of(evidence, "rule"), 128);
    v->message_id = kept(pool, *o->message_id ? o->message_id : NULL, VERDICT_TEXT_BYTES);
    v->list = o->reader->scope_from ? kept(pool, at_path(o->root, r, o->reader->scope_from), 255) : NULL;
    v->reply_code = (int)value_integer(value_get(r, "reply_code"));
    v->retry_s = value_type(retry) == VALUE_INTEGER ? value_integer(retry) : -1;
    read_flags(o, v);
    read_time(o, v);
    read_keys(o, v);
}

/* ------------------------------------------------------------------ a line */

static const char *problem_of(const struct value *root)
{
    const struct value *schema = value_get(root, "schema");
    if (value_type(root) != VALUE_OBJECT)
        return "not a JSON object";
    if (value_type(schema) != VALUE_INTEGER || value_type(value_get(root, "recipients")) != VALUE_ARRAY ||
        !value_text(value_get(root, "kind")))
        return "not an object of bounce-classify --format json";
    if (value_integer(schema) != 1)
        return "an object whose schema is not 1";
    return NULL;
}

static size_t count_of(const struct value *list)
{
    size_t count = 0;
    for (const struct value *v = value_first(list); v; v = value_next(v))
        count++;
    return count;
}

static enum verdict_status read_object(struct object *o, struct line_pool *pool,
                                       void (*take)(void *data, const struct seen_verdict *verdict), void *data)
{
    const struct value *recipients = value_get(o->root, "recipients");
    size_t count = count_of(recipients);
    for (o->recipient = value_first(recipients); o->recipient; o->recipient = value_next(o->recipient)) {
        struct seen_verdict v = {.retry_s = -1, .recipients = count};
        o->message_id[0] = '\0';
        read_recipient(o, pool, &v);
        if (pool->full)
            return VERDICT_POOL_FULL;
        take(data, &v);
    }
    return VERDICT_READ;
}

enum verdict_status verdict_read(const struct verdict_reader *r, const char *line, size_t length,
                                 struct line_pool *pool, void (*take)(void *data, const struct seen_verdict *verdict),
                                 void *data, const char **problem)
{
    static char message[128];
    const struct value *root = value_read(line, length);
    if (!root) {
        snprintf(message, sizeof message, "not a JSON object: %s", value_problem());
        *problem = message;
        return VERDICT_NO_JSON;
    }
    *problem = problem_of(root);
    if (*problem)
        return value_type(root) == VALUE_OBJECT ? VERDICT_NOT_OURS : VERDICT_NO_OBJECT;
    struct object o = {.reader = r, .root = root, .kind = text_of(root, "kind"), .queue_id = text_of(root, "queue_id")};
    return read_object(&o, pool, take, data);
}
