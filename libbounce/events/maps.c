/* SPDX-License-Identifier: MIT */
/*
 * maps.c - reads maps of events; see maps.h.
 *
 * In: lines of a keyword and its words, as doc/events.md explains them. Out: one map for each line `service`, in order.
 * Refused: unknown keywords, lines that lack a word, and meanings other than an action, a reason, `hard`, `soft` or
 * `nothing`.
 */
#include "events/maps.h"

enum { WORDS = 8 };

struct maps_reader {
    struct arena *arena;
    struct event_map *first, *last;
    const char *words[WORDS];
    size_t count;
};

static const char *const field_names[FIELD_COUNT] = {
    [FIELD_EVENT] = "event",       [FIELD_CLASS] = "class",      [FIELD_ID] = "id",
    [FIELD_TIME] = "time",         [FIELD_SENDER] = "sender",    [FIELD_MESSAGE_ID] = "message-id",
    [FIELD_SUBJECT] = "subject",   [FIELD_SENT] = "sent",        [FIELD_REPORTER] = "reporter",
    [FIELD_FEEDBACK] = "feedback", [FIELD_CODE] = "code",        [FIELD_RECIPIENT] = "recipient",
    [FIELD_TEXT] = "text",         [FIELD_HOST] = "host",        [FIELD_STATUS] = "status",
    [FIELD_ACTION] = "action",     [FIELD_ATTEMPTS] = "attempts"};

/* Words are separated by blanks; one in quotes may hold some. False: too many, or an open quote. */
static bool split(struct maps_reader *r, struct span line)
{
    r->count = 0;
    for (line = span_trim(line); line.n && line.s[0] != '#'; line = span_trim(line)) {
        const bool quoted = line.s[0] == '"';
        size_t start = quoted, end = start;
        while (end < line.n && (quoted ? line.s[end] != '"' : !ascii_is_space(line.s[end])))
            end++;
        if (r->count == WORDS || (quoted && end == line.n))
            return false;
        r->words[r->count++] = arena_strndup(r->arena, line.s + start, end - start);
        line = span_of(line.s + end + quoted, line.n - end - quoted);
    }
    return true;
}

static bool add_line(struct maps_reader *r, struct map_line **list)
{
    if (r->count < 2 || r->count - 1 > MAP_PATHS)
        return false;
    struct map_line *line = arena_calloc(r->arena, 1, sizeof *line);
    line->count = r->count - 1;
    for (size_t i = 0; i < line->count; i++)
        line->paths[i] = r->words[i + 1];
    while (*list)
        list = &(*list)->next;
    *list = line;
    return true;
}

static bool read_reason(const char *word, bounce_reason *reason)
{
    for (int i = BOUNCE_REASON_UNKNOWN + 1; i <= BOUNCE_REASON_DELIVERED; i++)
        if (strcmp(bounce_reason_name((bounce_reason)i), word) == 0) {
            *reason = (bounce_reason)i;
            return true;
        }
    return false;
}

static bool read_action(const char *word, struct map_word *row)
{
    static const bounce_action actions[] = {BOUNCE_ACTION_FAILED, BOUNCE_ACTION_DELAYED, BOUNCE_ACTION_DELIVERED,
                                            BOUNCE_ACTION_COMPLAINT};
    for (size_t i = 0; i < COUNT(actions); i++)
        if (strcmp(bounce_action_name(actions[i]), word) == 0) {
            row->action = actions[i];
            return row->has_action = true;
        }
    return false;
}

static bool read_meaning(const char *word, struct map_word *row)
{
    if (strcmp(word, "hard") == 0 || strcmp(word, "soft") == 0)
        row->permanent = word[0] == 'h';
    else if (strcmp(word, "nothing") == 0)
        row->no_event = true;
    else
        return read_action(word, row) || read_reason(word, &row->reason);
    return true;
}

static bool add_word(struct maps_reader *r, struct map_word **list)
{
    if (r->count < 3)
        return false;
    struct map_word *row = arena_calloc(r->arena, 1, sizeof *row);
    *row = (struct map_word){.value = r->words[1], .permanent = -1};
    for (size_t i = 2; i < r->count; i++)
        if (!read_meaning(r->words[i], row))
            return false;
    while (*list)
        list = &(*list)->next;
    *list = row;
    return true;
}

static bool add_service(struct maps_reader *r)
{
    if (r->count != 2)
        return false;
    struct event_map *map = arena_calloc(r->arena, 1, sizeof *map);
    map->service = r->words[1];
    if (r->last)
        r->last->next = map;
    else
        r->first = map;
    r->last = map;
    return true;
}

static bool take_line(struct maps_reader *r)
{
    const char *keyword = r->words[0];
    if (strcmp(keyword, "service") == 0)
        return add_service(r);
    struct event_map *map = r->last;
    if (!map)
        return false;
    struct {
        const char *keyword;
        struct map_line **list;
    } lines[] = {{"known", &map->known}, {"inside", &map->inside}, {"each", &map->each}, {"own", &map->own}};
    for (size_t i = 0; i < COUNT(lines); i++)
        if (strcmp(keyword, lines[i].keyword) == 0)
            return add_line(r, lines[i].list);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strcmp(keyword, field_names[i]) == 0)
            return add_line(r, &map->fields[i]);
    struct map_word **rows = strcmp(keyword, "on") == 0      ? &map->on
                             : strcmp(keyword, "means") == 0 ? &map->means
                             : strcmp(keyword, "says") == 0  ? &map->says
                                                             : NULL;
    return rows && add_word(r, rows);
}

struct event_map *maps_read(struct arena *a, struct span text, const char **wrong)
{
    struct maps_reader r = {.arena = a};
    struct span line;
    for (unsigned number = 1; span_next_line(&text, &line); number++)
        if (!split(&r, line) || (r.count && !take_line(&r))) {
            *wrong = arena_printf(a, "line %u: %.*s", number, (int)(line.n < 80 ? line.n : 80), line.s);
            return NULL;
        }
    *wrong = NULL;
    return r.first;
}

struct event_map *maps_builtin(struct arena *a)
{
    const char *wrong;
    return maps_read(a, span_of(bounce_builtin_maps, bounce_builtin_maps_length), &wrong);
}

static struct span next_part(const char **rest)
{
    size_t n = strcspn(*rest, "/");
    struct span part = span_of(*rest, n);
    *rest += n + ((*rest)[n] == '/');
    return part;
}

static bool parts_fit(const char *row, const char *value)
{
    while (*row) {
        struct span wanted = next_part(&row), part = next_part(&value);
        if (!span_equal_nocase(wanted, "*") && !span_same_nocase(wanted, part))
            return false;
    }
    return true;
}

const struct map_word *map_word_find(const struct map_word *rows, const char *value)
{
    for (; rows; rows = rows->next)
        if (parts_fit(rows->value, value ? value : ""))
            return rows;
    return NULL;
}

static bool text_fits(struct span row, struct span text)
{
    if (row.n && row.s[row.n - 1] == '*')
        return span_starts_with(text, span_of(row.s, row.n - 1));
    return span_same_nocase(row, text);
}

const struct map_word *map_says_find(const struct map_word *rows, const char *text)
{
    for (; text && rows; rows = rows->next)
        if (text_fits(span_z(rows->value), span_trim(span_z(text))))
            return rows;
    return NULL;
}

bool map_has_own(const struct event_map *map, const char *code)
{
    for (const struct map_line *line = map->own; code && line; line = line->next)
        for (size_t i = 0; i < line->count; i++)
            if (strcmp(line->paths[i], code) == 0)
                return true;
    return false;
}
