/* SPDX-License-Identifier: MIT */
/*
 * fuzz_folder.c - any bytes as a tree of files, folders and links, read as a Maildir or folder.
 *
 * Each regular file appears once, in byte order, however often the tree is read; its shards together are the whole, and
 * reading can continue from any position.
 */
#include "forms.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char root[] = "/tmp/fuzz-folder-XXXXXX", outside[sizeof root + 8];

enum { MOST_ENTRIES = 24, MOST_VIEWS = 64 };

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *place)
{
    (void)s, (void)type;
    return place->level ? remove(path) : 0;
}

static void leave(void)
{
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    rmdir(root);
    unlink(outside);
}

static void write_file(const char *path, struct span bytes)
{
    FILE *file = fopen(path, "wbx");
    if (!file)
        return;
    if (bytes.n)
        MUST(fwrite(bytes.s, 1, bytes.n, file) == bytes.n);
    fclose(file);
}

static void start(void)
{
    MUST(mkdtemp(root));
    snprintf(outside, sizeof outside, "%s.out", root);
    write_file(outside, (struct span)SPAN("Subject: outside\n\nsecret\n"));
    atexit(leave);
}

/* A name of one level; never one that leads out of the tree. */
static const char *take_name(struct span *rest)
{
    static const char *const known[] = {"new", "cur", "tmp", ".hidden", "a", "b", "sub", "1.mail"};
    if (!rest->n)
        return "x";
    const unsigned char c = (unsigned char)rest->s[0];
    *rest = span_of(rest->s + 1, rest->n - 1);
    if (c < 192)
        return known[c % COUNT(known)];
    char *name = fuzz_take_string(&arena, rest);
    for (char *p = name; *p; p++)
        *p = *p == '/' ? '_' : *p;
    return *name && strlen(name) < 200 && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 ? name : "y";
}

static void make_entry(struct span *rest)
{
    const unsigned char choice = (unsigned char)rest->s[0];
    *rest = span_of(rest->s + 1, rest->n - 1);
    char *path = root;
    for (int depth = choice >> 6; depth; depth--)
        path = arena_printf(&arena, "%s/%s", path, take_name(rest));
    path = arena_printf(&arena, "%s/%s", path, take_name(rest));
    switch (choice & 7) {
    case 0:
    case 1: mkdir(path, 0700); break;
    case 2: (void)!symlink(choice & 8 ? outside : "sub", path); break;
    case 3: mkfifo(path, 0600); break;
    default: {
        size_t n = rest->n < 40 ? rest->n : 40;
        write_file(path, span_of(rest->s, n));
    }
    }
}

struct seen {
    char *path;
    uint64_t length, file;
};

static size_t read_views(bounce_mailbox *mailbox, struct seen *seen, size_t count)
{
    bounce_view view;
    bounce_position position;
    bounce_error error;
    for (bounce_status status; (status = bounce_mailbox_next(mailbox, &view, &error)) != BOUNCE_END;) {
        if (status != BOUNCE_OK) {
            MUST(status == BOUNCE_ERROR_IO && error.message[0]);
            fuzz_check_string(error.message);
            continue;
        }
        MUST(count < MOST_VIEWS && view.path && strncmp(view.path, root, sizeof root - 1) == 0);
        bounce_mailbox_position(mailbox, &position);
        seen[count++] = (struct seen){arena_strdup(&arena, view.path), view.true_length, position.file};
    }
    bounce_mailbox_close(mailbox);
    return count;
}

static bounce_mailbox *open_root(bounce_format format)
{
    bounce_mailbox *mailbox = NULL;
    bounce_error error;
    MUST(bounce_mailbox_open(root, format, 0, &mailbox, &error) == BOUNCE_OK || error.message[0]);
    return mailbox;
}

static void must_be_same(const struct seen *a, const struct seen *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        MUST(!strcmp(a[i].path, b[i].path) && a[i].length == b[i].length);
}

static void read_tree(bounce_format format, uint32_t shards)
{
    struct seen all[MOST_VIEWS], other[MOST_VIEWS];
    bounce_mailbox *mailbox = open_root(format);
    if (!mailbox)
        return;
    const size_t n = read_views(mailbox, all, 0);
    size_t parts = 0;
    for (uint32_t i = 0; i < shards; i++) {
        mailbox = open_root(format);
        MUST(bounce_mailbox_set_shard(mailbox, i, shards, NULL) == BOUNCE_OK);
        parts = read_views(mailbox, other, parts);
    }
    MUST(parts == n);
    must_be_same(all, other, n);
    if (n) {
        const size_t from = shards % n;
        mailbox = open_root(format);
        const bounce_position start = {.file = all[from].file, .offset = 0, .index = from};
        MUST(bounce_mailbox_set_start(mailbox, &start, NULL) == BOUNCE_OK);
        MUST(read_views(mailbox, other, 0) == n - from);
        must_be_same(all + from, other, n - from);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    if (!started)
        start();
    started = true;
    if (size < 2)
        return 0;
    arena_reset(&arena);
    struct span rest = span_of((const char *)data + 1, size - 1);
    for (size_t i = 0; i < MOST_ENTRIES && rest.n; i++)
        make_entry(&rest);
    read_tree(data[0] & 1   ? BOUNCE_FORMAT_FOLDER
              : data[0] & 2 ? BOUNCE_FORMAT_MAILDIR
                            : BOUNCE_FORMAT_AUTO,
              1 + (data[0] >> 2 & 3));
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
