/* SPDX-License-Identifier: MIT */
/*
 * reply.c - finds SMTP replies inside the texts of reports.
 *
 * In: one decoded text (a Diagnostic-Code, a line or paragraph of a report).
 * Out: the reply code, the enhanced code (RFC 2034), the innermost reply that
 * is quoted, who said it and to which command. Refused: numbers that only look
 * like reply codes. RFC 5321 4.2, RFC 3463 2.
 */
#include "reply.h"
#include "reply_words.h"

#include <string.h>

enum { MAX_STARTS = 32 };

struct start {
    size_t at;      /* of the code, or of the enhanced code if there is no code */
    size_t end;     /* behind code and enhanced code */
    int code;
    struct enhanced status;
    bool dash;      /* "550-": more lines follow */
};

bool enhanced_parse(struct span s, struct enhanced *out, size_t *used)
{
    size_t i = 0;
    if (s.n < 5 || (s.s[0] != '2' && s.s[0] != '4' && s.s[0] != '5') || s.s[1] != '.')
        return false;
    unsigned number[2] = {0, 0};
    i = 2;
    for (int k = 0; k < 2; k++) {
        size_t first = i;
        while (i < s.n && ascii_is_digit(s.s[i]) && i - first < 3)
            number[k] = number[k] * 10 + (unsigned)(s.s[i++] - '0');
        if (i == first || (k == 0 && (i >= s.n || s.s[i++] != '.')))
            return false;
    }
    /* 5.1.1.7 is an address or a version, 5.1.1000 is nothing. */
    if (i < s.n && (ascii_is_digit(s.s[i]) || (s.s[i] == '.' && i + 1 < s.n && ascii_is_digit(s.s[i + 1]))))
        return false;
    if (number[0] > 9) /* subjects are 0 to 7 by the registry; some MTAs invent 8 and 9 */
        return false;
    *out = (struct enhanced){(uint16_t)(s.s[0] - '0'), (uint16_t)number[0], (uint16_t)number[1]};
    if (used)
        *used = i;
    return true;
}

bool enhanced_is_generic(struct enhanced e)
{
    return e.subject == 0 && e.detail == 0;
}

char *enhanced_format(struct arena *a, struct enhanced e)
{
    char text[3 * sizeof "65535"], *at = text;
    const unsigned numbers[] = {e.class_, e.subject, e.detail};
    for (size_t i = 0; i < 3; i++) {
        for (unsigned unit = 10000; unit; unit /= 10)
            if (numbers[i] >= unit || unit == 1)
                *at++ = (char)('0' + numbers[i] / unit % 10);
        *at++ = '.';
    }
    return arena_strndup(a, text, (size_t)(at - text) - 1);
}

static bool is_reply_code(const char *s, size_t n)
{
    return n >= 3 && (s[0] == '2' || s[0] == '4' || s[0] == '5') && s[1] >= '0' && s[1] <= '9' &&
           ascii_is_digit(s[2]) && (s[1] <= '5' || (s[0] == '5' && s[1] == '7')); /* 57x: 571 is common */
}

/* True if the text before i introduces a reply code: it is the beginning, or a
 * mark or word that reports put in front of codes. */
static bool introduces_code(const char *s, size_t i)
{
    size_t k = i;
    while (k && (s[k - 1] == ' ' || s[k - 1] == '\t'))
        k--;
    if (!k)
        return true;
    char c = s[k - 1];
    if (c == '.' && k < i)
        return true; /* a new sentence */
    if (strchr("\n:;'\"<>#(`[{,=*|/", c))
        return c != '/' || k < i;
    if (c == '-' && k < i)
        return true;
    if (!ascii_is_alpha(c))
        return c == ']' || c == ')';
    static const char *const words[] = {"said",     "code",     "error",    "with",  "reply",  "response",
                                        "returned", "status",   "returns",  "was",   "is",     "replied",
                                        "by",       "message",  "smtp",     "failure", "result", "reason",
                                        "rejected", "err",      "diagnostic", "rcpt", "data", "closing", "mail", "connect", NULL};
    for (size_t w = 0; words[w]; w++) {
        size_t n = strlen(words[w]);
        if (k >= n && span_equal_nocase(span_of(s + k - n, n), words[w]) && (k == n || !ascii_is_alnum(s[k - n - 1])))
            return true;
    }
    return false;
}

/* "550 5.1.1", "550-5.1.1", "550 #5.1.1", "550 (5.1.1)", "#550 5.1.1": the enhanced code behind. */
static size_t read_enhanced_after(struct span t, size_t i, struct enhanced *status)
{
    size_t k = i;
    while (k < t.n && k < i + 4 && strchr(" \t-#(:[=", t.s[k]) && t.s[k])
        k++;
    size_t used;
    if (k > i && enhanced_parse(span_of(t.s + k, t.n - k), status, &used))
        return k + used;
    return i;
}

