/* SPDX-License-Identifier: MIT */
/* test_file.c - reading rule files: every error with its place. */
#include "base/arena.h"
#include "base/limits.h"
#include "match/regex.h"
#include "rules/load.h"
#include "rules/rules.h"
#include "rules_testing.h"

#include <stdlib.h>

#define RULE "rule a\n" REASON
#define GOOD RULE "phrase over quota\nwhy w\nexample e\nnear quota\n"
#define DIALECT "dialect d\nknow subject failure\n"
#define WORDS "words contact\nword see\n"

struct row {
    const char *name, *text, *errors;
};

/* Texts with one mistake each, and the complete list of errors. */
static const struct row faults[] = {
    {"nothing", "", ""},
    {"comments only", "# x\n\n   # y\n", ""},
    {"good", GOOD, ""},
    {"good, CRLF and BOM",
     "\xef\xbb\xbfrule a\r\nreason spam\r\nphrase over quota\r\nwhy w\r\nexample e\r\nnear quota\r\n", ""},
    {"good dialect", DIALECT, ""},
    {"format 1", "# c\nformat 1\n" GOOD, ""},
    {"format 2", "\n format  2 \n" GOOD, ""},
    {"format 3", "format 3\n" GOOD, "t.rules:1:8: the formats of rule files are 1 and 2\n"},
    {"format 0", "format 0\n" GOOD, "t.rules:1:8: the formats of rule files are 1 and 2\n"},
    {"format 22", "format 22\n" GOOD, "t.rules:1:8: the formats of rule files are 1 and 2\n"},
    {"format without a number", "format\n" GOOD, "t.rules:1:1: the formats of rule files are 1 and 2\n"},
    {"format below an entry", GOOD "format 2\n", "t.rules:7:1: \"format\" must be the first line of its file\n"},
    {"unless-near in format 1", GOOD "unless-near the day\n",
     "t.rules:7:13: unless-near needs \"format 2\" as the first line of the file\n"},
    {"unless-near in format 2", "format 2\n" GOOD "unless-near the day\n", ""},
    {"format twice", "format 2\nformat 2\n" GOOD, "t.rules:2:1: \"format\" must be the first line of its file\n"},
    {"tokens", "format 2\n" RULE "token over quota\nunless-token q.test\nwhy w\nexample e\nnear quota\n", ""},
    {"token in format 1", GOOD "token quota\n",
     "t.rules:7:7: a token needs \"format 2\" as the first line of the file\n"},
    {"unless-token in format 1", GOOD "unless-token quota\n",
     "t.rules:7:14: a token needs \"format 2\" as the first line of the file\n"},
    {"token that is an expression", "format 2\n" GOOD "token /quota/\n", "t.rules:8:7: a token is plain words\n"},
    {"token that is too short", "format 2\n" GOOD "token qu\n",
     "t.rules:8:7: a phrase needs a part of at least 3 bytes\n"},
    {"masked phrase", "format 2\n" GOOD "phrase is at mx.quota.example\n",
     "t.rules:8:8: addresses, URLs and hosts are masked: what is in them is a \"token\"\n"},
    {"masked need", "format 2\n" GOOD "match quota\nneed @quota.test\n",
     "t.rules:9:6: addresses, URLs and hosts are masked: what is in them is a \"token\"\n"},
    {"masked exception", "format 2\n" GOOD "unless http://quota.test\n",
     "t.rules:8:8: addresses, URLs and hosts are masked: what is in them is a \"token\"\n"},
    {"nothing is masked in format 1", GOOD "phrase is at mx.quota.example\nunless http://quota.test\n", ""},
    {"nothing to search in format 2", "format 2\n" RULE "why w\nexample e\nnear quota\n",
     "t.rules:2:1: the rule has no phrase, no token and no match\n"},
    {"unknown keyword", GOOD "prase x\n", "t.rules:7:1: unknown keyword \"prase\", did you mean \"phrase\"?\n"},
    {"unknown keyword, swapped letters", GOOD "mathc x\n",
     "t.rules:7:1: unknown keyword \"mathc\", did you mean \"match\"?\n"},
    {"unknown keyword, far off", GOOD "  bananas x\n", "t.rules:7:3: unknown keyword \"bananas\"\n"},
    {"a long word is cut",
     "\001\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\n",
     "t.rules:1:1: \"?\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
     "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\" comes before the first rule, override, dialect, words or sign\n"},
    {"upper-case entry", GOOD "rULE b\n", "t.rules:7:1: unknown keyword \"rULE\", did you mean \"rule\"?\n"},
    {"upper-case keyword", GOOD "Phrase x y z\n",
     "t.rules:7:1: unknown keyword \"Phrase\", did you mean \"phrase\"?\n"},
    {"misspelt entry", GOOD "dialct x\n", "t.rules:7:1: unknown keyword \"dialct\", did you mean \"dialect\"?\n"},
    {"of a scope", GOOD "host mx.oak.example\n",
     "t.rules:7:1: \"host\" is a key of scope: write \"scope host VALUE\"\n"},
    {"of a scope and of a dialect", GOOD "software postfix\n",
     "t.rules:7:1: \"software\" is a key of scope: write \"scope software VALUE\"\n"},
    {"of a scope, in a dialect", DIALECT "lang de\n",
     "t.rules:3:1: unknown keyword \"lang\", did you mean \"last\"?\n"},
    {"of a dialect", GOOD "know body x\n",
     "t.rules:7:1: \"know\" is a keyword of dialects, and this entry is a rule\n"},
    {"of a rule", DIALECT "tier 3\n", "t.rules:3:1: \"tier\" is a keyword of rules, and this entry is a dialect\n"},
    {"before the first", "phrase x\n",
     "t.rules:1:1: \"phrase\" comes before the first rule, override, dialect, words or sign\n"},
    {"no value", GOOD "unless\n", "t.rules:7:1: \"unless\" needs a value\n"},
    {"twice", GOOD "why x\n", "t.rules:7:1: \"why\" may appear only once in an entry\n"},
    {"no id", "rule\n" REASON "phrase over quota\nwhy w\nexample e\nnear quota\n", "t.rules:1:1: an id is missing\n"},
    {"bad id", "rule aB\n" REASON "phrase over quota\nwhy w\nexample e\nnear quota\n",
     "t.rules:1:7: an id may contain only a-z, 0-9 and / . _ -\n"},
    {"bad first letter of an id", "dialect -a\nknow subject abc\n",
     "t.rules:1:9: an id must begin with a lower-case letter or a digit\n"},
    {"unknown reason", "rule a\nreason mailbox-ful\nphrase over quota\nwhy w\nexample e\nnear quota\n",
     "t.rules:2:8: unknown reason \"mailbox-ful\", did you mean \"mailbox-full\"?\n"},
    {"tier 4", GOOD "tier 4\n",
     "t.rules:7:6: a tier is 1 (documented token), 2 (known host or software), 3 (definite "
     "wording) or 5 (vague wording)\n"},
    {"tier 33", GOOD "tier 33\n",
     "t.rules:7:6: a tier is 1 (documented token), 2 (known host or software), 3 (definite "
     "wording) or 5 (vague wording)\n"},
    {"priority 100", GOOD "priority 100\n", ""},
    {"priority -100", GOOD "priority -100\n", ""},
    {"priority 101", GOOD "priority 101\n", "t.rules:7:10: a priority is a number from -100 to 100\n"},
    {"priority -101", DIALECT "priority -101\n", "t.rules:3:10: a priority is a number from -100 to 100\n"},
    {"priority x", GOOD "priority 1x\n", "t.rules:7:10: a priority is a number from -100 to 100\n"},
    {"empty rule", "rule a\n",
     "t.rules:1:1: the rule has neither phrase nor match\n"
     "t.rules:1:1: the rule has no example: a text that it decides\n"
     "t.rules:1:1: the rule has no near: a text with its words that it must not decide\n"
     "t.rules:1:1: the rule has no reason\n"
     "t.rules:1:1: the rule has no why: one line for people\n"},
    {"match without need", RULE "match user \\d+\nwhy w\nexample e\nnear n\n",
     "t.rules:1:1: a rule with match must have at least one need\n"},
    {"need without match", GOOD "need quota\n", "t.rules:1:1: need is only for match: a phrase needs none\n"},
    {"short need", RULE "match user \\d+\nneed us\nwhy w\nexample e\nnear n\n",
     "t.rules:4:6: a need must have at least 3 bytes\n"},
    {"need of 3 bytes", RULE "match user \\d+\nneed use\nwhy w\nexample e\nnear us use\n", ""},
    {"need with a gap", RULE "match user \\d+\nneed user ... x\nwhy w\nexample e\nnear n\n",
     "t.rules:4:6: a need is one literal, without \" ... \"\n"},
    {"need with a star", RULE "match user \\d+\nneed user*\nwhy w\nexample e\nnear n\n",
     "t.rules:4:10: a need is also found inside words: leave out the \"*\"\n"},
    {"cause of another reason", GOOD "cause spam\n", "t.rules:1:1: cause is only for rules with the reason expired\n"},
    {"cause", "rule a\nreason expired\ncause dns-error\nphrase over time\nwhy w\nexample e\nnear time\n", ""},
    {"implies of another reason", GOOD "implies mail-client\n",
     "t.rules:1:1: implies mail-client is only for rules with the reason network-error\n"},
    {"implies recipient-limit",
     "rule a\nreason rate-limited\nimplies recipient-limit\nphrase over rate\nwhy w\nexample e\nnear rate\n", ""},
    {"implies mail-client",
     "rule a\nreason network-error\nimplies mail-client\nphrase no socket\nwhy w\nexample e\nnear socket\n", ""},
    {"unknown implies",
     "rule a\nreason network-error\nimplies mail-cleint\nphrase no socket\nwhy w\nexample e\nnear socket\n",
     "t.rules:3:9: unknown word \"mail-cleint\": a rule implies recipient-limit or mail-client, did you mean "
     "\"mail-client\"?\n"},
    {"tag of two words", GOOD "tag a b\n", "t.rules:7:6: a tag is one word\n"},
    {"near without a word", RULE "phrase over quota\nwhy w\nexample e\nnear qouta\n",
     "t.rules:6:1: a near with no word of the rule's phrases and needs tests nothing\n"},
    {"near without a member of a class",
     "format 2\nwords full\nword stuffed | brimming\nrule a\nreason spam\nphrase {full}\nwhy w\nexample e\nnear empty\n",
     "t.rules:9:1: a near with no word of the rule's phrases and needs tests nothing\n"},
    {"near with a member of a class inside another",
     "format 2\nwords full\nword {more}\nwords more\nword stuffed | brimming\nrule a\nreason spam\nphrase {full}\nwhy w\n"
     "example e\nnear a stuffed bear\n",
     ""},
    {"near with a word of a need", RULE "match (?:no|any) user\nneed user\nwhy w\nexample e\nnear USER x\n", ""},
    {"short phrase", RULE "phrase ab\nwhy w\nexample e\nnear n\n",
     "t.rules:3:8: a phrase needs a part of at least 3 bytes\n"},
    {"short parts", RULE "phrase ab ... cd\nwhy w\nexample e\nnear n\n",
     "t.rules:3:8: a phrase needs a part of at least 3 bytes\n"},
    {"one part is long enough", RULE "phrase ab ... cde\nwhy w\nexample e\nnear cde\n", ""},
    {"star in the middle", RULE "phrase exceed* ... quota\nwhy w\nexample e\nnear quota\n",
     "t.rules:3:14: a \"*\" is allowed only at the end of the phrase\n"},
    {"regex as phrase", RULE "phrase /over quota/\nwhy w\nexample e\nnear n\n",
     "t.rules:3:8: a phrase is plain words; a regular expression goes into \"match\"\n"},
    {"match in slashes", RULE "match /over quota/\nneed quota\nwhy w\nexample e\nnear quota\n",
     "t.rules:3:7: \"match\" takes a regular expression without slashes around it\n"},
    {"empty regex", GOOD "unless //\n", "t.rules:7:8: the regular expression is empty\n"},
    {"broken regex", GOOD "unless /over [a-/\n", "t.rules:7:17: missing terminating ] for character class\n"},
    {"broken regex, column in characters", GOOD "unless /\xc3\xbc ber)/\n",
     "t.rules:7:14: unmatched closing parenthesis\n"},
    {"regex with a verb", GOOD "unless /(*UCP)over/\n",
     "t.rules:7:9: a regular expression must not begin with \"(*\"\n"},
    {"\\C", GOOD "unless /over\\C/\n", "t.rules:7:15: using \\C is disabled by the application\n"},
    {"endless start", GOOD "unless /.*over/\n",
     "t.rules:7:9: an unlimited repeat at the beginning would be tried at every byte: begin with ^, or with \\b and "
     "plain text, or limit it as in {1,30}\n"},
    {"unknown scope", GOOD "scope hots x\n",
     "t.rules:7:7: unknown scope \"hots\": it is one of host software command code "
     "status origin lang, did you mean \"host\"?\n"},
    {"scope without a value", GOOD "scope host\n", "t.rules:7:7: \"scope host\" needs a value\n"},
    {"good scopes",
     GOOD "scope host .Example.NET\nscope code 55x none\nscope status x.7.1 5.x.x none\nscope command rcpt DATA\n"
          "scope origin reply\nscope lang de\nscope software exim\n",
     ""},
    {"bad code", GOOD "scope code 55\n",
     "t.rules:7:12: a code is three digits, the last of which may be x (550, 55x, 5xx), or none\n"},
    {"bad status", GOOD "scope status 5.7\n",
     "t.rules:7:14: a status is three numbers, each of which may be x (5.7.1, x.7.1), or none\n"},
    {"a number of a status is missing", GOOD "scope status 5..1\n",
     "t.rules:7:14: a status is three numbers, each of which may be x (5.7.1, x.7.1), or none\n"},
    {"a number of a status is too long", GOOD "scope status 5.7.1234\n",
     "t.rules:7:14: a status is three numbers, each of which may be x (5.7.1, x.7.1), or none\n"},
    {"four numbers of a status", GOOD "scope status 5.7.1.1\n",
     "t.rules:7:14: a status is three numbers, each of which may be x (5.7.1, x.7.1), or none\n"},
    {"a status of letters", GOOD "scope status 5.y.1\n",
     "t.rules:7:14: a status is three numbers, each of which may be x (5.7.1, x.7.1), or none\n"},
    {"bad command", GOOD "scope command HELO\n",
     "t.rules:7:15: a command is one of EHLO STARTTLS AUTH MAIL RCPT DATA\n"},
    {"bad origin", GOOD "scope origin replay\n",
     "t.rules:7:14: an origin is one of reply diagnostic transcript beside "
     "prose, did you mean \"reply\"?\n"},
    {"bad lang", GOOD "scope lang german\n",
     "t.rules:7:12: a language is a primary tag of two or three letters, such as de\n"},
    {"bad UTF-8", GOOD "why \xc3\xa9\xff\n", "t.rules:7:6: byte 0xff is not UTF-8\n"},
    {"id twice", GOOD GOOD, "t.rules:7:1: \"a\" is the id of another rule (t.rules:1)\n"},
    {"override of nothing", "override x\n",
     "t.rules:1:1: \"x\" is not the id of a rule: there is nothing to override\n"},
    {"override in its own file", GOOD "override a\n", ""},
    {"override twice", GOOD "override a\noverride a\n", "t.rules:8:1: \"a\" is overridden already (t.rules:7)\n"},
    {"override is a whole entry", GOOD "override a\nwhy w\n",
     "t.rules:7:1: the rule has neither phrase nor match\n"
     "t.rules:7:1: the rule has no example: a text that it decides\n"
     "t.rules:7:1: the rule has no near: a text with its words that it must not decide\n"
     "t.rules:7:1: the rule has no reason\n"},
    {"dialect twice in a file", DIALECT DIALECT,
     "t.rules:3:1: \"d\" is the id of another dialect in this file (t.rules:1)\n"},
    {"no know", "dialect d\n", "t.rules:1:1: the dialect has no know: nothing identifies its mails\n"},
    {"also first", "dialect d\nalso body abc\nknow body abc\n", "t.rules:2:1: \"also\" must come after a \"know\"\n"},
    {"bad key", "dialect d\nknow boby x\n",
     "t.rules:2:6: unknown key \"boby\": it is one of subject from type body header "
     "reporting-mta diagnostic fact sign, did you mean \"body\"?\n"},
    {"know without a pattern", "dialect d\nknow body\n", "t.rules:2:1: a pattern is missing\n"},
    {"know header without a name", "dialect d\nknow header\n", "t.rules:2:1: the name of a header field is missing\n"},
    {"know header with an empty name", "dialect d\nknow header : x y\n",
     "t.rules:2:1: the name of a header field is missing\n"},
    {"know header alone", "dialect d\nknow header X-Failed:\n", ""},
    {"kind", DIALECT "kind dsn\n", "t.rules:3:6: a kind is one of ndr auto-reply challenge none\n"},
    {"join", DIALECT "join lines\n", "t.rules:3:6: join is one of indent blank none\n"},
    {"own-words", DIALECT "own-words none\n", ""},
    {"bad own-words", DIALECT "own-words replies\n", "t.rules:3:11: own-words is one of reply none\n"},
    {"action", DIALECT "action complaint\n",
     "t.rules:3:8: an action is one of failed delayed delivered relayed expanded\n"},
    {"decided", DIALECT "decided nobody\n", "t.rules:3:9: decided is remote or reporter\n"},
    {"command", DIALECT "command end of data DATA\n", "t.rules:3:9: the form is \"command PHRASE = CMD\"\n"},
    {"regex as phrase of a command", DIALECT "command /end of data/ = DATA\n",
     "t.rules:3:9: this must be a phrase, not a regular expression\n"},
    {"good lists",
     DIALECT "command end = of data = DATA\naction delayed /still trying/\naction failed\ndecided remote said\n", ""},
    {"block as phrase", DIALECT "block x y z\n", "t.rules:3:7: this must be a regular expression between slashes\n"},
    {"line without a capture", DIALECT "line /^said: (.*)/\n",
     "t.rules:3:6: a line without a named capture reads nothing\n"},
    {"unknown capture", DIALECT "line /^said: (?<diag>.*)/\n",
     "t.rules:3:7: unknown capture \"diag\": the names are address original action status reply_code command "
     "remote_mta "
     "diagnostic last_attempt\n"},
    {"good words", WORDS "# more\nwords contact\nword  ask\t us\nwords turn-to\nword see\n", ""},
    {"unknown list", "words contcat\nword see\n",
     "t.rules:1:7: unknown list of words \"contcat\", did you mean \"contact\"?\n"},
    {"unknown list, far off", "words bananas\nword see\nword see\n",
     "t.rules:1:7: unknown list of words \"bananas\"\n"},
    {"two lists", "words contact turn-to\nword see\n", "t.rules:1:7: unknown list of words \"contact turn-to\"\n"},
    {"list without a name", "words\nword see\n", "t.rules:1:1: the name of the list is missing\n"},
    {"empty list", WORDS "words turn-to\n# word see\nwords footer\nword x\n", "t.rules:3:1: the list has no word\n"},
    {"word without a value", WORDS "word\n", "t.rules:3:1: \"word\" needs a value\n"},
    {"word twice", WORDS "word say\n  word  SEE\n",
     "t.rules:4:9: \"SEE\" is in the list \"contact\" already (t.rules:2)\n"},
    {"word twice, in two entries", WORDS "words turn-to\nword see\nwords contact\nword see\n",
     "t.rules:6:6: \"see\" is in the list \"contact\" already (t.rules:2)\n"},
    {"word twice, but for white space", WORDS "word ask us\nword ask \t us\n",
     "t.rules:4:6: \"ask ? us\" is in the list \"contact\" already (t.rules:3)\n"},
    {"word with another accent", WORDS "word s\xc3\xa9\x65\n", ""},
    {"word twice, but for accents", "words refused\nword refuse\nword refus\xc3\xa9\n",
     "t.rules:3:6: \"refus\xc3\xa9\" is in the list \"refused\" already (t.rules:2)\n"},
    {"regex as word", WORDS "word /see/\n", "t.rules:3:6: a word is plain text, not a regular expression\n"},
    {"word with a gap", WORDS "word see ... us\n", "t.rules:3:9: a word is one text, without \" ... \"\n"},
    {"word with a star", WORDS "word ask*\n", "t.rules:3:9: a word is also found inside others: leave out the \"*\"\n"},
    {"stars", WORDS "word ***\n", ""},
    {"nothing of it can be searched", "words refused\nword \xc2\xad\n",
     "t.rules:2:6: nothing of this word can be searched\n"},
    {"unknown keyword of words", WORDS "wrod ask\n", "t.rules:3:1: unknown keyword \"wrod\", did you mean \"word\"?\n"},
    {"of a rule, in words", WORDS "phrase ask us\n",
     "t.rules:3:1: \"phrase\" is a keyword of rules, and this entry is a list of words\n"},
    {"of a dialect, in words", WORDS "know body ask us\n",
     "t.rules:3:1: \"know\" is a keyword of dialects, and this entry is a list of words\n"},
    {"of words, in a rule", GOOD "word ask\n",
     "t.rules:7:1: \"word\" is a keyword of lists of words, and this entry is a rule\n"},
    {"several, in order", "phrase x\n" RULE "phrase ab\ntier 9\nwhy w\nexample e\n",
     "t.rules:1:1: \"phrase\" comes before the first rule, override, dialect, words or sign\n"
     "t.rules:2:1: the rule has no near: a text with its words that it must not decide\n"
     "t.rules:4:8: a phrase needs a part of at least 3 bytes\n"
     "t.rules:5:6: a tier is 1 (documented token), 2 (known host or software), 3 (definite wording) or 5 (vague "
     "wording)\n"},
};

