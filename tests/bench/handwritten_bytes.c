/* SPDX-License-Identifier: MIT */
/*
 * handwritten_bytes.c - searching, comparing, remembering, and walking folders:
 * ours compared with the C library's, GLib's and Hyperscan's.
 */
#include "base/literals.h"
#include "handwritten.h"
#include "mail/address_index.h"
#include "mailbox/mailbox.h"
#include "match/ruleset.h"

#include <fcntl.h>
#include <fts.h>
#include <glib.h>
#include <strings.h>
#include <unistd.h>
#ifdef HAVE_HYPERSCAN
#include <hs.h>
#endif

/* ----------------------------------------------------------------- searching */

static struct span show_place(struct arena *a, const struct input *in, const char *found, bool shown)
{
    if (!shown)
        return span_of(found, found != NULL);
    return span_z(arena_printf(a, "%td", found ? found - in->bytes.s : -1));
}

/* A word that is in most reports, near the end. */
static struct span ours_word(struct arena *a, const struct input *in, bool shown)
{
    return show_place(a, in, span_find_nocase(in->bytes, "diagnostic-code"), shown);
}

static struct span theirs_word(struct arena *a, const struct input *in, bool shown)
{
    return show_place(a, in, strcasestr(in->bytes.s, "diagnostic-code"), shown);
}

static const char *differ_word(struct arena *a, const struct input *in, struct span ours, struct span theirs)
{
    (void)a, (void)ours, (void)theirs;
    return memchr(in->bytes.s, '\0', in->bytes.n) ? "ours: strcasestr() ends at a NUL" : "unexplained";
}

static struct span ours_bytes(struct arena *a, const struct input *in, bool shown)
{
    return show_place(a, in, span_find(in->bytes, "\n--"), shown);
}

static struct span theirs_bytes(struct arena *a, const struct input *in, bool shown)
{
    return show_place(a, in, memmem(in->bytes.s, in->bytes.n, "\n--", 3), shown);
}

/* A value compared with names of charsets: most differ at once, as usual. */
static const struct span names[] = {SPAN("us-ascii"),    SPAN("utf-8"),     SPAN("iso-8859-1"), SPAN("windows-1252"),
                                    SPAN("iso-2022-jp"), SPAN("shift_jis"), SPAN("gb2312"),     SPAN("koi8-r")};

static struct span ours_equal(struct arena *a, const struct input *in, bool shown)
{
    int found = -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_same_nocase(in->bytes, names[i]))
            found = (int)i;
    return shown ? span_z(arena_printf(a, "%d", found)) : span_of(NULL, (size_t)found);
}

static struct span theirs_equal(struct arena *a, const struct input *in, bool shown)
{
    int found = -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (g_ascii_strcasecmp(in->bytes.s, names[i].s) == 0)
            found = (int)i;
    return shown ? span_z(arena_printf(a, "%d", found)) : span_of(NULL, (size_t)found);
}

/* ------------------------------------------------------- literals of all rules */

struct hits {
    unsigned char *seen; /* one for each literal */
    size_t count;
};

static void take_hits(void *data, const struct literal_hit *hits, size_t count)
{
    struct hits *h = data;
    h->count += count;
    for (size_t i = 0; h->seen && i < count; i++)
        h->seen[hits[i].literal] = 1;
}

static struct span show_hits(struct arena *a, const struct literals *l, const struct hits *h)
{
    struct strbuf out;
    strbuf_init(&out, a);
    for (size_t i = 0; h->seen && i < l->count; i++)
        if (h->seen[i])
            strbuf_puts(&out, arena_printf(a, "%s|", l->texts + l->items[i].text));
    return span_of(out.s, h->seen ? out.n : h->count);
}

static struct span ours_literals(struct arena *a, const struct input *in, bool shown)
{
    const struct literals *l = bounce_builtin_layer.literals;
    struct hits hits = {shown ? arena_calloc(a, l->count, 1) : NULL, 0};
    literals_scan(l, in->bytes.s, in->bytes.n, take_hits, &hits);
    return show_hits(a, l, &hits);
}

#ifdef HAVE_HYPERSCAN
static hs_database_t *database;
static hs_scratch_t *scratch;

static void prepare_literals(const struct inputs *inputs)
{
    (void)inputs;
    const struct literals *l = bounce_builtin_layer.literals;
    const char **texts = g_new(const char *, l->count);
    unsigned *flags = g_new0(unsigned, l->count), *ids = g_new(unsigned, l->count);
    size_t *lengths = g_new(size_t, l->count);
    hs_compile_error_t *error;
    for (unsigned i = 0; i < l->count; i++)
        texts[i] = l->texts + l->items[i].text, lengths[i] = l->items[i].length, ids[i] = i;
    hs_compile_lit_multi(texts, flags, ids, lengths, l->count, HS_MODE_BLOCK, NULL, &database, &error);
    g_free(texts);
    g_free(flags);
    g_free(ids);
    g_free(lengths);
    hs_alloc_scratch(database, &scratch);
}

static int take_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *data)
{
    (void)from, (void)to, (void)flags;
    take_hits(data, &(struct literal_hit){.literal = id}, 1);
    return 0;
}

