/* SPDX-License-Identifier: MIT */
/*
 * signs.c - the signs of a layer, and the conditions that use them.
 *
 * What comes in: entries as they were read, and the layer below. What goes out: the signs, each after those that it
 * uses; and in each condition that names one, its place and what it is about. Refused, with an error: a name that is
 * used twice or is built in; a sign that does not exist, that uses itself, that is nested too deep, or that is about
 * the header and the rest of a mail at once; the sum as a condition; too many signs in the sum. In the built-in files
 * also: an unused sign, and a missing one that C needs.
 */
#include "rules/signs.h"
#include "base/limits.h"
#include "rules/arrays.h"

enum mark { MARK_NEW, MARK_ON_PATH, MARK_DONE };

struct named_sign {
    const struct rule_entry *entry;
    struct parsed_sign *sign;
    enum mark mark;
    size_t height;  /* how many signs use each other in a row below it, itself included */
    uint32_t index; /* among the signs of the layer, once it is done */
};

struct signs {
    struct rule_entries *e;
    const struct layer *lower;
    GHashTable *names; /* name -> struct named_sign */
    GArray *sorted;    /* struct parsed_sign */
    struct named_sign *path[LIMIT_SIGN_DEPTH];
    size_t depth;
};

const char *signs_asked_name(enum asked_sign asked)
{
    static const char *const names[] = {[ASKED_MAIL_SYSTEM] = "mail-system",
                                        [ASKED_AUTOMATIC_SENDER] = "automatic-sender",
                                        [ASKED_MACHINE] = "machine",
                                        [ASKED_ACKNOWLEDGEMENT] = "ack-subject"};
    _Static_assert(COUNT(names) == ASKED_COUNT, "each has a name");
    return names[asked];
}

/* ----------------------------------------------------------------- errors */

static struct rule_error at_know(const struct parsed_know *know)
{
    const struct rule_place *place = &know->place;
    return (struct rule_error){.path = place->path,
                               .file = place->file,
                               .status = BOUNCE_ERROR_RULES,
                               .line = place->line,
                               .column = place->column};
}

static struct rule_error at_entry(const struct rule_entry *entry)
{
    return (struct rule_error){
        .path = entry->path, .file = entry->file, .status = BOUNCE_ERROR_RULES, .line = entry->rule.line, .column = 1};
}

/* "a -> b -> a" */
static void circle_error(struct signs *s, const struct parsed_know *know)
{
    const struct rule_error where = at_know(know);
    GString *path = g_string_new(NULL);
    size_t i = 0;
    while (strcmp(s->path[i]->sign->name, know->sign) != 0)
        i++;
    for (; i < s->depth; i++)
        g_string_append_printf(path, "%s -> ", s->path[i]->sign->name);
    rule_entries_error(s->e, &where, "the sign uses itself: %s%s", path->str, know->sign);
    g_string_free(path, TRUE);
}

/* ------------------------------------------------------------------- names */

static bool lower_has(const struct layer *lower, const char *name, uint32_t *index)
{
    for (size_t i = 0; lower && i < lower->sign_count; i++)
        if (strcmp(layer_name(lower, lower->signs[i].name), name) == 0) {
            *index = (uint32_t)i;
            return true;
        }
    return false;
}

static void register_sign(struct signs *s, struct rule_entry *entry)
{
    const struct rule_error where = at_entry(entry);
    const struct named_sign *other = g_hash_table_lookup(s->names, entry->sign.name);
    uint32_t index;
    if (other) {
        rule_entries_error(s->e, &where, "\"%s\" is the name of another sign (%s:%u)", entry->sign.name,
                           other->entry->rule.file, (unsigned)other->entry->rule.line);
    } else if (lower_has(s->lower, entry->sign.name, &index)) {
        rule_entries_error(s->e, &where, "\"%s\" is a built-in sign: give yours another name", entry->sign.name);
    } else {
        struct named_sign *named = arena_calloc(s->e->arena, 1, sizeof *named);
        *named = (struct named_sign){.entry = entry, .sign = &entry->sign};
        g_hash_table_insert(s->names, (gpointer)entry->sign.name, named);
    }
}

/* -------------------------------------------------------------- resolution */

static void visit(struct signs *s, struct named_sign *named);

static void take_lower(const struct layer *lower, uint32_t index, struct parsed_know *know)
{
    know->sign_index = index;
    know->below = true;
    know->keys = lower->signs[index].keys;
}

static void take_own(struct signs *s, struct named_sign *named, struct parsed_know *know)
{
    if (named->mark == MARK_ON_PATH) {
        circle_error(s, know);
        return;
    }
    visit(s, named);
    if (s->depth)
        s->path[s->depth - 1]->height = MAX(s->path[s->depth - 1]->height, named->height + 1);
    named->sign->used = true;
    know->sign_index = named->index;
    know->keys = named->sign->keys;
}

