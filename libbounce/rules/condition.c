/* SPDX-License-Identifier: MIT */
/*
 * condition.c - the conditions of dialects and signs: `know` and `also`.
 *
 * What comes in: the value of one keyword. What goes out: a struct parsed_know. Refused, with an error: a key that does
 * not exist, a condition without what its key needs, an `also` without a `know` before it, a `not` before anything but
 * a sign or in a `know`, and an unknown fact. Whether a sign exists is checked later.
 */
#include "rules/condition.h"
#include "rules/pattern.h"

static const char *know_word(size_t i)
{
    static const char *const names[] = {[KNOW_SUBJECT] = "subject",
                                        [KNOW_FROM] = "from",
                                        [KNOW_TYPE] = "type",
                                        [KNOW_BODY] = "body",
                                        [KNOW_HEADER] = "header",
                                        [KNOW_REPORTING_MTA] = "reporting-mta",
                                        [KNOW_DIAGNOSTIC] = "diagnostic",
                                        [KNOW_FACT] = "fact",
                                        [KNOW_SIGN] = "sign"};
    return i < COUNT(names) ? names[i] : NULL;
}

static bool read_key(struct reader *r, struct span *value, struct parsed_know *know)
{
    struct span word = reader_word(value);
    for (size_t i = 0; know_word(i); i++) {
        if (word_is(word, know_word(i))) {
            know->key = (enum know_key)i;
            return true;
        }
    }
    reader_error(r, word.s,
                 "unknown key \"%s\": it is one of subject from type body header reporting-mta diagnostic fact sign%s",
                 reader_show(r, word), reader_hint(r, word, know_word));
    return false;
}

/* `header Subject` is `subject`, whose text is at hand; likewise `from`. */
static void use_shorter_key(struct parsed_know *know)
{
    bool subject = strcmp(know->header, "subject") == 0;
    if (know->any || (!subject && strcmp(know->header, "from") != 0))
        return;
    know->key = subject ? KNOW_SUBJECT : KNOW_FROM;
    know->header = NULL;
}

/* NAME or NAME: of a header field; a pattern may follow. */
static bool read_header_name(struct reader *r, struct span *value, struct parsed_know *know)
{
    struct span name = reader_word(value);
    if (name.n && name.s[name.n - 1] == ':')
        name.n--;
    if (!name.n) {
        reader_error(r, r->line.s, "the name of a header field is missing");
        return false;
    }
    know->header = reader_lower(r, name);
    know->any = !value->n;
    use_shorter_key(know);
    return true;
}

static const char *fact_word(size_t i)
{
    static const char *const names[] = {[FACT_ORDINARY_HEADER] = "ordinary-header",
                                        [FACT_WRITER] = "writer",
                                        [FACT_WRITER_BY_HEADER] = "writer-by-header",
                                        [FACT_LANGUAGE] = "language",
                                        [FACT_RETURNED] = "message-returned",
                                        [FACT_RETURNED_OURS] = "message-of-reader",
                                        [FACT_RETURNED_OF_OTHER] = "message-of-other",
                                        [FACT_REFUSAL] = "address-refused",
                                        [FACT_RECIPIENT] = "recipient",
                                        [FACT_RECIPIENT_IS_READER] = "recipient-is-reader",
                                        [FACT_RECIPIENT_RETURNED] = "recipient-of-message",
                                        [FACT_NOBODY] = "nobody",
                                        [FACT_READER_IS_SYSTEM] = "reader-is-system",
                                        [FACT_FROM_READER] = "from-reader",
                                        [FACT_QUOTED] = "quoted",
                                        [FACT_FORWARDED] = "forwarded",
                                        [FACT_CALENDAR] = "calendar"};
    _Static_assert(COUNT(names) == FACT_COUNT, "each has a name");
    return i < FACT_COUNT ? names[i] : NULL;
}

static bool read_fact(struct reader *r, struct span value, struct parsed_know *know)
{
    for (size_t i = 0; fact_word(i); i++)
        if (word_is(value, fact_word(i))) {
            know->sign = fact_word(i);
            know->sign_index = (uint32_t)i;
            return true;
        }
    reader_error(r, value.n ? value.s : r->line.s, "unknown fact \"%s\"%s", reader_show(r, value),
                 reader_hint(r, value, fact_word));
    return false;
}

static bool read_sign(struct reader *r, struct span value, struct parsed_know *know)
{
    if (!value.n) {
        reader_error(r, r->line.s, "the name of a sign is missing");
        return false;
    }
    know->sign = reader_copy(r, value);
    return reader_id(r, value);
}

static bool read_pattern(struct reader *r, struct span value, struct parsed_know *know)
{
    if (know->key == KNOW_HEADER && !read_header_name(r, &value, know))
        return false;
    if (know->any)
        return true;
    if (value.n)
        return pattern_read(r, value, PATTERN_ANY, &know->pattern);
    reader_error(r, r->line.s, "a pattern is missing");
    return false;
}

/* Takes `not` off *value. False, and an error, if it is not allowed there. */
static bool read_not(struct reader *r, struct span *value, struct parsed_know *know)
{
    struct span rest = *value, word = reader_word(&rest), next = rest;
    know->negated = word_is(word, "not");
    if (!know->negated)
        return true;
    *value = rest;
    if (know->also && word_is(reader_word(&next), "sign"))
        return true;
    reader_error(r, word.s,
                 know->also ? "\"not\" may stand only in front of \"sign\""
                            : "\"not\" belongs to an \"also\": what a mail lacks identifies nothing");
    return false;
}

static bool read_value(struct reader *r, struct span value, struct parsed_know *know)
{
    return know->key == KNOW_SIGN   ? read_sign(r, value, know)
           : know->key == KNOW_FACT ? read_fact(r, value, know)
                                    : read_pattern(r, value, know);
}

static uint16_t keys_of(const struct parsed_know *know)
{
    const bool of_header = know->key == KNOW_FACT && know->sign_index == FACT_ORDINARY_HEADER;
    return (uint16_t)(know->key == KNOW_SIGN ? 0 : 1u << (of_header ? KNOW_HEADER : know->key));
}

static void add_condition(struct reader *r, struct span value, bool also)
{
    struct parsed_know know = {.also = also};
    if (!read_not(r, &value, &know) || !read_key(r, &value, &know))
        return;
    know.place = reader_place(r, value.n ? value.s : r->line.s);
    if (read_value(r, value, &know)) {
        know.keys = keys_of(&know);
        *(struct parsed_know *)reader_add(r, LIST_KNOWS, sizeof know) = know;
    }
}

void condition_add_know(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    add_condition(r, value, false);
}

void condition_add_also(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    if (reader_saw(r, CONDITION_KNOW))
        add_condition(r, value, true);
    else
        reader_error(r, r->line.s, "\"also\" must come after a \"know\"");
}