/* A code that MTAs really write, and a hyphen that opens a quoted text: 550-'Unknown user'. */
static bool opens_quote(struct span t, size_t i)
{
    int tens = t.s[i + 1] - '0';
    return i + 5 < t.n && t.s[i + 3] == '-' && (t.s[i + 4] == '\'' || t.s[i + 4] == '"') && (tens == 5 || tens == 2 || tens == 0);
}

/* "(538F24E6)": letters and digits go on behind the three digits. */
static bool is_identifier(struct span t, size_t i)
{
    while (i < t.n && ascii_is_alpha(t.s[i]))
        i++;
    return i < t.n && ascii_is_digit(t.s[i]);
}

/* Tries a reply code at i. */
static bool read_start(struct span t, size_t i, struct start *out)
{
    if (!is_reply_code(t.s + i, t.n - i))
        return false;
    if (i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '.' || t.s[i - 1] == '-' || t.s[i - 1] == '_'))
        if (!(t.s[i - 1] == '.' && i > 1 && ascii_is_alpha(t.s[i - 2]) && read_enhanced_after(t, i + 3, &out->status) > i + 3))
            return false;
    char next = i + 3 < t.n ? t.s[i + 3] : '\0';
    if (ascii_is_digit(next) || next == '.' || next == '_' || next == '/' || next == '%' || next == '@')
        if (!(next == '.' && (i + 4 >= t.n || !ascii_is_alnum(t.s[i + 4]))))
            return false;
    *out = (struct start){.at = i, .end = i + 3, .code = 0};
    out->end = read_enhanced_after(t, i + 3, &out->status);
    if (out->end == i + 3)
        out->status = (struct enhanced){0};
    bool introduced = introduces_code(t.s, i);
    if (!introduced && out->end == i + 3 && !opens_quote(t, i))
        return false;
    /* Glued text ("550User unknown") only where a reply may begin. */
    if (ascii_is_alpha(next) && (!introduced || is_identifier(t, i + 3)))
        return false;
    out->code = (t.s[i] - '0') * 100 + (t.s[i + 1] - '0') * 10 + (t.s[i + 2] - '0');
    out->dash = next == '-';
    return true;
}

/* An enhanced code that stands without a reply code: "#5.1.1", "(#4.4.3)", "5.7.1 Access denied". */
static bool read_bare_status(struct span t, size_t i, struct start *out)
{
    size_t used;
    if (i && (ascii_is_alnum(t.s[i - 1]) || t.s[i - 1] == '.' || t.s[i - 1] == '/' || t.s[i - 1] == '_'))
        return false;
    if (i && t.s[i - 1] == '-' && !(i > 1 && t.s[i - 2] == ' '))
        return false;
    struct enhanced e;
    if (!enhanced_parse(span_of(t.s + i, t.n - i), &e, &used))
        return false;
    char next = i + used < t.n ? t.s[i + used] : '\0';
    if (ascii_is_alnum(next) || next == '_' || next == '/' || (next == '-' && i + used + 1 < t.n && ascii_is_alnum(t.s[i + used + 1])))
        return false;
    /* "version 5.1.1", "Postfix 2.0.1" and the like are no status. */
    size_t k = i;
    while (k && t.s[k - 1] == ' ')
        k--;
    if (k != i && k && (ascii_is_alpha(t.s[k - 1]))) {
        static const char *const no[] = {"version", "exim", "postfix", "sendmail", "release", "v", "mime", "v8", "spamassassin", NULL};
        for (size_t w = 0; no[w]; w++) {
            size_t n = strlen(no[w]);
            if (k >= n && span_equal_nocase(span_of(t.s + k - n, n), no[w]))
                return false;
        }
    }
    *out = (struct start){.at = i, .end = i + used, .code = 0, .status = e};
    return true;
}

static size_t find_starts(struct span t, struct start *starts)
{
    size_t count = 0;
    for (size_t i = 0; i + 3 <= t.n && count < MAX_STARTS; i++) {
        char c = t.s[i];
        if (c != '2' && c != '4' && c != '5')
            continue;
        if (read_start(t, i, &starts[count]) || read_bare_status(t, i, &starts[count]))
            i = starts[count++].end - 1;
    }
    return count;
}

/* Which of the words stand in a text. Few do in most texts, so that the places
 * of only these are looked for. */
struct words_found {
    uint64_t bits[REPLY_WORDS_MAX / 64];
    unsigned uses; /* of all words found */
};

