/* SPDX-License-Identifier: MIT */
/*
 * classes.c - the members of classes of words, and the element by which each row is found.
 *
 * What comes in: the classes and rows of all files, with names. What goes out: each class with all its members, sorted;
 * each element with its class; for a gap inside a sentence the class of what must not be in it, made here from the
 * classes of one language that mark "who" and "not". Refused, with an error: unknown class names, classes that contain
 * each other, and classes and rows that cannot be searched.
 */
#include "rules/classes.h"
#include "base/limits.h"
#include "rules/arrays.h"
#include "rules/reader.h"

#include <stdlib.h>

struct resolver {
    struct rule_entries *e;
    const struct layer *lower;
    GHashTable *classes, *barriers; /* name -> class; language -> class */
    GPtrArray *path;                /* classes that are being entered, for the message about a circle */
};

static void place_error(struct rule_entries *e, const struct rule_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void place_error(struct rule_entries *e, const struct rule_place *place, const char *format, ...)
{
    struct rule_error where = {.path = place->path,
                               .file = place->file,
                               .status = BOUNCE_ERROR_RULES,
                               .line = place->line,
                               .column = place->column};
    va_list args;
    va_start(args, format);
    rule_entries_error_va(e, &where, format, args);
    va_end(args);
}

static void keep_class(struct resolver *v, struct parsed_class *class)
{
    struct rule_entries *e = v->e;
    e->classes = arena_grow(e->arena, e->classes, e->class_count, &e->class_capacity, sizeof(struct parsed_class *));
    e->classes[e->class_count++] = class;
    g_hash_table_insert(v->classes, (gpointer) class->name, class);
}

static void add_member(struct resolver *v, struct parsed_class *class, const struct parsed_member *member)
{
    class->inside_words = class->inside_words || member->open_start;
    class->members =
        arena_grow(v->e->arena, class->members, class->member_count, &class->member_capacity, sizeof *class->members);
    class->members[class->member_count++] = *member;
}

/* ------------------------------------------------------------ other layers */

/* A class of the layer below, with its members, for a set of the user's. */
static struct parsed_class *copy_class(struct resolver *v, const struct word_class *from)
{
    struct parsed_class *class = arena_calloc(v->e->arena, 1, sizeof *class);
    const struct layer *lower = v->lower;
    class->name = layer_string(lower, from->name);
    class->language = layer_string(lower, from->language);
    class->marks = (enum class_mark)from->marks;
    for (uint32_t i = 0; i < from->members.count; i++) {
        const struct class_member *m = &lower->class_members[from->members.first + i];
        add_member(v, class,
                   &(struct parsed_member){
                       .text = layer_string(lower, m->text), .open_start = m->open_start, .open_end = m->open_end});
    }
    class->state = CLASS_READY;
    keep_class(v, class);
    return class;
}

static struct parsed_class *find_class(struct resolver *v, const char *name)
{
    struct parsed_class *class = g_hash_table_lookup(v->classes, name);
    for (size_t i = 0; !class && v->lower && i < v->lower->class_count; i++)
        if (strcmp(layer_name(v->lower, v->lower->classes[i].name), name) == 0)
            class = copy_class(v, &v->lower->classes[i]);
    if (class)
        class->is_used = true;
    return class;
}

/* All classes that mark something: they bar the gaps of the upper layer, too. */
static void copy_marked(struct resolver *v)
{
    for (size_t i = 0; v->lower && i < v->lower->class_count; i++)
        if (v->lower->classes[i].marks)
            find_class(v, layer_string(v->lower, v->lower->classes[i].name));
}

/* ---------------------------------------------------------------- members */

static int compare_members(const void *left, const void *right)
{
    const struct parsed_member *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->open_start + a->open_end) - (b->open_start + b->open_end);
}

/* Of members with the same text, the one that is found in more places stays. */
static void sort_members(struct parsed_class *class)
{
    size_t kept = 0;
    if (class->member_count)
        qsort(class->members, class->member_count, sizeof *class->members, compare_members);
    for (size_t i = 0; i < class->member_count; i++) {
        struct parsed_member *last = kept ? &class->members[kept - 1] : NULL;
        if (!last || strcmp(last->text, class->members[i].text) != 0) {
            class->members[kept++] = class->members[i];
            continue;
        }
        last->open_start |= class->members[i].open_start;
        last->open_end |= class->members[i].open_end;
    }
    class->member_count = kept;
}

static void circle_error(struct resolver *v, const struct parsed_class *class, const struct rule_place *place)
{
    GString *path = g_string_new(NULL);
    guint from = 0;
    while (g_ptr_array_index(v->path, from) != class)
        from++;
    for (guint i = from; i < v->path->len; i++)
        g_string_append_printf(path, "{%s} -> ", ((struct parsed_class *)g_ptr_array_index(v->path, i))->name);
    place_error(v->e, place, "a class cannot hold itself: %s{%s}", path->str, class->name);
    g_string_free(path, TRUE);
}