Test(file, every_fault_has_its_place)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const char *errors = errors_of(faults[i].text);
        cr_expect_str_eq(errors, faults[i].errors, "%s:\n%s", faults[i].name, errors);
    }
}

Test(file, errors_come_in_the_order_of_files)
{
    static const struct rule_text files[] = {{"b.rules", GOOD}, {"a.rules", GOOD "tier x\n"}, {"dir/c.rules", "x\n"}};
    struct found_errors found = {0};
    bounce_rules *rules;
    bounce_error error;
    bounce_status status = ruleset_from_texts(&no_layer, files, 3, note_error, &found, &rules, &error);
    cr_assert_eq(status, BOUNCE_ERROR_RULES);
    cr_assert_null(rules);
    cr_expect_str_eq(
        found.text,
        "a.rules:1:1: \"a\" is the id of another rule (b.rules:1)\n"
        "a.rules:7:6: a tier is 1 (documented token), 2 (known host or software), 3 (definite wording) or 5 "
        "(vague wording)\n"
        "dir/c.rules:1:1: \"x\" comes before the first rule, override, dialect, words or sign\n");
    cr_expect_str_eq(error.message, "a.rules: \"a\" is the id of another rule (b.rules:1)");
    cr_expect_eq(error.line, 1u);
}

Test(file, long_messages_are_cut_between_characters)
{
    char message[400] = "";
    struct rule_error where = {.status = BOUNCE_ERROR_RULES, .line = 7, .column = 8, .message = message};
    for (size_t n = 0; n < 300; n += 2)
        strcat(message, "\xc3\xa9");
    bounce_error error = rule_error_public(&where);
    cr_expect_eq(strlen(error.message), 254u, "255 would be half a character");
    message[255] = '\0';
    message[254] = 'x';
    error = rule_error_public(&where);
    cr_expect_eq(strlen(error.message), 255u);
    cr_expect(error.status == BOUNCE_ERROR_RULES && error.line == 7 && error.column == 8);
}

