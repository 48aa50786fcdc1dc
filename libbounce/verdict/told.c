/* SPDX-License-Identifier: MIT */
/*
 * told.c - what a reply says besides the reason.
 *
 * In: the judged texts of a recipient that failed, and its reason. Out: when to try again, the block list and the
 * provider by the tables of match/known.h, what is refused, and the page that the reply points to, each from the first
 * text that states it. Only what servers said is read, not the prose around it. Most replies say nothing of this: one
 * pass over the text finds that out.
 */
#include "verdict/told.h"

#include "base/chunk.h"
#include "match/known.h"
#include "smtp/reasons.h"

/* ------------------------------------------------------------------ words */

static bool is_word_byte(char c)
{
    return ascii_is_alnum(c) || (unsigned char)c >= 0x80 || c == '\'' || c == '-';
}

struct span told_last_word(struct span *front)
{
    size_t end = front->n;
    while (end && !is_word_byte(front->s[end - 1]))
        end--;
    size_t start = end;
    while (start && is_word_byte(front->s[start - 1]))
        start--;
    front->n = start;
    return span_of(front->s + start, end - start);
}

struct span told_first_word(struct span *rest)
{
    size_t start = 0;
    while (start < rest->n && !is_word_byte(rest->s[start]))
        start++;
    size_t end = start;
    while (end < rest->n && is_word_byte(rest->s[end]))
        end++;
    struct span word = span_of(rest->s + start, end - start);
    *rest = span_of(rest->s + end, rest->n - end);
    return word;
}

bool told_is_one_of(struct span word, const struct search_word *words)
{
    if (!word.n)
        return false;
    for (; words->text.n; words++)
        if (*words->text.s == *word.s && words->text.n == word.n && !memcmp(words->text.s, word.s, word.n))
            return true;
    return false;
}

bool told_ends_with(const struct search_word *words, struct span *front)
{
    size_t n = front->n;
    while (n && !is_word_byte(front->s[n - 1]))
        n--;
    for (; n && words->text.n; words++) {
        const struct span w = words->text;
        if (w.n <= n && w.s[w.n - 1] == front->s[n - 1] && !memcmp(w.s, front->s + n - w.n, w.n) &&
            (w.n == n || !is_word_byte(front->s[n - w.n - 1]))) {
            front->n = n - w.n;
            return true;
        }
    }
    return false;
}