static void fill_class(struct resolver *v, struct parsed_class *class);

/* Puts the members of a held class, whose name is at the place, after the others. */
static void add_held(struct resolver *v, struct parsed_class *class, const struct parsed_member *member)
{
    struct parsed_class *held = find_class(v, member->class_name);
    if (!held) {
        place_error(v->e, &member->place, "there is no class {%s}", member->class_name);
    } else if (held->state == CLASS_ENTERED) {
        circle_error(v, held, &member->place);
    } else {
        fill_class(v, held);
        for (size_t i = 0; i < held->member_count && class->member_count <= LIMIT_CLASS_MEMBERS; i++)
            add_member(v, class, &held->members[i]);
    }
}

static void fill_class(struct resolver *v, struct parsed_class *class)
{
    if (class->state != CLASS_OPEN)
        return;
    class->state = CLASS_ENTERED;
    g_ptr_array_add(v->path, class);
    const struct parsed_member *written = class->members;
    size_t count = class->member_count;
    class->members = NULL;
    class->member_count = class->member_capacity = 0;
    for (size_t i = 0; i < count; i++)
        if (written[i].text)
            add_member(v, class, &written[i]);
        else
            add_held(v, class, &written[i]);
    if (class->member_count > LIMIT_CLASS_MEMBERS)
        place_error(v->e, &class->place, "the class has more than %d members", LIMIT_CLASS_MEMBERS);
    sort_members(class);
    g_ptr_array_set_size(v->path, (gint)v->path->len - 1);
    class->state = CLASS_READY;
}

/* --------------------------------------------------------------- barriers */

static bool same_language(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What may not be in a gap inside a sentence of this language; NULL: nothing. */
static const struct parsed_class *barrier_of(struct resolver *v, const char *language)
{
    const char *key = language ? language : "";
    struct parsed_class *barrier = g_hash_table_lookup(v->barriers, key);
    if (barrier)
        return barrier->member_count ? barrier : NULL;
    barrier = arena_calloc(v->e->arena, 1, sizeof *barrier);
    barrier->name = arena_printf(v->e->arena, "%s (barrier)", key); /* no file can name it */
    barrier->state = CLASS_READY;
    for (size_t i = 0; i < v->e->class_count; i++) {
        const struct parsed_class *class = v->e->classes[i];
        for (size_t k = 0; class->marks && same_language(class->language, language) && k < class->member_count; k++)
            add_member(v, barrier, &class->members[k]);
    }
    sort_members(barrier);
    g_hash_table_insert(v->barriers, (gpointer)key, barrier);
    if (barrier->member_count)
        keep_class(v, barrier);
    return barrier->member_count ? barrier : NULL;
}

/* ------------------------------------------------------------------- rows */

static bool has_sentence_gap(const struct parsed_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->elements[i].link == LINK_SENTENCE)
            return true;
    return false;
}

static void resolve_row(struct resolver *v, struct parsed_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct parsed_element *element = &row->elements[i];
        element->class = element->class_name ? find_class(v, element->class_name) : NULL;
        if (element->class && i && element->link == LINK_TOUCH)
            ((struct parsed_class *)element->class)->inside_words = true;
        if (element->class_name && !element->class)
            place_error(v->e, &element->place, "there is no class {%s}", element->class_name);
        if (element->link == LINK_SENTENCE)
            element->barrier = barrier_of(v, row->language);
    }
}

static void register_classes(struct resolver *v)
{
    for (size_t i = 0; i < v->e->class_count; i++) {
        struct parsed_class *class = v->e->classes[i], *other = g_hash_table_lookup(v->classes, class->name);
        if (other)
            place_error(v->e, &class->place, "\"%s\" is the name of another class (%s:%u)", class->name,
                        other->place.path, (unsigned)other->place.line);
        else
            g_hash_table_insert(v->classes, (gpointer) class->name, class);
    }
}

static int compare_classes(const void *left, const void *right)
{
    const struct parsed_class *a = *(const struct parsed_class *const *)left;
    const struct parsed_class *b = *(const struct parsed_class *const *)right;
    return strcmp(a->name, b->name);
}

void classes_resolve(struct rule_entries *e, const struct layer *lower)
{
    struct resolver v = {.e = e, .lower = lower, .path = g_ptr_array_new()};
    bool gaps = false;
    v.classes = g_hash_table_new(g_str_hash, g_str_equal);
    v.barriers = g_hash_table_new(g_str_hash, g_str_equal);
    register_classes(&v);
    for (struct parsed_row *row = e->rows; row; row = row->next)
        gaps = gaps || has_sentence_gap(row);
    if (gaps)
        copy_marked(&v);
    for (size_t i = 0; i < e->class_count; i++)
        fill_class(&v, e->classes[i]);
    for (struct parsed_row *row = e->rows; row; row = row->next)
        resolve_row(&v, row);
    if (e->class_count)
        qsort(e->classes, e->class_count, sizeof(struct parsed_class *), compare_classes);
    for (size_t i = 0; i < e->class_count; i++)
        e->classes[i]->index = (uint32_t)i;
    g_hash_table_destroy(v.classes);
    g_hash_table_destroy(v.barriers);
    g_ptr_array_free(v.path, TRUE);
}

