/* SPDX-License-Identifier: MIT */
/* parser.c - making and freeing parsers, their options and reply contexts. */
#include "parser.h"

#include <glib.h>
#include <string.h>

#include "base/limits.h"
#include "mail/verp.h"
#include "reading/reading.h"
#include "sent/sent.h"

static const struct bounce_options default_options = {.max_message_bytes = LIMIT_MESSAGE_BYTES_DEFAULT,
                                                      .max_text_steps = LIMIT_TEXT_STEPS_DEFAULT,
                                                      .max_message_steps = LIMIT_MESSAGE_STEPS_DEFAULT,
                                                      .dialects = true,
                                                      .prefilter = true};

bounce_options *bounce_options_new(void)
{
    bounce_options *o = g_new(bounce_options, 1);
    *o = default_options;
    return o;
}

void bounce_options_free(bounce_options *options)
{
    if (!options)
        return;
    g_free(options->verp);
    g_free(options->authserv_id);
    bounce_sent_unref(options->sent);
    g_strfreev(options->headers);
    g_free(options);
}

static bounce_status set_flag(bool *flag, uint64_t value)
{
    if (value > 1)
        return BOUNCE_ERROR_LIMIT;
    *flag = value != 0;
    return BOUNCE_OK;
}

static bounce_status set_steps(uint64_t *steps, uint64_t value)
{
    if (value < LIMIT_STEPS_MIN || value > LIMIT_STEPS_MAX)
        return BOUNCE_ERROR_LIMIT;
    *steps = value;
    return BOUNCE_OK;
}

bounce_status bounce_options_set(bounce_options *options, bounce_option option, uint64_t value)
{
    if (!options)
        return BOUNCE_ERROR_ARGUMENT;
    switch (option) {
    case BOUNCE_OPTION_MAX_MESSAGE_BYTES:
        if (value < LIMIT_MESSAGE_BYTES_MIN || value > LIMIT_MESSAGE_BYTES_MAX)
            return BOUNCE_ERROR_LIMIT;
        options->max_message_bytes = value;
        return BOUNCE_OK;
    case BOUNCE_OPTION_EXPLAIN: return set_flag(&options->explain, value);
    case BOUNCE_OPTION_JIT: return set_flag(&options->jit, value);
    case BOUNCE_OPTION_DIALECTS: return set_flag(&options->dialects, value);
    case BOUNCE_OPTION_PREFILTER: return set_flag(&options->prefilter, value);
    case BOUNCE_OPTION_READ_ALL: return set_flag(&options->read_all, value);
    case BOUNCE_OPTION_READ_FORWARDED: return set_flag(&options->read_forwarded, value);
    case BOUNCE_OPTION_MAX_TEXT_STEPS: return set_steps(&options->max_text_steps, value);
    case BOUNCE_OPTION_MAX_MESSAGE_STEPS: return set_steps(&options->max_message_steps, value);
    }
    return BOUNCE_ERROR_ARGUMENT;
}

bounce_status bounce_options_set_verp(bounce_options *options, const char *pattern)
{
    if (!options || (pattern && !verp_pattern_is_valid(pattern)))
        return BOUNCE_ERROR_ARGUMENT;
    g_free(options->verp);
    options->verp = g_strdup(pattern);
    return BOUNCE_OK;
}

bounce_status bounce_options_set_authserv_id(bounce_options *options, const char *host)
{
    if (!options)
        return BOUNCE_ERROR_ARGUMENT;
    g_free(options->authserv_id);
    options->authserv_id = g_strdup(host);
    return BOUNCE_OK;
}

bounce_status bounce_options_set_sent(bounce_options *options, bounce_sent *sent)
{
    if (!options)
        return BOUNCE_ERROR_ARGUMENT;
    bounce_sent_ref(sent);
    if (sent && !sent->in_use) /* not written to again, because threads may share it */
        sent->in_use = true;
    bounce_sent_unref(options->sent);
    options->sent = sent;
    return BOUNCE_OK;
}

/* RFC 5322 2.2: printable ASCII without the colon. */
static bool is_field_name(struct span name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.s[i] <= ' ' || name.s[i] > '~' || name.s[i] == ':')
            return false;
    return name.n > 0;
}