/* ----------------------------------------------------------------- limits */

static size_t error_count(const char *path, const char *bytes, size_t length)
{
    struct arena arena;
    struct rule_entries entries;
    arena_init(&arena);
    rule_entries_init(&entries, &arena);
    rule_file_read(&entries, path, span_of(bytes, length));
    size_t count = entries.error_count;
    arena_free(&arena);
    return count;
}

static size_t errors_of_fill(const char *before, const char *after, size_t fill)
{
    size_t n = strlen(before) + fill + strlen(after);
    char *bytes = malloc(n + 1);
    memset(bytes, 'a', n);
    memcpy(bytes, before, strlen(before));
    memcpy(bytes + strlen(before) + fill, after, strlen(after) + 1);
    size_t count = error_count("t", bytes, n);
    free(bytes);
    return count;
}

Test(file, caps)
{
    const char *why = RULE "phrase over quota\nexample e\nnear quota\nwhy ", *unless = GOOD "unless ";
    cr_expect_eq(errors_of_fill(why, "\n", LIMIT_RULE_LINE_BYTES - 4), 0u, "line at the limit");
    cr_expect_eq(errors_of_fill(why, "\n", LIMIT_RULE_LINE_BYTES - 3), 2u,
                 "line one beyond, so the why is missing, too");
    cr_expect_eq(errors_of_fill(unless, "\n", LIMIT_PATTERN_BYTES), 0u, "pattern at the limit");
    cr_expect_eq(errors_of_fill(unless, "\n", LIMIT_PATTERN_BYTES + 1), 1u, "pattern one beyond");
}

