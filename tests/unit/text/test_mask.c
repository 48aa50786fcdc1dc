/* SPDX-License-Identifier: MIT */
/* test_mask.c - which parts of a text somebody typed, and the text without them. */
#include "text/mask.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *in, *face; /* face NULL: nothing is masked */
} rows[] = {
    /* addresses */
    {"in brackets", "550 <user.unknown@example.net>: full", "550 <xxxx.xxxxxxx@xxxxxxx.xxx>: full"},
    {"bare", "550 user.unknown@example.net full", "550 xxxx.xxxxxxx@xxxxxxx.xxx full"},
    {"in a list", "a1@b2.test,c@d.test; e@f", "xx@xx.xxxx,x@x.xxxx; x@x"},
    {"quoted local part", "to \"mailbox full\"@example.net: no", "to \"xxxxxxx xxxx\"@xxxxxxx.xxx: no"},
    {"a quote that is not closed", "is full\"@example.net", "is full\"@xxxxxxx.xxx"},
    {"all characters of an atom", "<a+b=c/d!e#f@example.net>", "<x+x=x/x!x#x@xxxxxxx.xxx>"},
    {"no local part", "at @full.example: unknown", "at @xxxx.xxxxxxx: unknown"},
    {"no domain", "unknown@ example, unknown@", NULL},
    {"route", "<@relay.test,@b.test:full@c.test>", "<@xxxxx.xxxx,@x.xxxx:xxxx@x.xxxx>"},
    {"two signs", "full@a.test@relay.test", "xxxx@x.xxxx@xxxxx.xxxx"},
    {"a local part like a host", "user unknown: mx.full.example+a@b.test", "user unknown: xx.xxxx.xxxxxxx+x@x.xxxx"},
    {"a host of one label", "root@mailhub unknown", "xxxx@xxxxxxx unknown"},
    {"IPv4 as the domain", "joe@[192.0.2.1] unknown", "xxx@[xxx.x.x.x] unknown"},
    {"IPv6 as the domain", "joe@[IPv6:2001:db8::bad] full", "xxx@[xxxx:xxxx:xxx::xxx] full"},
    {"an address with a prefix", "rfc822;full@example.net mailto:full@example.net",
     "rfc822;xxxx@xxxxxxx.xxx mailto:xxxx@xxxxxxx.xxx"},
    {"a sentence after it", "full@example.net.Please try later.", "xxxx@xxxxxxx.xxx.Please try later."},
    {"a full stop after it", "no full@example.net. Try later", "no xxxx@xxxxxxx.xxx. Try later"},
    {"capitals", "FULL@EXAMPLE.NET", "xxxx@xxxxxxx.xxx"},
    {"international", "<jörg.voll@bücher.example> voll", "<xxxxx.xxxx@xxxxxxx.xxxxxxx> voll"},
    {"punycode", "no full@xn--bcher-kva.example here", "no xxxx@xx--xxxxx-xxx.xxxxxxx here"},
    {"Cyrillic", "почта@пример.рф полон", "xxxxxxxxxx@xxxxxxxxxxxx.xxxx полон"},
    {"Japanese around it", "宛先joe@example.netは不明です", "宛先xxx@xxxxxxx.xxxは不明です"},
    {"a Korean particle", "joe@example.net님의 사서함", "xxx@xxxxxxx.xxx님의 사서함"},
    {"Chinese itself", "用户@例子.example 不存在", "xxxxxx@xxxxxx.xxxxxxx 不存在"},
    /* URLs */
    {"URL", "see http://example.net/mailbox/full?user=unknown now",
     "see xxxx://xxxxxxx.xxx/xxxxxxx/xxxx?xxxx=xxxxxxx now"},
    {"in parentheses", "(see https://a.test/full) full", "(see xxxxx://x.xxxx/xxxx) full"},
    {"with parentheses", "https://a.test/f(ull).", "xxxxx://x.xxxx/x(xxx)."},
    {"of one label", "http://full/ full", "xxxx://xxxx/ full"},
    {"no scheme", "//full.example/x and//or", "//xxxx.xxxxxxx/x and//or"},
    {"www", "www.full.example, www.full/quota", "xxx.xxxx.xxxxxxx, xxx.xxxx/xxxxx"},
    {"a path after a host", "support.google.com/mail/?p=NoSuchUser a12", "xxxxxxx.xxxxxx.xxx/xxxx/?x=xxxxxxxxxx a12"},
    {"comments and dates", "// full, 1//2, http:// full, and/or", NULL},
    /* hosts */
    {"three labels", "mx.full.example said unknown", "xx.xxxx.xxxxxxx said unknown"},
    {"a country", "mx.full.de: unknown", "xx.xxxx.xx: unknown"},
    {"a zone with an address", "4.3.2.1.zen.spamhaus.org lists it", "x.x.x.x.xxx.xxxxxxxx.xxx lists it"},
    {"a sentence after a host", "by mx.example.net.Please wait", "by xx.xxxxxxx.xxx.Please wait"},
    {"Japanese after a host", "mx.example.net.ユーザー", "xx.xxxxxxx.xxx.ユーザー"},
    {"dots", "full..mx.full.example...full", "full..xx.xxxx.xxxxxxx...full"},
    {"two labels", "example.net unknown.Please contact", NULL},
    {"sentences", "Mailbox full.Try later, user unknown.Please.Contact.us, a.b.Is.it", NULL},
    {"a sentence that looks like a host", "Please.Contact.us", "xxxxxx.xxxxxxx.xx"},
    {"capitals of hosts", "Mx.Full.Example, www.Full.example, x@y.Full", "xx.xxxx.xxxxxxx, xxx.xxxx.xxxxxxx, x@x.xxxx"},
    {"tokens of Exchange", "RESOLVER.ADR.RecipientNotFound; STOREDRV.Deliver.Exception:Quota.Full", NULL},
    {"more of them", "RESOLVER.RST.SendSizeLimit.Org, RESOLVER.RST.RecipSizeLimit", NULL},
    {"codes", "550 5.1.1 user, 4.2.2", NULL},
    {"numbers before a country", "version 3.2.to", NULL},
    {"IP addresses", "[192.0.2.1] 192.0.2.1 2001:db8::bad", NULL},
    {"file names", "in report.final.pdf and /etc/full.cf", "in xxxxxx.xxxxx.xxx and /etc/full.cf"},
    {"class names", "java.net.ConnectException: full", NULL},
    {"nothing", "User unknown", NULL},
    {"empty", "", NULL},
    {"signs alone", ". @ / // www. @. .@ ...", NULL},
};

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(text_mask, .init = set_up, .fini = tear_down);

