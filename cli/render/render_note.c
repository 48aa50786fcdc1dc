/* SPDX-License-Identifier: MIT */
/*
 * render_note.c - a verdict explained as a postmaster would.
 *
 * In: a recipient, and the library's explanation of its verdict. Out: paragraphs that fit the terminal, or 80 columns
 * where there is none: what happened, who says so, why it was judged so, what else was considered, what to do. Text
 * from mails is escaped. Nothing is refused; long server texts are cut with an ellipsis.
 */
#include "render/render_note.h"

#include "output/escape.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    INDENT = 4,
    HANGING = 8,
    DEFAULT_COLUMNS = 80,
    LEAST_COLUMNS = 40,
    TEXT_BYTES = 4096,
    WORD_BYTES = 1024,
    QUOTE_BYTES = 1200,
    CONSIDERED_MAX = 8
};

/* ------------------------------------------------------------- paragraphs */

/* Copies a word of n bytes; one that is too long is cut between characters, with an ellipsis. */
static void take_word(char word[WORD_BYTES], const char *text, size_t n)
{
    static const char ellipsis[] = "\u2026";
    size_t most = n < WORD_BYTES ? n : WORD_BYTES - sizeof ellipsis;
    while (most < n && most && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    snprintf(word, WORD_BYTES, "%.*s%s", (int)most, text, most < n ? ellipsis : "");
}

void render_words(struct output *o, const char *text, size_t used, size_t indent, size_t columns)
{
    char word[WORD_BYTES];
    bool first = !used;
    if (first)
        output_spaces(o, used = HANGING);
    while (*(text += strspn(text, " \t\r\n"))) {
        size_t n = strcspn(text, " \t\r\n");
        take_word(word, text, n);
        size_t width = escaped_width(word);
        if (!first && used + 1 + width > columns) {
            output_putc(o, '\n');
            output_spaces(o, indent);
            used = indent;
        } else if (!first) {
            output_putc(o, ' ');
            used++;
        }
        used += output_escaped(o, word, ESCAPE_ONE_LINE, 0);
        first = false;
        text += n;
    }
    output_putc(o, '\n');
}

size_t render_columns(const struct text_style *style)
{
    size_t columns = style->columns ? style->columns : DEFAULT_COLUMNS;
    return columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
}

void render_indented(struct output *o, const char *text, size_t indent, const struct text_style *style)
{
    if (style->columns) {
        output_spaces(o, indent - 1); /* each word is preceded by a space */
        render_words(o, text, indent - 1, indent + 4, render_columns(style));
        return;
    }
    output_spaces(o, indent);
    output_escaped(o, text + strspn(text, " "), ESCAPE_ONE_LINE, 0);
    output_putc(o, '\n');
}

static void put_label(struct output *o, const char *label, const struct text_style *style)
{
    output_spaces(o, INDENT);
    if (style->colour)
        output_puts(o, "\x1b[1m");
    output_puts(o, label);
    if (style->colour)
        output_puts(o, "\x1b[0m");
}

static void put_paragraph(struct output *o, const char *label, const char *text, const struct text_style *style)
{
    put_label(o, label, style);
    render_words(o, text, INDENT + strlen(label), HANGING, render_columns(style));
}

/* A text that is assembled from parts, up to its limit. */
struct note_text {
    char s[TEXT_BYTES];
    size_t n;
};

static void add(struct note_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct note_text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(t->s + t->n, sizeof t->s - t->n, format, args);
    va_end(args);
    if (n > 0)
        t->n = t->n + (size_t)n < sizeof t->s ? t->n + (size_t)n : sizeof t->s - 1;
}

/* Adds a text in quotes; a long one is cut between characters. */
static void add_quote(struct note_text *t, const char *quoted)
{
    size_t n = strlen(quoted), most = n < QUOTE_BYTES ? n : QUOTE_BYTES;
    while (most < n && most && ((unsigned char)quoted[most] & 0xc0) == 0x80)
        most--;
    add(t, "\"%.*s%s\"", (int)most, quoted, most < n ? "\u2026" : "");
}

/* --------------------------------------------------------- what happened */

/* "5 minutes", "3 days". */
static void add_time(struct note_text *t, uint64_t seconds)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = {{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    size_t i = 0;
    while (i < 3 && seconds < 2 * units[i].seconds)
        i++;
    uint64_t count = (seconds + units[i].seconds / 2) / units[i].seconds;
    add(t, "%" PRIu64 " %s%s", count, units[i].unit, count == 1 ? "" : "s");
}

static const char *outcome(const bounce_recipient *r)
{
    bounce_type type = bounce_recipient_type(r);
    switch (bounce_recipient_action(r)) {
    case BOUNCE_ACTION_DELIVERED: return "The message arrived";
    case BOUNCE_ACTION_RELAYED: return "The message was handed on to a server that sends no reports";
    case BOUNCE_ACTION_EXPANDED: return "The message went on to several addresses";
    case BOUNCE_ACTION_DELAYED: return "The message has not arrived yet, and is still being tried";
    default: break;
    }
    return type == BOUNCE_TYPE_HARD        ? "The address does not work"
           : type == BOUNCE_TYPE_NONE      ? "Nothing failed"
           : bounce_recipient_permanent(r) ? "This message will not arrive, though the address may work"
                                           : "The message was not accepted for now";
}

static void what_happened(struct output *o, const bounce_report *report, const bounce_recipient *r,
                          const struct text_style *style)
{
    struct note_text t = {.n = 0};
    bounce_reason reason = bounce_recipient_reason(r), cause;
    uint64_t number;
    if (reason == BOUNCE_REASON_DELIVERED)
        add(&t, "%s.", outcome(r));
    else
        add(&t, "%s: %s (%s).", outcome(r), bounce_reason_meaning(reason), bounce_reason_name(reason));
    if (bounce_recipient_cause(r, &cause))
        add(&t, " The last error: %s (%s).", bounce_reason_meaning(cause), bounce_reason_name(cause));
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_QUEUED_FOR_S, &number) && number) {
        add(&t, " It was in the queue for ");
        add_time(&t, number);
        add(&t, ".");
    }
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_ATTEMPTS, &number))
        add(&t, " It was tried %" PRIu64 " time%s.", number, number == 1 ? "" : "s");
    if (bounce_report_sent(report) == BOUNCE_SENT_NO)
        add(&t, " You did not send it: somebody forged your address.");
    put_paragraph(o, "What happened:", t.s, style);
}

