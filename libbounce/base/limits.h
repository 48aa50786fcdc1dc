/* SPDX-License-Identifier: MIT */
/*
 * limits.h - every cap of the library, with its unit and its reason.
 *
 * Each is tested at the limit and one beyond it (tests/hostile). A cap that is
 * hit is a warning on the report, never a silent loss.
 */
/* With -I on this folder GLib's <limits.h> finds this file, so it passes on the
 * real one: outside of the guard, because clang starts from the front again. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winclude-next-absolute-path"
#endif
#include_next <limits.h>
#ifdef __clang__
#pragma clang diagnostic pop
#endif

#ifndef BOUNCE_BASE_LIMITS_H
#define BOUNCE_BASE_LIMITS_H

/* Bytes of one message that are parsed, from its front: the facts of a report
 * stand before the returned message. */
#define LIMIT_MESSAGE_BYTES_DEFAULT (1u << 20)
#define LIMIT_MESSAGE_BYTES_MIN (1u << 10)
#define LIMIT_MESSAGE_BYTES_MAX (1u << 30)

/* Bytes behind the header in which the type of a part of a report is looked for
 * before a mail is taken for ordinary: it stands behind a short text there. */
#define LIMIT_GATE_BYTES 4096
/* Header lines of one entity that are indexed. */
#define LIMIT_HEADER_LINES 10000
/* Bytes of one header field that are decoded (a Subject of a megabyte helps nobody). */
#define LIMIT_HEADER_BYTES 16384
/* Lines starting with "--", outside of returned messages, that are compared with
 * the boundaries of open multiparts: the cost is depth times these lines. */
#define LIMIT_BOUNDARY_LINES 10000
/* Parts of one message that are looked at. */
#define LIMIT_PARTS 256
/* Multiparts that are open inside of each other. */
#define LIMIT_NESTING 64
/* Bytes of text that are decoded from one part. */
#define LIMIT_PART_TEXT_BYTES 262144
/* Bytes of one address: RFC 5321 allows 320, UTF-8 and VERP take more. */
#define LIMIT_ADDRESS_BYTES 1024
/* Wraps taken off an envelope address: prvs= around SRS1 around SRS0 around prvs=. */
#define LIMIT_ADDRESS_WRAPS 4
/* Words, numbers and signs of a date that are read; what follows is ignored.
 * "Thu, 29 Apr 2011 23:34:45 +0900 JST" has 13. */
#define LIMIT_DATE_TOKENS 16
/* Recipients of one report. */
#define LIMIT_RECIPIENTS 10000
/* Lines of report text that are read by dialects and by general reading. */
#define LIMIT_TEXT_LINES 20000
/* Bytes of one line of report text that are read. */
#define LIMIT_LINE_BYTES 8192
/* Bytes of one text in which rules are searched: PCRE2's match limit counts
 * anew at every starting position, so the subject must be capped (10.42). */
#define LIMIT_SEARCHED_BYTES 16384
/* Bytes of text in which rules are searched for all recipients of one report
 * together, shared out evenly; and the least that each of them gets. */
#define LIMIT_JUDGED_BYTES (8u << 20)
#define LIMIT_JUDGED_BYTES_MIN 1024
/* PCRE2: steps at one starting position, recursion depth, KiB of heap. */
#define LIMIT_MATCH_STEPS 100000
#define LIMIT_MATCH_DEPTH 10000
#define LIMIT_MATCH_HEAP_KIB 4096
/* Bytes of one pattern, and of one line, of a rule file. */
#define LIMIT_PATTERN_BYTES 4096
#define LIMIT_RULE_LINE_BYTES 8192
/* Errors of one set of rule files that are listed. */
#define LIMIT_RULE_ERRORS 10000
/* Named and unnamed groups of one regular expression, so that one block of
 * match data fits all; texts between two ` ... ` of one phrase. */
#define LIMIT_REGEX_GROUPS 40
#define LIMIT_PHRASE_SEGMENTS 16
/* Bytes that ` ... ` stands for. */
#define LIMIT_PHRASE_GAP_BYTES 80
/* Rules of one set, and bytes of one rule file. */
#define LIMIT_RULES 100000
#define LIMIT_RULE_FILE_BYTES (16u << 20)
/* Warnings kept for one report. */
#define LIMIT_WARNINGS 32
/* Bytes of a From line that the splitter looks at. */
#define LIMIT_FROM_LINE_BYTES 512
/* Bytes that the splitter keeps beside the message at hand; also its usual read(2).
 * Smaller ones, that stay in the cache, make the kernel copy a third slower (AMD
 * Zen 4), and more messages are cut and moved. */
#define LIMIT_MAILBOX_BLOCK_BYTES (1u << 20)
/* Folders inside folders that the splitter descends into. */
#define LIMIT_FOLDER_DEPTH 32

#endif