static void note_word(struct words_found *found, uint32_t word)
{
    found->bits[word / 64] |= (uint64_t)1 << (word % 64);
    found->uses |= reply_words[word].uses;
}

static void note_literal(void *data, uint32_t literal, size_t start)
{
    const struct literal *item = &reply_word_literals.items[literal];
    (void)start;
    for (size_t i = 0; i < item->owner_count; i++)
        note_word(data, reply_word_literals.owners[item->first_owner + i]);
}

static void find_words(struct arena *a, struct span t, struct words_found *found)
{
    char *lower = arena_alloc(a, t.n);
    *found = (struct words_found){.uses = 0};
    for (size_t i = 0; i < t.n; i++)
        lower[i] = ascii_lower(t.s[i]);
    literals_scan(&reply_word_literals, lower, t.n, note_literal, found);
    for (uint32_t w = 0; w < reply_word_count; w++) /* too short for the index */
        if (!reply_words[w].text[1] && t.n && memchr(lower, reply_words[w].text[0], t.n))
            note_word(found, w);
}

static bool has_word(const struct words_found *found, size_t word, enum reply_word_use use)
{
    return found->bits[word / 64] >> (word % 64) & 1 && reply_words[word].uses & use;
}

/* True if the text between two codes says that another server is quoted. */
static bool quotes_another(struct span between, const struct words_found *found)
{
    for (size_t w = 0; found->uses & REPLY_WORD_QUOTES && w < reply_word_count; w++)
        if (has_word(found, w, REPLY_WORD_QUOTES) && span_find_nocase(between, reply_words[w].text))
            return true;
    return false;
}