static struct span theirs_literals(struct arena *a, const struct input *in, bool shown)
{
    const struct literals *l = bounce_builtin_layer.literals;
    struct hits hits = {shown ? arena_calloc(a, l->count, 1) : NULL, 0};
    hs_scan(database, in->bytes.s, (unsigned)in->bytes.n, 0, scratch, take_match, &hits);
    return show_hits(a, l, &hits);
}
#else
#define theirs_literals NULL
#define prepare_literals NULL
#endif

/* --------------------------------------------------------- numbers by address */

static struct span ours_index(struct arena *a, const struct input *in, bool shown)
{
    struct address_index index;
    struct strbuf out;
    struct span rest = in->bytes, line;
    address_index_init(&index, a);
    strbuf_init(&out, a);
    for (size_t i = 0, number; span_next_line(&rest, &line); i++) {
        number = *address_index_at(&index, line, i);
        if (shown)
            strbuf_puts(&out, arena_printf(a, "%zu ", number));
    }
    return span_of(out.s, out.n);
}

static struct span theirs_index(struct arena *a, const struct input *in, bool shown)
{
    GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct strbuf out;
    struct span rest = in->bytes, line;
    strbuf_init(&out, a);
    for (size_t i = 0; span_next_line(&rest, &line); i++) {
        char *key = g_ascii_strdown(line.s, (gssize)line.n);
        gpointer number = g_hash_table_lookup(index, key);
        if (number)
            g_free(key);
        else
            g_hash_table_insert(index, key, number = GSIZE_TO_POINTER(i + 1));
        if (shown)
            strbuf_puts(&out, arena_printf(a, "%zu ", GPOINTER_TO_SIZE(number) - 1));
    }
    g_hash_table_destroy(index);
    return span_of(out.s, out.n);
}

/* -------------------------------------------------------------------- memory */

enum { MOST_COPIES = 4096 };

/* Copies the lines of a header, one by one, and frees them. */
static struct span ours_memory(struct arena *a, const struct input *in, bool shown)
{
    (void)shown;
    struct span rest = in->bytes, line;
    while (span_next_line(&rest, &line))
        arena_strndup(a, line.s, line.n);
    return span_of(NULL, 0);
}

static struct span theirs_memory(struct arena *a, const struct input *in, bool shown)
{
    (void)a, (void)shown;
    char *copies[MOST_COPIES];
    size_t count = 0;
    struct span rest = in->bytes, line;
    while (count < MOST_COPIES && span_next_line(&rest, &line))
        copies[count++] = g_strndup(line.s, line.n);
    while (count)
        g_free(copies[--count]);
    return span_of(NULL, 0);
}

/* ------------------------------------------------------------------- folders */

static struct span ours_folder(struct arena *a, const struct input *in, bool shown)
{
    struct strbuf out;
    const char *path;
    int fd, error;
    struct folder *folder = folder_new(in->bytes.s, false);
    strbuf_init(&out, a);
    while (folder_next(folder, &path, &fd, &error) == BOUNCE_OK) {
        close(fd);
        if (shown)
            strbuf_puts(&out, arena_printf(a, "%s\n", path));
    }
    folder_free(folder);
    return span_of(out.s, out.n);
}

static int compare_entries(const FTSENT **x, const FTSENT **y)
{
    return strcmp((*x)->fts_name, (*y)->fts_name);
}

static struct span theirs_folder(struct arena *a, const struct input *in, bool shown)
{
    struct strbuf out;
    char *const paths[] = {(char *)(uintptr_t)in->bytes.s, NULL};
    FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, compare_entries);
    strbuf_init(&out, a);
    for (FTSENT *e; (e = fts_read(walk));) {
        if (e->fts_level > 0 && e->fts_name[0] == '.')
            fts_set(walk, e, FTS_SKIP);
        else if (e->fts_info == FTS_F) {
            close(open(e->fts_accpath, O_RDONLY | O_CLOEXEC));
            if (shown)
                strbuf_puts(&out, arena_printf(a, "%s\n", e->fts_path));
        }
    }
    fts_close(walk);
    return span_of(out.s, out.n);
}

static const struct pair pairs[] = {
    {"a word, in any case", "span_find_word", "strcasestr", INPUT_TEXT, SIDES(ours_word, theirs_word), differ_word,
     NULL},
    {"bytes", "span_find_bytes", "memmem", INPUT_MAIL, SIDES(ours_bytes, theirs_bytes), NULL, NULL},
    {"equal, in any case", "bytes_equal_nocase", "g_ascii_strcasecmp", INPUT_CHARSET, SIDES(ours_equal, theirs_equal),
     NULL, NULL},
    {"literals of all rules", "literals_scan", "hs_scan", INPUT_FOLDED, SIDES(ours_literals, theirs_literals), NULL,
     prepare_literals},
    {"numbers of addresses", "address_index_at", "GHashTable", INPUT_ADDRESSES, SIDES(ours_index, theirs_index), NULL,
     NULL},
    {"memory for copies", "arena_strndup", "g_strndup, g_free", INPUT_HEADER, SIDES(ours_memory, theirs_memory), NULL,
     NULL},
    {"folders", "folder_next", "fts_read", INPUT_FOLDER, SIDES(ours_folder, theirs_folder), NULL, NULL},
};
const struct pairs byte_pairs = {pairs, sizeof pairs / sizeof *pairs};