bounce_status bounce_options_add_header(bounce_options *options, const char *name)
{
    if (!options || !is_field_name(span_z(name)))
        return BOUNCE_ERROR_ARGUMENT;
    if (strlen(name) > LIMIT_HEADER_NAME_BYTES)
        return BOUNCE_ERROR_LIMIT;
    for (size_t i = 0; i < options->header_count; i++)
        if (span_equal_nocase(span_z(name), options->headers[i]))
            return BOUNCE_OK;
    if (options->header_count == LIMIT_ASKED_HEADERS)
        return BOUNCE_ERROR_LIMIT;
    options->headers = g_renew(char *, options->headers, options->header_count + 2);
    options->headers[options->header_count++] = g_strdup(name);
    options->headers[options->header_count] = NULL;
    return BOUNCE_OK;
}

void parser_make_matcher(bounce_parser *p)
{
    p->matcher = matcher_new(p->rules, p->options.jit, p->options.prefilter);
    matcher_set_exit(p->matcher, &p->exit);
}

bounce_parser *bounce_parser_new(bounce_rules *rules, const bounce_options *options)
{
    if (!rules)
        return NULL;
    bounce_parser *p = g_new0(bounce_parser, 1);
    p->rules = bounce_rules_ref(rules);
    p->options = options ? *options : default_options;
    p->options.verp = options ? g_strdup(options->verp) : NULL;
    p->options.authserv_id = options ? g_strdup(options->authserv_id) : NULL;
    bounce_sent_ref(p->options.sent);
    p->options.headers = options ? g_strdupv(options->headers) : NULL;
    parser_make_matcher(p);
    arena_init(&p->scratch);
    arena_init(&p->spare);
    p->scratch.exit = &p->exit;
    return p;
}

void bounce_parser_free(bounce_parser *parser)
{
    if (!parser)
        return;
    matcher_free(parser->matcher);
    arena_free(&parser->scratch);
    arena_free(&parser->spare);
    charsets_release(&parser->charsets);
    g_free(parser->options.verp);
    g_free(parser->options.authserv_id);
    bounce_sent_unref(parser->options.sent);
    g_free(parser->envelope_from);
    g_free(parser->envelope_to);
    g_strfreev(parser->options.headers);
    bounce_rules_unref(parser->rules);
    g_free(parser);
}

/* The matcher was interrupted in an unknown state: the next message gets a new one. */
bounce_status parser_fail(bounce_parser *parser, bounce_error *error)
{
    bounce_report_free(parser->report);
    parser->report = NULL;
    arena_free(&parser->scratch);
    matcher_free(parser->matcher);
    parser->matcher = NULL;
    return error_set(error, BOUNCE_ERROR_MEMORY, "memory ran out");
}

void bounce_parser_reuse(bounce_parser *parser, bounce_report *report)
{
    if (!parser || !report) {
        bounce_report_free(report);
        return;
    }
    struct arena arena = report_unmake(report);
    arena_reset(&arena);
    arena_free(&parser->spare);
    parser->spare = arena;
}

void bounce_parser_set_envelope(bounce_parser *parser, const char *from, const char *to)
{
    if (!parser)
        return;
    char *new_from = g_strdup(from), *new_to = g_strdup(to);
    g_free(parser->envelope_from);
    g_free(parser->envelope_to);
    parser->envelope_from = new_from;
    parser->envelope_to = new_to;
}

bounce_context *bounce_context_new(void)
{
    return g_new0(bounce_context, 1);
}

void bounce_context_free(bounce_context *context)
{
    if (!context)
        return;
    g_free(context->host);
    g_free(context->recipient);
    g_free(context);
}

void bounce_context_set_command(bounce_context *context, bounce_command command)
{
    if (context)
        context->command = (unsigned)command <= BOUNCE_COMMAND_DATA ? command : BOUNCE_COMMAND_NONE;
}

void bounce_context_set_host(bounce_context *context, const char *host)
{
    if (!context)
        return;
    g_free(context->host);
    context->host = host && *host ? g_strdup(host) : NULL;
}

void bounce_context_set_recipient(bounce_context *context, const char *recipient)
{
    if (!context)
        return;
    g_free(context->recipient);
    context->recipient = recipient && *recipient ? g_strdup(recipient) : NULL;
}
