/* SPDX-License-Identifier: MIT */
/*
 * sessions.c - the SMTP sessions that a report quotes: ">>> DATA", "<<< 554 no".
 *
 * In: the lines of the text. Out: findings for a text about one recipient; for one about several, which line is a
 * host's answer. Refused: answers to RCPT, whose command names the recipient: they are found by that name.
 */
#include "reading/sessions.h"

#include "mail/address_index.h"
#include "reading/lines.h"
#include "reading/paragraphs.h"

struct sessions {
    struct address_index hosts; /* by name, the line */
};

/* The answer in line i; code 0: it is not one. */
static struct reply answer_at(struct reading *rd, size_t i)
{
    struct span t = rd->lines[i].trimmed;
    return paragraph_side(t) == 1 ? texts_codes_of(rd, span_of(t.s + 3, t.n - 3)) : (struct reply){.code = 0};
}

void sessions_add(struct reading *rd, uint32_t parent)
{
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        const struct reply reply = answer_at(rd, i);
        if (!reply.code)
            continue;
        struct finding *f = findings_add(rd, FINDING_SESSION, rd->findings.list[parent].reader);
        f->parent = parent;
        f->line = (uint32_t)i + 1;
        f->reply_code = reply.code;
        f->command = transcript_command(rd, i);
        f->remote_mta = transcript_host(rd, i);
    }
}

struct sessions *sessions_find(struct reading *rd)
{
    struct sessions *s = NULL;
    for (size_t i = rd->region_first; i < rd->region_last; i++) {
        if (i && paragraph_side(rd->lines[i - 1].trimmed) == 1) /* a further line of an answer */
            continue;
        if (answer_at(rd, i).code < 400 || transcript_command(rd, i) == BOUNCE_COMMAND_RCPT)
            continue;
        const char *host = transcript_host(rd, i);
        if (!host)
            continue;
        if (!s) {
            s = arena_calloc(rd->scratch, 1, sizeof *s);
            address_index_init(&s->hosts, rd->scratch);
        }
        *address_index_at(&s->hosts, span_z(host), i) = i;
    }
    return s;
}

bool sessions_answer(const struct sessions *s, const char *host, size_t *line)
{
    return s && host && address_index_find(&s->hosts, span_z(host), line);
}

/* "550 5.1.1 <joe@x>... User unknown" below "<<< 550 5.7.1 no": any 550 becomes that. */
struct span session_retold(const struct reading *rd, size_t i)
{
    const struct span t = rd->lines[i].trimmed, none = span_of(NULL, 0);
    if (i <= rd->region_first || paragraph_reply_line(t) != 1 || paragraph_side(rd->lines[i - 1].trimmed) != 1)
        return none;
    const char *words = span_find(t, "... ");
    return words ? span_of(t.s, (size_t)(words - t.s)) : none;
}
