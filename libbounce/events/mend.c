/* SPDX-License-Identifier: MIT */
/*
 * mend.c - repairs JSON that was sent as the text of a mail.
 *
 * In: a text in which an object begins somewhere. Out: that object as strict JSON: mail programs fold long lines, also
 * inside strings, and cut long texts; anything after the object is left out. Refused: objects nested deeper than
 * LIMIT_EVENT_DEPTH; they end there.
 */
#include "events/mend.h"

#include "base/limits.h"

struct mender {
    struct strbuf out;
    struct span rest;
    char open[LIMIT_EVENT_DEPTH]; /* what closes each object and array that is open */
    size_t depth;
    size_t whole; /* bytes of out up to the last value that is complete */
    bool is_key;  /* what comes next is the key of a pair */
    bool is_done; /* after a value: a comma or an end must follow; anything else is left out */
};

static char take_char(struct mender *m)
{
    char c = m->rest.s[0];
    m->rest = span_of(m->rest.s + 1, m->rest.n - 1);
    return c;
}

static bool four_hex_digits(struct span s)
{
    for (size_t i = 0; i < 4; i++)
        if (i >= s.n || !(ascii_is_digit(s.s[i]) || (ascii_lower(s.s[i]) >= 'a' && ascii_lower(s.s[i]) <= 'f')))
            return false;
    return true;
}

static void copy_escape(struct mender *m)
{
    if (!m->rest.n)
        return;
    char c = take_char(m);
    if (strchr("\"\\/bfnrt", c) && c) {
        strbuf_putc(&m->out, '\\');
        strbuf_putc(&m->out, c);
    } else if (c == 'u' && four_hex_digits(m->rest) && !(ascii_lower(m->rest.s[0]) == 'd' && m->rest.s[1] >= '8')) {
        strbuf_putc(&m->out, '\\');
        strbuf_putc(&m->out, c);
    } else {
        strbuf_putc(&m->out, (unsigned char)c < ' ' ? ' ' : c);
    }
}

/* Copies the rest of a string after its first quote. True if it is complete, or is JSON, which can be mended itself. */
static bool copy_string(struct mender *m)
{
    const bool is_json = m->rest.n && m->rest.s[0] == '{';
    strbuf_putc(&m->out, '"');
    while (m->rest.n && m->rest.s[0] != '"') {
        char c = take_char(m);
        if (c == '\\')
            copy_escape(m);
        else
            strbuf_putc(&m->out, (unsigned char)c < ' ' ? ' ' : c);
    }
    const bool ends = m->rest.n > 0;
    if (ends)
        take_char(m);
    strbuf_putc(&m->out, '"');
    return ends || is_json;
}

static void take_string(struct mender *m)
{
    const size_t before = m->out.n;
    const bool whole = copy_string(m);
    if (m->is_done) /* a second one in the same place */
        m->out.n = before;
    else if (whole && !m->is_key)
        m->whole = m->out.n;
    m->is_done = m->is_done || !m->is_key;
}

static void close_one(struct mender *m)
{
    strbuf_putc(&m->out, m->open[--m->depth]);
    m->whole = m->out.n;
    m->is_done = true;
}

static void open_one(struct mender *m, char c)
{
    strbuf_putc(&m->out, c);
    m->open[m->depth++] = c == '{' ? '}' : ']';
    m->is_key = c == '{';
    m->is_done = false;
    m->whole = m->out.n;
}

/* A number, true, false or null; anything else becomes null. */
static void copy_word(struct mender *m, char first)
{
    size_t n = 0;
    while (n < m->rest.n && !strchr(",:{}[]\" \t\r\n", m->rest.s[n]) && m->rest.s[n])
        n++;
    struct span word = span_of(m->rest.s - 1, n + 1);
    bool number = (ascii_is_digit(first) || first == '-') && ascii_is_digit(word.s[word.n - 1]);
    bool known = span_equal_nocase(word, "true") || span_equal_nocase(word, "false");
    for (size_t i = 0; i < word.n; i++)
        number = number && (ascii_is_digit(word.s[i]) || strchr("+-.eE", word.s[i]));
    m->rest = span_of(m->rest.s + n, m->rest.n - n);
    if (m->is_done)
        return;
    if (known || (number && !(first == '0' && word.n > 1 && ascii_is_digit(word.s[1]))))
        for (size_t i = 0; i < word.n; i++)
            strbuf_putc(&m->out, known ? ascii_lower(word.s[i]) : word.s[i]);
    else
        strbuf_puts(&m->out, "null");
    m->whole = m->out.n;
    m->is_done = true;
}

static void copy_token(struct mender *m)
{
    char c = take_char(m);
    const bool in_object = m->open[m->depth - 1] == '}';
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n': break;
    case '"': take_string(m); break;
    case ':':
    case ',':
        strbuf_putc(&m->out, c);
        m->is_key = c == ',' && in_object;
        m->is_done = false;
        break;
    case '{':
    case '[':
        if (m->depth < LIMIT_EVENT_DEPTH && !m->is_done)
            open_one(m, c);
        else
            m->rest.n = 0;
        break;
    case '}':
    case ']':
        if (c == m->open[m->depth - 1])
            close_one(m);
        else
            m->rest.n = 0;
        m->is_key = false;
        break;
    default: copy_word(m, c); break;
    }
}

struct span json_mend(struct arena *a, struct span text)
{
    struct mender m = {.rest = text};
    const char *begin = text.n ? memchr(text.s, '{', text.n) : NULL;
    if (!begin)
        return span_of(NULL, 0);
    m.rest = span_of(begin + 1, text.n - (size_t)(begin + 1 - text.s));
    strbuf_init(&m.out, a);
    open_one(&m, '{');
    while (m.depth && m.rest.n)
        copy_token(&m);
    if (m.depth) /* what is open ends after the last complete value */
        m.out.n = m.whole;
    while (m.depth)
        close_one(&m);
    return span_of(m.out.s, m.out.n);
}