/* ------------------------------------------------------------ who says so */

static const char *moment(bounce_command command)
{
    switch (command) {
    case BOUNCE_COMMAND_EHLO: return " when it was greeted";
    case BOUNCE_COMMAND_STARTTLS: return " when encryption began";
    case BOUNCE_COMMAND_AUTH: return " at the login";
    case BOUNCE_COMMAND_MAIL: return " when it was told the sender";
    case BOUNCE_COMMAND_RCPT: return " when it was told the recipient";
    case BOUNCE_COMMAND_DATA: return " when it was given the message";
    default: return "";
    }
}

static void who_says_so(struct output *o, const bounce_report *report, const bounce_recipient *r,
                        const struct text_style *style)
{
    struct note_text t = {.n = 0};
    const char *remote = bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA);
    const char *reporter = bounce_report_string(report, BOUNCE_REPORT_REPORTING_MTA);
    const char *said = bounce_recipient_string(r, BOUNCE_RECIPIENT_DIAGNOSTIC);
    if (!said)
        said = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
    const char *colon = said ? ":" : ".", *when = moment(bounce_recipient_command(r));
    if (bounce_recipient_decided_by(r) == BOUNCE_DECIDED_BY_REMOTE || bounce_report_kind(report) == BOUNCE_KIND_REPLY)
        add(&t, "%s%s%s%s", remote ? remote : "the receiving server", *when ? "," : "", when, colon);
    else if (bounce_recipient_decided_by(r) == BOUNCE_DECIDED_BY_REPORTER)
        add(&t, "%s, which found and reported it itself%s", reporter ? reporter : "the server", colon);
    else
        add(&t, "%s%s", reporter ? reporter : "the report, which does not say whose words these are", colon);
    if (said) {
        add(&t, " ");
        add_quote(&t, said);
    }
    put_paragraph(o, "Who says so:", t.s, style);
}

/* -------------------------------------------------------------------- why */

static void why(struct output *o, const bounce_recipient *r, const struct text_style *style)
{
    struct note_text t = {.n = 0};
    const char *rule = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
    const char *file = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_FILE);
    const char *words = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_TEXT);
    const char *where = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_WHERE);
    const char *reason = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_WHY);
    uint64_t line;
    if (!rule && bounce_recipient_type(r) == BOUNCE_TYPE_NONE)
        return;
    if (!rule)
        add(&t, "No rule knows the words, and no code says more; --draft-rule makes a rule from them.");
    else if (!file)
        add(&t, "No rule knows the words; the code %s decides (%s). --draft-rule makes a rule from them.",
            words ? words : "", rule);
    else
        add(&t, "%s The rule is %s (%s", reason ? reason : "", rule, file);
    if (file && bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_LINE, &line))
        add(&t, ":%" PRIu64, line);
    if (file && words) {
        add(&t, "), by the words ");
        add_quote(&t, words);
        add(&t, where ? " (%s)." : ".", where);
    } else if (file) {
        add(&t, ").");
    }
    put_paragraph(o, "Why:", t.s, style);
}