bool told_starts_with(const struct search_word *words, struct span rest)
{
    size_t i = 0;
    while (i < rest.n && !is_word_byte(rest.s[i]))
        i++;
    rest = span_of(rest.s + i, rest.n - i);
    for (; rest.n && words->text.n; words++) {
        const struct span w = words->text;
        if (w.n <= rest.n && *w.s == *rest.s && !memcmp(w.s, rest.s, w.n) &&
            (w.n == rest.n || !is_word_byte(rest.s[w.n])))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ links */

enum { LONGEST_LINK_BYTES = 500 }; /* thousands of recipients may have the same one */

static bool ends_link(char c)
{
    switch (c) {
    case '<':
    case '>':
    case '"':
    case '`':
    case '{':
    case '}':
    case '|':
    case '\\':
    case '^': return true;
    default: return (unsigned char)c <= ' ';
    }
}

/* "(see https://example.net/a(b))." */
static size_t link_length(struct span rest)
{
    size_t n = 0, open = 0;
    for (; n < rest.n && !ends_link(rest.s[n]); n++) {
        if (rest.s[n] == '(' || rest.s[n] == '[')
            open++;
        else if ((rest.s[n] == ')' || rest.s[n] == ']') && !open--)
            break;
    }
    while (n && strchr(".,;:!?'*", rest.s[n - 1]))
        n--;
    return n;
}

static size_t scheme_before(struct span folded, size_t colon)
{
    struct span front = span_of(folded.s, colon);
    if (!span_ends_with(front, span_z("http")) && !span_ends_with(front, span_z("https")))
        return 0;
    return span_ends_with(front, span_z("https")) ? 5 : 4;
}

bool told_next_link(const struct norm_text *t, size_t *pos, struct told_link *link)
{
    const struct span folded = span_of(t->folded, t->folded_length);
    while (*pos < folded.n) {
        const char *found = span_find_bytes(span_of(folded.s + *pos, folded.n - *pos), span_z("://"));
        if (!found)
            break;
        size_t colon = (size_t)(found - folded.s), scheme = scheme_before(folded, colon);
        *pos = colon + 3;
        if (!scheme)
            continue;
        link->start = colon - scheme;
        size_t at = t->map ? t->map[link->start] : link->start;
        link->url = span_of(t->text + at, link_length(span_of(t->text + at, t->length - at)));
        *pos = norm_fold_offset(t, at + link->url.n); /* anything inside is part of it */
        if (*pos < colon + 3)
            *pos = colon + 3;
        if (link->url.n <= LONGEST_LINK_BYTES && link->url.n > scheme + 3 && ascii_is_alnum(link->url.s[scheme + 3]))
            return true;
    }
    *pos = folded.n;
    return false;
}

/* ---------------------------------------------------------- known words */

/* Where the longest word of either table was found. */
struct known_words {
    struct span text;
    size_t list_length, provider_length;
    uint32_t list, provider;
};

static bool stands_alone(struct span text, const char *literal, size_t start, size_t length)
{
    const char *end = text.s + start + length;
    if (start && ascii_is_alnum(literal[0]) && ascii_is_alnum(text.s[start - 1]))
        return false;
    return !(end < text.s + text.n && ascii_is_alpha(literal[length - 1]) && ascii_is_alpha(*end));
}

static void take_words(void *data, const struct literal_hit *hits, size_t count)
{
    struct known_words *k = data;
    const struct literals *l = bounce_known.words;
    for (size_t i = 0; i < count; i++) {
        const struct literal *literal = &l->items[hits[i].literal];
        if (!stands_alone(k->text, l->texts + literal->text, hits[i].start, literal->length))
            continue;
        for (uint32_t o = literal->first_owner; o < literal->first_owner + literal->owner_count; o++) {
            const uint32_t owner = l->owners[o];
            size_t *best = owner & KNOWN_IS_PROVIDER ? &k->provider_length : &k->list_length;
            if (literal->length <= *best)
                continue;
            *best = literal->length;
            *(owner & KNOWN_IS_PROVIDER ? &k->provider : &k->list) = owner & KNOWN_ROW;
        }
    }
}

static void find_known(struct span folded, bool listing, struct told_facts *told)
{
    struct known_words k = {.text = folded};
    literals_scan(bounce_known.words, folded.s, folded.n, take_words, &k);
    if (listing && !told->blocklist && k.list_length)
        told->blocklist = &bounce_known.blocklists[k.list];
    if (!told->provider && k.provider_length)
        told->provider = bounce_known.providers[k.provider].name;
}

/* ------------------------------------------------------------------ texts */

/* What a text has after its codes: most texts have none of it, and then nothing is looked for. */
struct marks {
    bool links;
    bool known;  /* a link, an identifier in brackets, the marks of codes, Google's name at the end */
    bool hosts;  /* the dots of a host's name or address, or the two colons of an IPv6 address */
    bool digits; /* a duration or a time, after a space */
};

/* Zeros follow the text. The dots of "550 5.1.1 " do not count. */
static struct marks find_marks(struct span folded)
{
    const chunk all = ~(chunk){0};
    const chunk behind_status = {0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    const bool codes = folded.n > 4 && ascii_is_digit(*folded.s) && (folded.s[3] == ' ' || folded.s[3] == '-');
    chunk known = {0}, links = {0}, hosts = {0}, digits = {0}, counts = codes ? behind_status : all;
    for (size_t i = codes ? 4 : 0; i < folded.n; i += CHUNK, counts = all) {
        const chunk c = chunk_load(folded.s + i), next = chunk_load(folded.s + i + 1);
        links |= chunk_equal(c, '/');
        known |= chunk_equal(c | chunk_of('[' ^ '_'), '_') | chunk_equal(c, '#');
        hosts |= (chunk_equal(c, '.') | (chunk_equal(c, ':') & chunk_equal(next, ':'))) & counts;
        digits |= chunk_equal(c, ' ') & chunk_in_range(next, '0', 10);
    }
    const bool google = folded.n > 4 && !memcmp(folded.s + folded.n - 4, "smtp", 4);
    const bool slash = chunk_any(links);
    return (struct marks){slash, slash || google || chunk_any(known), chunk_any(hosts), chunk_any(digits)};
}

static bounce_reason told_reason(const struct verdict *v)
{
    return v->has_cause ? v->cause : v->reason;
}

/* Refusals of the sender or of the message for what it is, not for its form: only these name what is refused. */
static bool is_refusal(const struct verdict *v)
{
    switch (told_reason(v)) {
    case BOUNCE_REASON_MESSAGE_TOO_LARGE:
    case BOUNCE_REASON_NONCOMPLIANT:
    case BOUNCE_REASON_VIRUS:
    case BOUNCE_REASON_TLS_REQUIRED:
    case BOUNCE_REASON_TOO_MANY_RECIPIENTS: return false;
    case BOUNCE_REASON_UNKNOWN: return true;
    default: break;
    }
    const bounce_group group = reason_info(told_reason(v))->group;
    return group == BOUNCE_GROUP_SENDER || group == BOUNCE_GROUP_MESSAGE;
}

/* The refusals for which a block list can be the cause. */
static bool is_listing(const struct verdict *v)
{
    switch (told_reason(v)) {
    case BOUNCE_REASON_UNKNOWN:
    case BOUNCE_REASON_IP_BLOCKED:
    case BOUNCE_REASON_BAD_REPUTATION:
    case BOUNCE_REASON_SENDER_REJECTED:
    case BOUNCE_REASON_SPAM:
    case BOUNCE_REASON_CONTENT_REJECTED:
    case BOUNCE_REASON_POLICY:
    case BOUNCE_REASON_RELAY_DENIED:
    case BOUNCE_REASON_GREYLISTED: return true;
    default: return false;
    }
}

static void find_help(struct arena *a, const struct word_lists *words, const struct norm_text *t,
                      struct told_facts *told)
{
    struct told_link link;
    for (size_t pos = 0; !told->help_url && told_next_link(t, &pos, &link);)
        if (!told_link_is_refused(words, span_of(t->folded, t->folded_length), &link))
            told->help_url = arena_strndup(a, link.url.s, link.url.n);
}

/* Whether words of the tables can occur: where an IP address is refused, a list may be given by its name alone. */
static bool may_be_known(const struct verdict *v, struct span folded, const struct marks *marks)
{
    const bounce_reason reason = told_reason(v);
    return marks->known || reason == BOUNCE_REASON_IP_BLOCKED || reason == BOUNCE_REASON_BAD_REPUTATION ||
           (marks->hosts && is_listing(v) && told_has_name(folded));
}

/* When a recipient's texts were said; INT64_MIN: not known. */
static int64_t said_at(const struct judged *b)
{
    return b->facts->last_attempt != INT64_MIN ? b->facts->last_attempt : b->j->report->date;
}

static void tell_text(struct judged *b, const struct judged_text *text, bool first, struct told_facts *told)
{
    struct arena *a = &b->j->report->arena;
    const struct word_lists *words = b->j->words;
    const struct verdict *v = b->verdict;
    const struct span folded = span_of(text->norm.folded, text->norm.folded_length);
    const struct marks marks = find_marks(folded);
    if (may_be_known(v, folded, &marks))
        find_known(folded, is_listing(v), told);
    if (marks.links && !told->help_url)
        find_help(a, words, &text->norm, told);
    if ((marks.hosts || marks.known) && first && is_refusal(v)) {
        const bounce_reason reason = told_reason(v);
        told_refused(a, words, &text->norm,
                     reason == BOUNCE_REASON_SENDER_REJECTED || reason == BOUNCE_REASON_AUTH_FAILURE, told);
        if (marks.links)
            told_refused_link(a, words, &text->norm, told);
    }
    if (marks.digits && !told->retry_s && v->type != BOUNCE_TYPE_HARD)
        told->retry_s = told_retry(words, folded, said_at(b));
}

/* "mx.example.net (192.0.2.1)" */
static struct span host_name(const char *z)
{
    return span_of(z, strcspn(z, " ([,;"));
}

static bool tells_anything(const struct told_facts *t)
{
    return t->retry_s || t->blocklist || t->ip || t->domain || t->url || t->help_url || t->provider;
}

void told_find(struct judged *b)
{
    struct told_facts told = {.retry_s = 0};
    const bounce_action action = b->facts->action;
    if (action != BOUNCE_ACTION_FAILED && action != BOUNCE_ACTION_DELAYED)
        return;
    const char *host = b->facts->remote_mta;
    const struct known_provider *provider = host ? known_provider_of_host(host_name(host)) : NULL;
    if (provider)
        told.provider = provider->name;
    for (size_t i = 0; i < b->count && b->texts[i].origin <= ORIGIN_TRANSCRIPT; i++)
        tell_text(b, &b->texts[i], i == 0, &told);
    if (!tells_anything(&told))
        return;
    struct told_facts *kept = arena_alloc(&b->j->report->arena, sizeof *kept);
    *kept = told;
    b->verdict->told = kept;
}