/* ------------------------------------------------------------ rare elements */

/* Words that most reports have, so that finding one says nothing. */
static bool is_ordinary_word(struct span word)
{
    static const char *const words[] = {
        "a",       "account", "address",  "an",   "and",  "are",    "at",        "be",     "been",   "but",
        "by",      "could",   "delivery", "do",   "does", "domain", "e-mail",    "email",  "error",  "failed",
        "for",     "from",    "has",      "have", "host", "in",     "is",        "it",     "mail",   "mailbox",
        "message", "no",      "not",      "of",   "on",   "or",     "recipient", "sender", "server", "that",
        "the",     "this",    "to",       "user", "was",  "were",   "will",      "with",   "you",    "your"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (word_is(word, words[i]))
            return true;
    return false;
}

/* One or two of them: more are rare together. */
static bool is_ordinary(struct span text)
{
    enum { WORDS_MAX = 2 };
    for (size_t count = 0; text.n; count++) {
        size_t n = 0;
        while (n < text.n && text.s[n] != ' ')
            n++;
        if (count == WORDS_MAX || !is_ordinary_word(span_of(text.s, n)))
            return false;
        n += n < text.n;
        text = span_of(text.s + n, text.n - n);
    }
    return true;
}

/* How often a text is in the sample; what is short or ordinary is too frequent anywhere. */
enum { TOO_OFTEN = 1 << 29, TOO_SHORT = 1 << 30, SHORT_BYTES = 3 };
static size_t frequency(const char *text, struct span sample)
{
    struct span literal = span_z(text);
    size_t count = 0;
    if (literal.n < SHORT_BYTES)
        return TOO_SHORT;
    if (is_ordinary(literal))
        return TOO_OFTEN;
    for (const char *at = sample.s, *end = sample.s + sample.n;
         at < end && (at = span_find_bytes(span_of(at, (size_t)(end - at)), literal)); at++)
        count++;
    return count;
}

/* The frequency of all its texts; if one is too frequent anywhere, that of the worst. */
static size_t class_frequency(struct parsed_class *class, struct span sample)
{
    size_t worst = 0, sum = 0;
    for (size_t i = 0; !class->frequency && i < class->member_count; i++) {
        size_t often = frequency(class->members[i].text, sample);
        worst = MAX(worst, often);
        sum += often < TOO_OFTEN ? often : 0;
    }
    if (!class->frequency)
        class->frequency = (worst < TOO_OFTEN ? MIN(sum, TOO_OFTEN - 1) : worst) + 1;
    return class->frequency - 1;
}

static void ordinary_error(struct rule_entries *e, const struct parsed_row *row)
{
    GString *words = g_string_new(NULL);
    for (size_t i = 0; i < row->count; i++) {
        const struct parsed_element *element = &row->elements[i];
        const char *text = element->text;
        for (size_t k = 0; !text && k < element->class->member_count; k++)
            if (frequency(element->class->members[k].text, span_of("", 0)) >= TOO_OFTEN)
                text = element->class->members[k].text;
        g_string_append_printf(words, "%s\"%s\"", i ? ", " : "", text ? text : element->class_name);
    }
    place_error(e, &row->elements[0].place, "every element of the phrase can be an ordinary word: %s", words->str);
    g_string_free(words, TRUE);
}

/* The rarest element other than this one; of several, the first. The number of elements if there is none. */
static size_t rarest_element(const struct parsed_row *row, size_t except, struct span sample, size_t *least)
{
    size_t rarest = row->count;
    *least = SIZE_MAX;
    for (size_t i = 0; i < row->count; i++) {
        const struct parsed_element *element = &row->elements[i];
        size_t often = element->class ? class_frequency((struct parsed_class *)element->class, sample)
                                      : frequency(element->text, sample);
        if (!element->optional && i != except && often < *least) {
            *least = often;
            rarest = i;
        }
    }
    return rarest;
}

static void arrange_row(struct rule_entries *e, struct parsed_row *row, struct span sample)
{
    size_t least, next;
    row->found_by = rarest_element(row, row->count, sample, &least);
    row->next_rare = rarest_element(row, row->found_by, sample, &next);
    if (row->count > 1 || row->elements[0].class) {
        if (least >= (row->of_dialect ? TOO_SHORT : TOO_OFTEN))
            ordinary_error(e, row);
    } else if (least >= TOO_SHORT && !row->of_dialect) {
        place_error(e, &row->elements[0].place, "a phrase needs a part of at least %d bytes", SHORT_BYTES);
    }
}

void rows_arrange(struct rule_entries *e, struct span sample)
{
    for (struct parsed_row *row = e->rows; row; row = row->next)
        if (!row->is_exception)
            arrange_row(e, row, sample);
}