/* A name of a host: letters, digits, dots, hyphens; has a dot. */
static bool is_host_char(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

static const char *host_before(struct arena *a, struct span t, size_t at)
{
    static const char *const marks[] = {"host ", "server ", "by ", "from ", NULL};
    /* "host mx.example.net[192.0.2.1] said: 550": look back from the code. */
    size_t from = at > 200 ? at - 200 : 0;
    for (size_t i = at; i-- > from;) {
        struct span rest = span_of(t.s + i, at - i);
        char c = ascii_lower(t.s[i]);
        if (c != 'h' && c != 's' && c != 'b' && c != 'f') /* the letters that the marks begin with */
            continue;
        for (size_t m = 0; marks[m]; m++) {
            size_t n = strlen(marks[m]);
            if (!span_starts_nocase(rest, marks[m]) || (i && ascii_is_alnum(t.s[i - 1])))
                continue;
            size_t b = i + n, e;
            if (b < at && t.s[b] == '<')
                b++;
            for (e = b; e < at && is_host_char(t.s[e]); e++)
                ;
            while (e > b && t.s[e - 1] == '.')
                e--;
            if (e - b > 3 && memchr(t.s + b, '.', e - b) && ascii_is_alpha(t.s[e - 1]))
                return arena_strndup(a, t.s + b, e - b);
        }
    }
    return NULL;
}

/* The first name of a command in the text. */
static bounce_command first_command(struct span t, const struct words_found *found)
{
    const char *best = NULL;
    bounce_command command = BOUNCE_COMMAND_NONE;
    for (size_t w = 0; w < reply_word_count; w++) {
        const char *hit = has_word(found, w, REPLY_WORD_COMMAND) ? span_find_nocase(t, reply_words[w].text) : NULL;
        if (hit && (!best || hit < best)) {
            best = hit;
            command = reply_words[w].command;
        }
    }
    return command;
}

/* The words by which MTAs name the command that a reply answers. They stand
 * after "in reply to", "after", "in response to", or in brackets. */
static bounce_command find_command(struct span t, const struct words_found *found)
{
    enum { WINDOW_BYTES = 70 };
    if (!(found->uses & REPLY_WORD_COMMAND))
        return BOUNCE_COMMAND_NONE;
    for (size_t w = 0; w < reply_word_count; w++) {
        const char *at;
        for (struct span rest = t; has_word(found, w, REPLY_WORD_LEAD) && (at = span_find_nocase(rest, reply_words[w].text));) {
            rest = span_of(at, (size_t)(t.s + t.n - at));
            bounce_command command = first_command(span_of(at, rest.n < WINDOW_BYTES ? rest.n : WINDOW_BYTES), found);
            if (command)
                return command;
            rest = span_of(at + 1, rest.n - 1);
        }
    }
    return BOUNCE_COMMAND_NONE;
}

/* The codes of a text: first leads, inner is the innermost that is quoted. */
struct codes {
    struct start starts[MAX_STARTS];
    size_t count, first, inner;
};

/* words may be NULL: they are looked for if there is more than one code. */
static void read_codes(struct arena *a, struct span text, const struct words_found *words, struct codes *c)
{
    struct start *starts = c->starts;
    struct words_found own;
    c->count = find_starts(text, starts);
    c->first = 0;
    /* The first start with a code leads; a bare status in front of it does not. */
    while (c->first + 1 < c->count && !starts[c->first].code && starts[c->first + 1].code)
        c->first++;
    for (size_t i = c->first + 1; i < c->count && starts[c->first].code && starts[c->first].code < 400; i++)
        if (starts[i].code >= 400) /* "220-mx.example.net 421 4.2.1 ...": a greeting that refuses */
            c->first = i;
    c->inner = c->first;
    if (!words && c->first + 1 < c->count)
        find_words(a, text, &own);
    for (size_t i = c->first + 1; i < c->count; i++) {
        struct span between = span_of(text.s + starts[c->inner].end, starts[i].at - starts[c->inner].end);
        if (starts[i].code && quotes_another(between, words ? words : &own))
            c->inner = i;
    }
}

static struct enhanced status_of(const struct codes *c)
{
    const struct start *starts = c->starts, *s = &starts[c->inner];
    struct enhanced status = s->status;
    /* "550 User unknown (#5.1.1)", "550-first line 550 5.1.1 second": the status of a later line. */
    for (size_t i = c->inner; i < c->count; i++) {
        bool same = !starts[i].code || starts[i].code == s->code;
        bool better = !status.class_ || (enhanced_is_generic(status) && !enhanced_is_generic(starts[i].status));
        if (same && starts[i].status.class_ && better)
            status = starts[i].status;
    }
    /* "5.3.0 - Other mail system problem 550-'Unknown user'": the status in front of the code. */
    if (!status.class_ && c->inner == c->first && c->first && !starts[c->first - 1].code)
        status = starts[c->first - 1].status;
    return status;
}

struct enhanced reply_status(struct arena *a, struct span text)
{
    struct codes codes;
    read_codes(a, text, NULL, &codes);
    return codes.count ? status_of(&codes) : (struct enhanced){0};
}

void reply_read(struct arena *a, struct span text, struct reply *out)
{
    struct words_found words;
    struct codes codes;
    *out = (struct reply){.text = text, .inner = text};
    find_words(a, text, &words);
    out->command = find_command(text, &words);
    out->from_remote = words.uses & REPLY_WORD_REMOTE;
    read_codes(a, text, &words, &codes);
    if (!codes.count)
        return;
    const struct start *first = &codes.starts[codes.first], *inner = &codes.starts[codes.inner];
    out->text = span_of(text.s + first->at, text.n - first->at);
    out->inner = span_of(text.s + inner->at, text.n - inner->at);
    out->status = status_of(&codes);
    out->code = inner->code;
    for (size_t i = codes.inner; i < codes.count && !out->code; i++) /* "smtp;5.1.1 (#550 …)" */
        out->code = codes.starts[i].code;
    out->host = host_before(a, text, inner->at);
}

/* A line of the same reply that begins at i: "550-5.1.1 ", "550 ". 0: none. */
static size_t continuation_at(struct span t, size_t i, const char *code, bool with_status)
{
    if (t.n - i < 4 || strncmp(t.s + i, code, 3) != 0 || (t.s[i + 3] != '-' && t.s[i + 3] != ' '))
        return 0;
    if (i && !ascii_is_space(t.s[i - 1]))
        return 0;
    struct enhanced e;
    size_t used, end = i + 4;
    if (with_status && enhanced_parse(span_of(t.s + end, t.n - end), &e, &used))
        end += used;
    return end - i;
}

struct span reply_join_lines(struct arena *a, struct span text)
{
    char code[4] = {0};
    if (text.n < 8 || !is_reply_code(text.s, text.n))
        return text;
    for (int k = 0; k < 3; k++)
        code[k] = text.s[k];
    struct span rest = span_of(text.s + 3, text.n - 3);
    if (!span_find(rest, code))
        return text;
    struct strbuf b;
    strbuf_init(&b, a);
    strbuf_reserve(&b, text.n);
    struct enhanced e = {0}; /* a status that only a later line states must stay */
    bool with_status = read_enhanced_after(text, 3, &e) > 3;
    for (size_t i = 0; i < text.n;) {
        size_t skip = i ? continuation_at(text, i, code, with_status) : 0;
        if (!skip)
            strbuf_putc(&b, text.s[i]);
        i += skip ? skip : 1;
    }
    return span_of(b.s, b.n);
}