static void resolve_know(struct signs *s, struct parsed_know *know)
{
    const struct rule_error where = at_know(know);
    struct named_sign *named = g_hash_table_lookup(s->names, know->sign);
    uint32_t index;
    if (named && named->sign->threshold)
        rule_entries_error(s->e, &where, "\"%s\" is the sum of all signs, and no condition", know->sign);
    else if (named && s->depth + named->height >= LIMIT_SIGN_DEPTH)
        rule_entries_error(s->e, &where, "more than %d signs use each other in a row", LIMIT_SIGN_DEPTH);
    else if (named)
        take_own(s, named, know);
    else if (lower_has(s->lower, know->sign, &index))
        take_lower(s->lower, index, know);
    else
        rule_entries_error(s->e, &where, "there is no sign \"%s\"", know->sign);
}

static void resolve_knows(struct signs *s, struct parsed_know *knows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (knows[i].key == KNOW_SIGN)
            resolve_know(s, &knows[i]);
}

/* The keys of all its conditions. The header must answer for all of them, or for none. */
static void find_keys(struct signs *s, const struct named_sign *named)
{
    struct parsed_sign *sign = named->sign;
    for (size_t i = 0; i < sign->know_count; i++) {
        uint16_t keys = (uint16_t)(sign->keys | sign->knows[i].keys);
        if (keys & KNOW_HEADER_KEYS && keys & ~KNOW_HEADER_KEYS) {
            const struct rule_error where = at_know(&sign->knows[i]);
            rule_entries_error(s->e, &where, "a sign is about the header or about the rest of a mail, not about both");
            return;
        }
        sign->keys = keys;
    }
}

static void visit(struct signs *s, struct named_sign *named)
{
    if (named->mark == MARK_DONE)
        return;
    named->mark = MARK_ON_PATH;
    s->path[s->depth++] = named;
    resolve_knows(s, named->sign->knows, named->sign->know_count);
    s->depth--;
    find_keys(s, named);
    named->mark = MARK_DONE;
    named->index = s->sorted->len;
    g_array_append_vals(s->sorted, named->sign, 1);
}

/* Adds an error for each sign beyond the limit. */
static void check_weighed(struct signs *s)
{
    size_t weighed = 0;
    for (const struct rule_entry *entry = s->e->first; entry; entry = entry->next) {
        const struct rule_error where = at_entry(entry);
        if (entry->kind == ENTRY_SIGN && entry->sign.speaks && ++weighed > LIMIT_WEIGHED_SIGNS)
            rule_entries_error(s->e, &where, "more than %d signs have a part in the sum", LIMIT_WEIGHED_SIGNS);
    }
}

void signs_resolve(struct rule_entries *e, const struct layer *lower, struct parsed_layer *layer)
{
    struct signs s = {.e = e, .lower = lower};
    s.names = g_hash_table_new(g_str_hash, g_str_equal);
    s.sorted = g_array_new(FALSE, FALSE, sizeof(struct parsed_sign));
    for (struct rule_entry *entry = e->first; entry; entry = entry->next)
        if (entry->kind == ENTRY_SIGN)
            register_sign(&s, entry);
    for (struct rule_entry *entry = e->first; entry; entry = entry->next) {
        if (entry->kind == ENTRY_SIGN && g_hash_table_lookup(s.names, entry->sign.name))
            visit(&s, g_hash_table_lookup(s.names, entry->sign.name));
        else if (entry->kind == ENTRY_DIALECT)
            resolve_knows(&s, entry->dialect.knows, entry->dialect.know_count);
    }
    check_weighed(&s);
    layer->sign_count = s.sorted->len;
    layer->signs = array_keep(e->arena, s.sorted);
    g_hash_table_destroy(s.names);
}

/* --------------------------------------------------------- the built-in files */

static bool is_asked(const char *name)
{
    bool asked = false;
    for (size_t i = 0; i < ASKED_COUNT; i++)
        asked = asked || strcmp(name, signs_asked_name((enum asked_sign)i)) == 0;
    return asked;
}

static bool is_there(const struct rule_entries *e, const char *name)
{
    bool there = false;
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next)
        there = there || (entry->kind == ENTRY_SIGN && strcmp(entry->sign.name, name) == 0);
    return there;
}

void signs_check_builtin(struct rule_entries *e)
{
    for (const struct rule_entry *entry = e->first; entry; entry = entry->next) {
        const struct rule_error where = at_entry(entry);
        if (entry->kind == ENTRY_SIGN && !entry->sign.used && !entry->sign.speaks && !entry->sign.threshold &&
            !is_asked(entry->sign.name))
            rule_entries_error(e, &where, "nothing uses the sign \"%s\"", entry->sign.name);
    }
    for (size_t i = 0; i < ASKED_COUNT; i++) {
        const char *name = signs_asked_name((enum asked_sign)i);
        const struct rule_error where = {.path = e->first ? e->first->path : "", .status = BOUNCE_ERROR_RULES};
        if (!is_there(e, name))
            rule_entries_error(e, &where, "the sign \"%s\" is missing: the library asks for it", name);
    }
}