static struct norm_text text;

static struct masked_text mask(const char *in, const struct mask_facts *facts)
{
    struct masked_text masked;
    text_normalise(&arena, span_z(in), SIZE_MAX, &text);
    text_mask(&arena, &text, facts, &masked);
    masked_face(&arena, &masked);
    return masked;
}

/* What must be true of every masked text. */
static void check_promises(const struct masked_text *m)
{
    cr_assert_eq(m->face == &text, m->count == 0);
    cr_assert_eq(m->face->length, text.length);
    cr_assert_eq(m->face->folded_length, text.folded_length);
    cr_assert_eq(m->face->map, text.map);
    size_t last = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct mask_span *s = &m->spans[i];
        cr_assert(s->start >= last + (i > 0) && s->end > s->start && s->end <= text.length);
        cr_assert_eq(memcmp(text.text + last, m->face->text + last, s->start - last), 0);
        last = s->end;
    }
    cr_assert_str_eq(text.text + last, m->face->text + last);
}

Test(text_mask, table)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct masked_text m = mask(rows[i].in, NULL), again;
        const char *face = rows[i].face ? rows[i].face : rows[i].in;
        check_promises(&m);
        cr_expect_str_eq(m.face->text, face, "%s: \"%s\"", rows[i].name, m.face->text);
        cr_expect_eq(m.count == 0, rows[i].face == NULL, "%s", rows[i].name);
        text_mask(&arena, m.face, NULL, &again);
        masked_face(&arena, &again);
        cr_expect_str_eq(again.face->text, face, "%s: masked twice: \"%s\"", rows[i].name, again.face->text);
    }
}

