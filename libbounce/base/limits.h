/* SPDX-License-Identifier: MIT */
/*
 * limits.h - every cap of the library, with its unit and its reason.
 *
 * Each is tested at the limit and one beyond it. Where a cap leaves out text or
 * recipients, the report has a warning.
 */
/* With -I on this folder GLib's <limits.h> finds this file, so it includes the real one
 * as well: outside of the guard, because clang starts the search from the beginning
 * again. */
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

/* --------------------------------------------------------------- mailboxes */

/* Bytes of a From line that are examined, and words of one: the longest form has 11,
 * and addresses may contain blanks. */
#define LIMIT_FROM_LINE_BYTES 512
#define LIMIT_FROM_LINE_WORDS 24
/* Bytes that the splitter holds in addition to the message at hand; also the size of
 * its reads. With smaller ones, which stay in the cache, the kernel copies a third
 * slower (AMD Zen 4), and more messages are cut and moved. */
#define LIMIT_MAILBOX_BLOCK_BYTES (1u << 20)
/* Folders inside folders that the splitter enters: each holds a descriptor and the
 * names of its files. */
#define LIMIT_FOLDER_DEPTH 32
/* Bytes of a compressed input that are read at once: libraries take what they get. */
#define LIMIT_UNPACK_BLOCK_BYTES (64u << 10)
/* Memory to unpack one input. xz -9 needs 65 MiB. zstd has its own measure, the power of two of its window: 27
 * (128 MiB) is the most that zstd itself unpacks unless it is told to. */
#define LIMIT_UNPACK_BYTES (128u << 20)
#define LIMIT_UNPACK_WINDOW_LOG 27

/* ---------------------------------------------------------------- messages */

/* Bytes of one message that are parsed, from its start: the facts of a report come
 * before the returned message. Callers may set a value between the other two: enough
 * for a header, and small enough for offsets of 32 bits. */
#define LIMIT_MESSAGE_BYTES_DEFAULT (1u << 20)
#define LIMIT_MESSAGE_BYTES_MIN (1u << 10)
#define LIMIT_MESSAGE_BYTES_MAX (1u << 30)
/* Header lines of one entity that are indexed: each can take the memory of a field. */
#define LIMIT_HEADER_LINES 10000
/* Bytes of one header field that are decoded (a Subject of a megabyte helps nobody). */
#define LIMIT_HEADER_BYTES 16384
/* Bytes of an encoded returned message that are decoded to read its header: as many as
 * of a text. */
#define LIMIT_ENCODED_HEADER_BYTES 262144
/* Lines starting with "--", outside of returned messages, that are compared with
 * the boundaries of open multiparts: the cost is depth times these lines. */
#define LIMIT_BOUNDARY_LINES 10000
/* Parts of one message that are read: a report has three. */
#define LIMIT_PARTS 256
/* Multiparts that are open inside each other: each "--" line is compared with the
 * boundaries of all of them. */
#define LIMIT_NESTING 64
/* Bytes of text that are decoded from one part: what a report says comes early. */
#define LIMIT_PART_TEXT_BYTES 262144
/* Bytes of one address: RFC 5321 allows 320, UTF-8 and VERP take more. */
#define LIMIT_ADDRESS_BYTES 1024
/* Wraps taken off an envelope address: prvs= around SRS1 around SRS0 around prvs=. */
#define LIMIT_ADDRESS_WRAPS 4
/* Words, numbers and signs of a date that are read; what follows is ignored.
 * "Thu, 29 Apr 2011 23:34:45 +0900 JST" has 13. */
#define LIMIT_DATE_TOKENS 16
/* Charsets whose converters a parser keeps open: mail of one source uses few. */
#define LIMIT_CHARSETS_KEPT 16

/* ----------------------------------------------------------------- reports */

/* Bytes after the header in which a part of any type message/... is looked for before a
 * mail is taken as ordinary: in reports it follows a short text at most. */
#define LIMIT_GATE_BYTES 4096
/* Reply codes and enhanced codes of one text that are read: a transcript quotes few. */
#define LIMIT_REPLY_CODES 32
/* Recipients of one report: each costs memory and a judgement. */
#define LIMIT_RECIPIENTS 10000
/* Lines of report text that are read by dialects and by general reading: each costs
 * memory and a match with their patterns. */
#define LIMIT_TEXT_LINES 20000
/* Bytes of one line of report text that are read: patterns are matched with all of it. */
#define LIMIT_LINE_BYTES 8192
/* Addresses of one line that are examined for their role in it: each is compared with
 * the words before it. */
#define LIMIT_LINE_ADDRESSES 64
/* Lines of one paragraph in which the address of somebody else is looked for, and
 * paragraphs in which the reply about one address is: many recipients may share them. */
#define LIMIT_PARAGRAPH_LINES 64
#define LIMIT_PARAGRAPHS_ABOUT_ONE 1000
/* Bytes of a field that are searched for the address of a sender, for each recipient. */
#define LIMIT_SENDERS_BYTES 2000
/* Warnings kept for one report: each kind once, and there are fewer kinds. */
#define LIMIT_WARNINGS 32

/* Names of header fields that a caller may ask for, bytes of one, and fields of one name
 * that are given: each field of the returned message is compared with each name. */
#define LIMIT_ASKED_HEADERS 64
#define LIMIT_HEADER_NAME_BYTES 128
#define LIMIT_ASKED_FIELDS 32

