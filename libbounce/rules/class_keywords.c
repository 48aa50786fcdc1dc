/* SPDX-License-Identifier: MIT */
/*
 * class_keywords.c - classes of words: `words NAME`, and its members.
 *
 * What comes in: the value of one keyword. What goes out: a class with its members as written; classes.c replaces
 * nested classes by their members. Refused, with an error: a class without a member, regular expressions, gaps inside a
 * member, and marks that do not exist.
 */
#include "rules/class_keywords.h"
#include "rules/row.h"

static struct parsed_class *class_of(struct reader *r)
{
    return r->entry->class;
}

void class_begin(struct reader *r, struct span name)
{
    struct rule_entries *e = r->out;
    struct parsed_class *class = arena_calloc(e->arena, 1, sizeof *class);
    reader_id(r, name);
    class->name = reader_copy(r, name);
    class->language = r->language;
    class->place = reader_place(r, r->line.s);
    e->classes = arena_grow(e->arena, e->classes, e->class_count, &e->class_capacity, sizeof(struct parsed_class *));
    e->classes[e->class_count++] = class;
    r->entry->class = class;
}

static void keep_member(struct reader *r, const struct parsed_member *member)
{
    struct parsed_class *class = class_of(r);
    class->members =
        arena_grow(r->out->arena, class->members, class->member_count, &class->member_capacity, sizeof *class->members);
    class->members[class->member_count++] = *member;
}

/* What the member has that it cannot have; NULL: nothing. *at: where. */
static const char *member_problem(struct span value, const char **at)
{
    *at = value.s;
    if (value.n > 1 && value.s[0] == '/' && value.s[value.n - 1] == '/')
        return "a member is plain text, not a regular expression";
    if ((*at = span_find(value, " ... ")) || (*at = span_find(value, " .. ")))
        return "a member has no gaps: give the phrase to the rule";
    return NULL;
}

static void add_member(struct reader *r, struct span value)
{
    struct parsed_member member = {.place = reader_place(r, value.s)};
    const char *at, *problem = member_problem(value, &at);
    if (problem) {
        reader_error(r, at, "%s", problem);
    } else if (value.s[0] == '{') {
        struct span rest = value, name = row_class_name(r, &rest);
        if (name.s && rest.n)
            reader_error(r, rest.s, "a member is a text or a class, not both");
        member.class_name = name.s ? reader_copy(r, name) : NULL;
    } else if (memchr(value.s, '{', value.n)) {
        reader_error(r, memchr(value.s, '{', value.n), "a member is a text or a class, not both");
    } else {
        member.text = row_literal(r, value, &member.open_start, &member.open_end);
    }
    if (member.text || member.class_name)
        keep_member(r, &member);
}

/* Several members on one line are separated by " | ". */
static void add_members(struct reader *r, struct span value, enum reader_list list)
{
    const char *bar;
    (void)list;
    while ((bar = span_find(value, " | "))) {
        struct span one = span_trim(span_of(value.s, (size_t)(bar - value.s)));
        if (one.n)
            add_member(r, one);
        value = span_trim(span_of(bar + 3, value.n - (size_t)(bar + 3 - value.s)));
    }
    if (value.n)
        add_member(r, value);
}

static void set_marks(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (word_is(value, "who"))
        class_of(r)->marks = MARKS_WHO;
    else if (word_is(value, "not"))
        class_of(r)->marks = MARKS_NOT;
    else
        reader_error(r, value.s, "a class marks \"who\" or \"not\"");
}

static void class_finish(struct reader *r)
{
    if (!reader_saw(r, 0))
        reader_entry_error(r, "the class has no member");
}

static const struct keyword keywords[] = {{"word", add_members, LIST_WORDS}, {"marks", set_marks, LIST_COUNT}};

const struct keyword_table class_keywords = {keywords, COUNT(keywords), class_finish};