Test(text_mask, folded_form)
{
    struct masked_text m = mask("Müßig: <MÜßIG@Große.example>, Größe", NULL);
    cr_expect_str_eq(m.face->text, "Müßig: <xxxxxxx@xxxxxx.xxxxxxx>, Größe");
    cr_expect_str_eq(m.face->folded, "mussig: <xxxxxx@xxxxxx.xxxxxxx>, grosse");
    cr_assert_eq(m.count, 1);
    cr_expect_eq(strncmp(text.text + m.spans[0].start, "MÜ", 3), 0);
    cr_expect_eq(strncmp(text.folded + m.spans[0].folded_start, "mussig@", 7), 0);
    cr_expect_eq(strncmp(text.folded + m.spans[0].folded_end, ">, gr", 5), 0);
    check_promises(&m);
}

Test(text_mask, known_hosts)
{
    static const struct span hosts[] = {SPAN("full.test"), SPAN("Unknown.Invalid"), SPAN("single"), SPAN("")};
    static const struct mask_facts facts = {.hosts = hosts, .host_count = 4};
    static const struct {
        const char *in, *face;
    } known[] = {
        {"by full.test: full", "by xxxx.xxxx: full"},
        {"by FULL.TEST, unknown.invalid", "by xxxx.xxxx, xxxxxxx.xxxxxxx"},
        {"by mx.unknown.invalid.", "by xx.xxxxxxx.xxxxxxx."},
        {"by unknown.invalid.later", "by xxxxxxx.xxxxxxx.later"},
        {"by notunknown.invalid", "by notunknown.invalid"},
        {"a single label", "a single label"},
        {"in.full.test/quota x", "xx.xxxx.xxxx/xxxxx x"},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        struct masked_text m = mask(known[i].in, &facts);
        check_promises(&m);
        cr_expect_str_eq(m.face->text, known[i].face, "%s: \"%s\"", known[i].in, m.face->text);
    }
}

Test(text_mask, known_phrases)
{
    static const struct span phrases[] = {SPAN("User unknown?"), SPAN("Blocked"),  SPAN("full.pdf"),
                                          SPAN("full"),          SPAN("再会の件"), SPAN("Joe Full")};
    static const struct mask_facts facts = {.phrases = phrases, .phrase_count = COUNT(phrases)};
    static const struct {
        const char *in, *face;
    } known[] = {
        {"Subject: User unknown? (full)", "Subject: xxxx xxxxxxx? (full)"},
        {"user unknown? Superuser unknown?", "user unknown? Superuser unknown?"},
        {"User unknown? User unknown?", "xxxx xxxxxxx? xxxx xxxxxxx?"},
        {"Blocked for spam", "Blocked for spam"},
        {"\"Blocked\" <b@a.test>, 'Blocked'", "\"xxxxxxx\" <x@x.xxxx>, 'xxxxxxx'"},
        {"To: Blocked <b@a.test>", "To: xxxxxxx <x@x.xxxx>"},
        {"full.pdf is full, _full.pdf", "xxxx.xxx is full, _xxxx.xxx"},
        {"\"再会の件\" 再会の件", "\"xxxxxxxxxxxx\" 再会の件"},
        {"Joe Full: full <joe.full@a.test>", "xxx xxxx: full <xxx.xxxx@x.xxxx>"},
        {"Joe Full@a.test", "xxx xxxx@x.xxxx"},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        struct masked_text m = mask(known[i].in, &facts);
        check_promises(&m);
        cr_expect_str_eq(m.face->text, known[i].face, "%s: \"%s\"", known[i].in, m.face->text);
    }
}

/* No text of any form takes more than a few steps per byte. */
Test(text_mask, hostile_texts_are_linear)
{
    static const char *const parts[] = {"a.", "a@", "@",       "//", "a//",  ".",      "a.com.Aa.", "a)",
                                        "\"", "-",  "http://", "..", "\"@a", "a@b.c.", "www.",      "é."};
    static const char *const ends[] = {"", "@", "@b.cc", ">", "\"", "/"};
    enum { TIMES = 20000 };
    for (size_t i = 0; i < COUNT(parts) * COUNT(ends); i++) {
        struct strbuf b;
        strbuf_init(&b, &arena);
        for (size_t k = 0; k < TIMES; k++)
            strbuf_puts(&b, parts[i / COUNT(ends)]);
        strbuf_puts(&b, ends[i % COUNT(ends)]);
        struct masked_text m = mask(b.s, NULL);
        check_promises(&m);
        arena_reset(&arena);
    }
}
