/* SPDX-License-Identifier: MIT */
/*
 * event.c - see event.h.
 *
 * In: one JSON object. Out: the events in it, each with the map of its service: the first that knows all keys of one of
 * its lines `known`. Envelopes are also maps: their content is read as if it had come alone, or together with the
 * envelope if its map knows events itself. Refused: envelopes that are nested deeper, or hold more, than is read, and
 * broken JSON inside.
 */
#include "events/event.h"

#include "base/limits.h"
#include "events/mend.h"

static void unwrap(struct event_list *list, struct json_t *value, const struct event_map *of, unsigned depth);

/* "PATH" or "PATH=VALUE" */
static bool has_known(const struct event_list *list, struct json_t *value, const char *known)
{
    const char *equals = strchr(known, '=');
    if (!equals)
        return json_at(list->json, value, known) != NULL;
    const char *path = arena_strndup(list->arena, known, (size_t)(equals - known));
    const char *text = json_text_of(list->json, json_at(list->json, value, path), list->arena);
    return text && strcmp(text, equals + 1) == 0;
}

static const struct event_map *find_map(const struct event_list *list, struct json_t *value)
{
    for (const struct event_map *map = list->maps; map; map = map->next)
        for (const struct map_line *line = map->known; line; line = line->next) {
            size_t i = 0;
            while (i < line->count && has_known(list, value, line->paths[i]))
                i++;
            if (i == line->count)
                return map;
        }
    return NULL;
}

static void add_event(struct event_list *list, struct json_t *value, const struct event_map *map)
{
    if (list->count == LIMIT_EVENTS_INSIDE) {
        list->wrong = "one document has more events than are read";
        return;
    }
    list->events = arena_grow(list->arena, list->events, list->count, &list->capacity, sizeof *list->events);
    list->events[list->count++] = (struct event){value, map};
}

/* NULL after an error. Allocates room for the tree first, so that it does not leak if memory runs out. */
static struct json_t *read_tree(struct event_list *list, struct span text, struct json_wrong *wrong)
{
    list->trees = arena_grow(list->arena, list->trees, list->tree_count, &list->tree_capacity, sizeof *list->trees);
    struct json_t *tree = json_read(list->json, text, wrong);
    if (tree)
        list->trees[list->tree_count++] = tree;
    return tree;
}

/* JSON in a string; other texts, such as those of a subscription, are not events. */
static void unwrap_string(struct event_list *list, struct json_t *string, const struct event_map *of, unsigned depth)
{
    const char *text = json_text_of(list->json, string, list->arena);
    struct json_wrong wrong;
    if (!text || (*text != '{' && *text != '[')) {
        list->skipped++;
        return;
    }
    struct span json = list->mends ? json_mend(list->arena, span_z(text)) : span_z(text);
    struct json_t *tree = read_tree(list, json, &wrong);
    if (!tree) {
        list->wrong = arena_printf(list->arena, "the JSON in its envelope is broken: %s", wrong.text);
        return;
    }
    unwrap(list, tree, of, depth);
}

static void unwrap_object(struct event_list *list, struct json_t *value, const struct event_map *of, unsigned depth)
{
    const struct event_map *map = of ? of : find_map(list, value);
    bool is_inside = false;
    for (const struct map_line *line = map && !of ? map->inside : NULL; line; line = line->next) {
        struct json_t *inside = json_at(list->json, value, line->paths[0]);
        if (!inside)
            continue;
        is_inside = true;
        unwrap(list, inside, map->on ? map : NULL, depth + 1);
    }
    if (!is_inside)
        add_event(list, value, map);
}

static void unwrap(struct event_list *list, struct json_t *value, const struct event_map *of, unsigned depth)
{
    if (depth > LIMIT_EVENT_WRAPS)
        list->wrong = "envelopes are nested deeper than is read";
    else if (json_is_object(value))
        unwrap_object(list, value, of, depth);
    else if (json_is_string(value))
        unwrap_string(list, value, of, depth + 1);
    else if (!json_count(list->json, value))
        list->skipped++;
    for (size_t i = 0; i < json_count(list->json, value) && depth <= LIMIT_EVENT_WRAPS; i++)
        unwrap(list, json_item(list->json, value, i), of, depth + 1);
}

bool event_list_read(struct event_list *list, struct span text, struct json_wrong *wrong)
{
    struct json_t *tree = read_tree(list, text, wrong);
    if (tree)
        unwrap(list, tree, NULL, 0);
    return tree != NULL;
}

void event_list_free(struct event_list *list)
{
    for (size_t i = 0; i < list->tree_count; i++)
        json_free(list->json, list->trees[i]);
    list->tree_count = list->count = 0;
}

/* "./PATH" is inside the current recipient. */
static const char *value_at(const struct event_list *list, const struct event *e, struct json_t *item, const char *path)
{
    const bool of_item = path[0] == '.';
    if (of_item && !item)
        return NULL;
    return json_text_of(list->json, json_at(list->json, of_item ? item : e->value, path), list->arena);
}

static const char *join(const struct event_list *list, const struct event *e, struct json_t *item,
                        const struct map_line *line, const char *between)
{
    const char *joined = NULL;
    for (size_t i = 0; i < line->count; i++) {
        const char *value = value_at(list, e, item, line->paths[i]);
        if (value)
            joined = joined ? arena_printf(list->arena, "%s%s%s", joined, between, value) : value;
    }
    return joined;
}

const char *event_field(const struct event_list *list, const struct event *e, struct json_t *item, enum event_field f,
                        const char *between)
{
    const char *value = NULL;
    for (const struct map_line *line = e->map->fields[f]; line && !value; line = line->next)
        value = join(list, e, item, line, between);
    return value;
}

const char *event_name(const struct event_list *list, const struct event *e)
{
    const char *value = NULL;
    for (const struct map_line *line = e->map->fields[FIELD_EVENT]; line && !value; line = line->next)
        value = value_at(list, e, NULL, line->paths[0]);
    return value;
}

struct json_t *event_recipients(const struct event_list *list, const struct event *e)
{
    for (const struct map_line *line = e->map->each; line; line = line->next) {
        struct json_t *all = json_at(list->json, e->value, line->paths[0]);
        if (json_count(list->json, all))
            return all;
    }
    return NULL;
}

/* Values of several paths are joined as in the lines `on` and `means`. */
bool event_mean(const struct event_list *list, const struct event *e, struct event_meaning *m)
{
    *m = (struct event_meaning){.on = map_word_find(e->map->on, event_field(list, e, NULL, FIELD_EVENT, "/"))};
    if (!m->on || m->on->no_event)
        return false;
    m->means = map_word_find(e->map->means, event_field(list, e, NULL, FIELD_CLASS, "/"));
    return !(m->means && m->means->no_event);
}

bounce_action event_action(const struct event_list *list, const struct event *e, struct json_t *item,
                           const struct event_meaning *m)
{
    const char *own = event_field(list, e, item, FIELD_ACTION, " ");
    if (own && strcmp(own, "failed") == 0)
        return BOUNCE_ACTION_FAILED;
    if (own && strcmp(own, "delayed") == 0)
        return BOUNCE_ACTION_DELAYED;
    return m->means && m->means->has_action ? m->means->action : m->on->action;
}
