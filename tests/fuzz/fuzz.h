/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - what the fuzz targets share: how a target is called, and what must
 * be true of every report, whatever its input was. A broken promise ends the
 * program by a trap, which libFuzzer records like a crash.
 */
#ifndef BOUNCE_FUZZ_H
#define BOUNCE_FUZZ_H

#include <bounce.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert(), but also in release builds. */
#define MUST(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

/* Bytes of the character at s (RFC 3629); 0: no character begins there. */
static inline size_t fuzz_utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    size_t n = s[0] >= 0xc2 && s[0] < 0xe0 ? 2 : s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool outside = (s[0] == 0xed && s[1] >= 0xa0) || (s[0] == 0xf4 && s[1] >= 0x90);
    return overlong || outside ? 0 : n;
}

/* NULL, or UTF-8. */
static inline void fuzz_check_string(const char *z)
{
    for (const unsigned char *s = (const unsigned char *)z; s && *s;) {
        size_t n = fuzz_utf8_length(s);
        if (!n)
            fprintf(stderr, "not UTF-8 at byte %td: \"%s\"\n", s - (const unsigned char *)z, z);
        MUST(n);
        s += n;
    }
}

/* "5.1.1": class, subject and detail of RFC 3463. */
static inline void fuzz_check_status(const char *status)
{
    unsigned subject, detail;
    char class_, behind;
    MUST(sscanf(status, "%c.%3u.%3u%c", &class_, &subject, &detail, &behind) == 3);
    MUST(class_ == '2' || class_ == '4' || class_ == '5');
}

static inline void fuzz_check_recipient(const bounce_recipient *r, bounce_report *report)
{
    uint64_t number;
    const char *status = bounce_recipient_string(r, BOUNCE_RECIPIENT_STATUS);
    const char *stated = bounce_recipient_string(r, BOUNCE_RECIPIENT_STATED_STATUS);
    const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
    const char *original = bounce_recipient_string(r, BOUNCE_RECIPIENT_ORIGINAL);
    for (int f = 0; f <= BOUNCE_RECIPIENT_TAG; f++)
        fuzz_check_string(bounce_recipient_string(r, (bounce_recipient_field)f));
    for (size_t i = 0; i < bounce_recipient_explain_count(r); i++)
        fuzz_check_string(bounce_recipient_explain(r, i));
    MUST(!address || *address);
    MUST(!original || *original);
    if (stated)
        fuzz_check_status(stated);
    if (status)
        fuzz_check_status(status);
    bool complaint = bounce_recipient_action(r) == BOUNCE_ACTION_COMPLAINT;
    bool failed = bounce_recipient_action(r) == BOUNCE_ACTION_FAILED;
    MUST(bounce_recipient_action(r) != BOUNCE_ACTION_UNKNOWN);
    MUST(bounce_recipient_type(r) != BOUNCE_TYPE_HARD || bounce_recipient_permanent(r) || complaint);
    MUST(!failed || bounce_recipient_type(r) != BOUNCE_TYPE_NONE);
    MUST(!bounce_recipient_permanent(r) || bounce_recipient_action(r) != BOUNCE_ACTION_DELAYED);
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_REPLY_CODE, &number))
        MUST(number >= 200 && number <= 699); /* Mailgun's own are 605 to 607 */
    if (bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_TIER, &number))
        MUST(number >= 1 && number <= 7);
    (void)report;
}

/* One line of UTF-8 without control characters, so that it is a valid line of NDJSON. */
static inline const char *fuzz_check_json(bounce_report *report, const bounce_source *source)
{
    const char *json = NULL;
    size_t length = 0;
    MUST(bounce_report_json(report, source, &json, &length) == BOUNCE_OK);
    MUST(json && strlen(json) == length && length > 2 && json[0] == '{' && json[length - 1] == '}');
    fuzz_check_string(json);
    for (size_t i = 0; i < length; i++)
        MUST((unsigned char)json[i] >= 0x20);
    /* The caller's buffer, exactly as long as needed. */
    char *into = (char *)malloc(length + 1);
    MUST(into && bounce_report_json_into(report, source, into, length + 1, &length) == BOUNCE_OK);
    MUST(strcmp(into, json) == 0);
    free(into);
    return json;
}

/* Reads everything in a report; *json is valid as long as the report. */
static inline const char *fuzz_check_report(bounce_report *report)
{
    for (int f = 0; f <= BOUNCE_REPORT_ENVELOPE_FROM; f++)
        fuzz_check_string(bounce_report_string(report, (bounce_report_field)f));
    for (size_t i = 0; i < bounce_report_warnings(report); i++) {
        MUST(bounce_report_warning_id(report, i) && bounce_report_warning_text(report, i));
        fuzz_check_string(bounce_report_warning_text(report, i));
    }
    size_t count = bounce_report_recipients(report);
    bounce_kind kind = bounce_report_kind(report);
    MUST(count == 0 || (kind != BOUNCE_KIND_NONE && kind != BOUNCE_KIND_AUTO_REPLY));
    MUST(kind != BOUNCE_KIND_REPLY || count == 1);
    for (size_t i = 0; i < count; i++) {
        fuzz_check_recipient(bounce_report_recipient(report, i), report);
        const char *wording = i < 8 ? bounce_report_wording(report, i) : NULL;
        fuzz_check_string(wording);
        MUST(!wording || (*wording && strlen(wording) <= 500 && !strchr(wording, '\n')));
    }
    return fuzz_check_json(report, NULL);
}

#endif