/* -------------------------------------------------------- also considered */

/* A line of the explanation that is about another verdict; NULL: it is not. */
static const char *considered(const bounce_recipient *r, size_t index)
{
    static const char lost[] = "  lost: ", vetoed[] = "  not of the recipient: ", said[] = "  said of the sender";
    static const char *const others[] = {"stated status ", "code ", "reply code ", "not all rules ", "service "};
    const char *line = bounce_recipient_explain(r, index);
    if (strncmp(line, lost, sizeof lost - 1) == 0)
        return line + sizeof lost - 1;
    if (strncmp(line, vetoed, sizeof vetoed - 1) == 0 || strncmp(line, said, sizeof said - 1) == 0)
        return line + 2;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strncmp(line, others[i], strlen(others[i])) == 0)
            return line;
    return NULL;
}

/* Several texts may have the same explanation. */
static bool was_before(const bounce_recipient *r, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(bounce_recipient_explain(r, i), bounce_recipient_explain(r, index)) == 0)
            return true;
    return false;
}

static void also_considered(struct output *o, const bounce_recipient *r, const struct text_style *style)
{
    size_t shown = 0, more = 0;
    put_label(o, "Also considered:", style);
    for (size_t i = 0; i < bounce_recipient_explain_count(r); i++) {
        const char *line = considered(r, i);
        if (!line || was_before(r, i))
            continue;
        if (shown == CONSIDERED_MAX) {
            more++;
            continue;
        }
        if (!shown++)
            output_putc(o, '\n');
        render_words(o, line, 0, HANGING + 2, render_columns(style));
    }
    if (!shown)
        output_puts(o, " nothing else.\n");
    if (more) {
        output_spaces(o, HANGING);
        output_puts(o, "and ");
        output_number(o, more);
        output_puts(o, " more; --trace shows all\n");
    }
}

/* ------------------------------------------------------------- what to do */

static bool advises_suppress(const bounce_recipient *r)
{
    for (size_t i = 0; i < bounce_recipient_advice_count(r); i++)
        if (bounce_recipient_advice(r, i) == BOUNCE_ADVICE_SUPPRESS)
            return true;
    return false;
}

static void what_to_do(struct output *o, const bounce_recipient *r, const struct text_style *style)
{
    struct note_text t = {.n = 0};
    const char *advice = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADVICE_TEXT);
    const char *list = bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_NAME);
    const char *removal = bounce_recipient_told(r, BOUNCE_TOLD_BLOCKLIST_URL);
    const char *help = bounce_recipient_told(r, BOUNCE_TOLD_HELP_URL);
    const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
    const char *wrote_to = bounce_recipient_address_to_suppress(r);
    uint64_t seconds;
    add(&t, "%s", advice ? advice : "nothing.");
    if (advises_suppress(r) && wrote_to && (!address || strcmp(address, wrote_to) != 0))
        add(&t, " You wrote to it as %s.", wrote_to);
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_RETRY_STATED_S, &seconds)) {
        add(&t, " The server says to try again in ");
        add_time(&t, seconds);
        add(&t, ".");
    }
    put_paragraph(o, "What to do:", t.s, style);
    if (list && removal) {
        t.n = 0;
        add(&t, "%s (%s)", removal, list);
        put_paragraph(o, "Ask for removal:", t.s, style);
    }
    if (help)
        put_paragraph(o, "More from the server:", help, style);
}

/* -------------------------------------------------------------------- all */

/* The library's own account: every text, every rule. */
static void account(struct output *o, const bounce_recipient *r, const struct text_style *style)
{
    put_label(o, "How it was judged:\n", style);
    for (size_t i = 0; i < bounce_recipient_explain_count(r); i++) {
        const char *line = bounce_recipient_explain(r, i);
        size_t indent = HANGING + strspn(line, " ");
        render_indented(o, line, indent, style);
    }
}

void render_note(struct output *o, const bounce_report *report, const bounce_recipient *r,
                 const struct text_style *style)
{
    what_happened(o, report, r, style);
    who_says_so(o, report, r, style);
    why(o, r, style);
    also_considered(o, r, style);
    what_to_do(o, r, style);
    if (style->trace)
        account(o, r, style);
}