/* ------------------------------------------------------------------ events */

/* Bytes of one document of a sending service: the longest that one documents, with the
 * returned message inside, has less than 1 MiB; each costs some ten times its size as a tree. */
#define LIMIT_EVENT_BYTES (4u << 20)
/* Arrays and objects inside each other: reading one calls itself. Events have 7, those in
 * the envelope of another service a few more. */
#define LIMIT_EVENT_DEPTH 64
/* Envelopes inside each other: a queue around a topic around an event has 3. */
#define LIMIT_EVENT_WRAPS 8
/* Events of one document: the longest list that the API of any service gives; arrays are
 * taken apart before. */
#define LIMIT_EVENTS_INSIDE 10000

/* ---------------------------------------------------------------- judgement */

/* Bytes of one text in which rules are searched: what expressions cost can grow faster than
 * their text. */
#define LIMIT_SEARCHED_BYTES 16384
/* Bytes that the JSON of one message may spend on repeating a reply that many recipients
 * share: beyond that, it is there once. Few reports have so much; without it, 200 KB of
 * mail gave 80 MB of JSON. */
#define LIMIT_REPEATED_REPLY_BYTES 65536
/* Bytes of a text that is shown as an example of its kind: as much as anybody reads. */
#define LIMIT_WORDING_BYTES 500
/* Texts of one recipient that are judged: the replies, fields and sentences about it. */
#define LIMIT_TEXTS 24
/* Bytes of text in which rules are searched for all recipients of one report
 * together, shared out evenly, so that many recipients take no longer than a few;
 * and the least that each of them gets, enough for a reply. */
#define LIMIT_JUDGED_BYTES (8u << 20)
#define LIMIT_JUDGED_BYTES_MIN 1024
/* What regular expressions may cost, in steps: a step is a way that an expression tries, or a byte
 * that it moves, and takes 5 to 27 ns. In one text for all expressions together; and in one
 * message for all its texts, about half a second: a recipient gets its even part of what reading
 * leaves, which is half of it at least. Callers may set values between the others. */
#define LIMIT_TEXT_STEPS_DEFAULT 2000000
#define LIMIT_MESSAGE_STEPS_DEFAULT 20000000
#define LIMIT_STEPS_MIN 1000
#define LIMIT_STEPS_MAX 1000000000
/* Plain characters that an expression compares in the time of a step. */
#define LIMIT_STEP_CHARS 16
/* PCRE2's own limits for one match, far above what the steps allow, except for its
 * memory: steps at one starting position, depth of recursion, KiB of heap. */
#define LIMIT_MATCH_STEPS 100000000
#define LIMIT_MATCH_DEPTH 10000
#define LIMIT_MATCH_HEAP_KIB 4096

/* -------------------------------------------------------------------- logs */

/* Bytes of one line of a log that are read: servers cut theirs at 1, 2 or 8 KiB, and a row of Exchange with
 * many recipients takes more. */
#define LIMIT_LOG_LINE_BYTES (1u << 20)
/* Open messages of one log whose sender is kept; some 300 bytes each. */
#define LIMIT_LOG_MESSAGES 100000
/* Recipients of one open message, and of all of them, that are known to have been reported: each is
 * compared with each line of its message, and takes some 100 bytes. */
#define LIMIT_LOG_TOLD 1000
#define LIMIT_LOG_RECIPIENTS 500000
/* Objects and arrays inside each other in a line of JSON. */
#define LIMIT_LOG_JSON_DEPTH 64

/* ------------------------------------------------------------------- rules */

/* Bytes of one pattern, and of one line, of a rule file: people read them. */
#define LIMIT_PATTERN_BYTES 4096
#define LIMIT_RULE_LINE_BYTES 8192
/* Folders inside each other in which rule files are looked for: a link to a folder
 * above must not loop for ever. */
#define LIMIT_RULE_FOLDER_DEPTH 4
/* Signs that use each other in a row: testing one calls itself for each. */
#define LIMIT_SIGN_DEPTH 8
/* Signs of one layer that have a part in the sum by which a mail is a report: each is tried on every mail. */
#define LIMIT_WEIGHED_SIGNS 48
/* Words that the files of one set add to one list: each is looked for in every line. */
#define LIMIT_LISTED_WORDS 1000
/* Errors of one set of rule files that are listed: a wrong file can have one a line. */
#define LIMIT_RULE_ERRORS 10000
/* Named and unnamed groups of one regular expression, so that one block of
 * match data fits all; texts between two ` ... ` of one phrase, likewise. */
#define LIMIT_REGEX_GROUPS 40
#define LIMIT_PHRASE_SEGMENTS 16
/* Bytes that ` ... ` matches at most: an address or a few words fit. */
#define LIMIT_PHRASE_GAP_BYTES 80
/* Characters that ` .. ` matches at most, inside one sentence. */
#define LIMIT_SENTENCE_GAP_CHARS 60
/* Members of one class of words, with those of the classes that it holds: each is
 * compared at each place of a text. */
#define LIMIT_CLASS_MEMBERS 4096
/* Rules of one set, and bytes of one rule file: a hundred times as many as the
 * built-in rules have, and more. */
#define LIMIT_RULES 100000
#define LIMIT_RULE_FILE_BYTES (16u << 20)

/* -------------------------------------------------------------------- policy */

/* Bytes of a policy file: the built-in one has some 7,000. */
#define LIMIT_POLICY_BYTES (1u << 20)

#endif