Test(file, cap_of_the_file)
{
    char *bytes = malloc(LIMIT_RULE_FILE_BYTES + 1);
    memset(bytes, '\n', LIMIT_RULE_FILE_BYTES + 1);
    cr_expect_eq(error_count("t", bytes, LIMIT_RULE_FILE_BYTES), 0u, "file at the limit");
    cr_expect_eq(error_count("t", bytes, LIMIT_RULE_FILE_BYTES + 1), 1u, "file one beyond");
    memset(bytes, 'x', 1);
    cr_expect_eq(error_count("t", bytes, LIMIT_RULE_FILE_BYTES), 1u, "its first line is read");
    free(bytes);
}

static size_t errors_of_repeated(const char *before, const char *unit, size_t times, const char *after)
{
    struct arena arena;
    struct strbuf text;
    arena_init(&arena);
    strbuf_init(&text, &arena);
    strbuf_puts(&text, before);
    for (size_t i = 0; i < times; i++)
        strbuf_puts(&text, unit);
    strbuf_puts(&text, after);
    size_t count = error_count("t", text.s, text.n);
    arena_free(&arena);
    return count;
}

Test(file, caps_of_counts)
{
    cr_expect_eq(errors_of_repeated(GOOD "unless /over", "(a)", LIMIT_REGEX_GROUPS, "/\n"), 0u);
    cr_expect_eq(errors_of_repeated(GOOD "unless /over", "(a)", LIMIT_REGEX_GROUPS + 1, "/\n"), 1u);
    cr_expect_eq(errors_of_repeated(GOOD "unless over", " ... abc", LIMIT_PHRASE_SEGMENTS - 1, "\n"), 0u);
    cr_expect_eq(errors_of_repeated(GOOD "unless over", " ... abc", LIMIT_PHRASE_SEGMENTS, "\n"), 1u);
    cr_expect_eq(errors_of_repeated("", "x\n", LIMIT_RULE_ERRORS, ""), (size_t)LIMIT_RULE_ERRORS);
    cr_expect_eq(errors_of_repeated("", "x\n", LIMIT_RULE_ERRORS + 1, ""), (size_t)LIMIT_RULE_ERRORS);
}

Test(file, cap_of_listed_words)
{
    struct arena arena;
    struct strbuf text;
    arena_init(&arena);
    strbuf_init(&text, &arena);
    strbuf_puts(&text, "words contact\n");
    for (size_t i = 0; i < LIMIT_LISTED_WORDS; i++)
        strbuf_puts(&text, arena_printf(&arena, "word w%zu\n", i));
    cr_expect_eq(error_count("t", text.s, text.n), 0u, "words at the limit");
    strbuf_puts(&text, "words turn-to\nword other list\n");
    cr_expect_eq(error_count("t", text.s, text.n), 0u, "each list has its own limit");
    strbuf_puts(&text, "words contact\nword one more\n");
    cr_expect_eq(error_count("t", text.s, text.n), 1u, "one beyond");
    arena_free(&arena);
}

Test(file, a_nul_byte_is_refused)
{
    cr_expect_eq(error_count("t", "# a\0b\n", 6), 1u);
}
