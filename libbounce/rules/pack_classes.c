/* SPDX-License-Identifier: MIT */
/*
 * pack_classes.c - word lists and word classes of a layer as flat tables; see packer.h.
 *
 * In: lists and classes as they were parsed, the members of a class in order. Out: their tables, with what makes
 * looking them up cheap: pairs, heads, and the shorter members with which a member begins.
 */
#include "base/word_search.h"
#include "match/word_heads.h"
#include "rules/arrays.h"
#include "rules/packer.h"

/* ------------------------------------------------------------------ words */

/* One list after the other. Pairs are computed here, so that a set of rules is made without looking at the words. */
void pack_words(struct packer *p, const struct parsed_words *from)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(struct listed_word));
    struct range *lists = arena_calloc(p->arena, WORDS_COUNT, sizeof *lists);
    for (size_t list = 0; from && list < WORDS_COUNT; list++) {
        lists[list] = (struct range){words->len, (uint32_t)from[list].count};
        for (size_t i = 0; i < from[list].count; i++) {
            const struct span text = span_z(from[list].items[i].text);
            struct listed_word to = {word_pairs(text), pack_string(p, text.s), (uint32_t)text.n};
            g_array_append_val(words, to);
        }
    }
    p->layer->word_lists = lists;
    p->layer->word_count = words->len;
    p->layer->words = array_keep(p->arena, words);
}

/* ---------------------------------------------------------------- classes */

/* `shorter`: of the members in order, the last one before it with which it begins. */
static void link_members(struct class_member *members, const struct parsed_class *from, uint32_t first)
{
    for (size_t i = 1; i < from->member_count; i++) {
        uint32_t before = first + (uint32_t)i; /* 1 + the index of the member before it */
        while (before && !g_str_has_prefix(from->members[i].text, from->members[before - 1 - first].text))
            before = members[before - 1].shorter;
        members[first + i].shorter = before;
    }
}

static void mark_key(struct word_class *to, const char *text)
{
    char padded[WORD_HEAD_BYTES + 1] = "";
    memcpy(padded, text, MIN(strlen(text), WORD_HEAD_BYTES));
    if (!text[1] && !to->by_heads) {
        memset(to->first, 0xff, sizeof to->first);
        return;
    }
    unsigned key = to->by_heads ? word_head_key(word_head_bytes(padded)) : class_member_key(text);
    to->first[key / 64] |= (uint64_t)1 << (key % 64);
}

static uint64_t head_of(const char *text)
{
    char padded[CLASS_MEMBER_HEAD_BYTES] = "";
    memcpy(padded, text, MIN(strlen(text), sizeof padded));
    return class_member_head(padded);
}

static void pack_members(struct packer *p, GArray *members, const struct parsed_class *from, struct word_class *to)
{
    to->members = (struct range){members->len, (uint32_t)from->member_count};
    for (size_t i = 0; i < from->member_count; i++) {
        const struct parsed_member *m = &from->members[i];
        struct class_member member = {.head = head_of(m->text),
                                      .text = pack_string(p, m->text),
                                      .length = (uint16_t)strlen(m->text),
                                      .open_start = m->open_start,
                                      .open_end = m->open_end};
        mark_key(to, m->text);
        g_array_append_val(members, member);
    }
    link_members((struct class_member *)(void *)members->data, from, to->members.first);
}

void pack_classes(struct packer *p, const struct parsed_layer *from)
{
    GArray *members = g_array_new(FALSE, TRUE, sizeof(struct class_member));
    GArray *phrases = g_array_new(FALSE, FALSE, sizeof(struct class_phrase));
    struct word_class *classes = arena_calloc(p->arena, from->class_count, sizeof *classes);
    for (size_t i = 0; i < from->class_count; i++) {
        const struct parsed_class *class = from->classes[i];
        classes[i] = (struct word_class){.name = pack_string(p, class->name),
                                         .language = pack_string(p, class->language),
                                         .marks = (uint8_t) class->marks,
                                         .by_heads = class->by_heads,
                                         .phrases = {phrases->len, (uint32_t) class->phrase_count}};
        pack_members(p, members, class, &classes[i]);
        if (class->phrase_count)
            g_array_append_vals(phrases, class->phrases, (guint) class->phrase_count);
    }
    p->layer->classes = classes;
    p->layer->class_count = from->class_count;
    p->layer->class_member_count = members->len;
    p->layer->class_members = array_keep(p->arena, members);
    p->layer->class_phrase_count = phrases->len;
    p->layer->class_phrases = array_keep(p->arena, phrases);
}
