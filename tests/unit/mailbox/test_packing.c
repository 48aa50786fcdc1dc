/* SPDX-License-Identifier: MIT */
/*
 * test_packing.c - compressed inputs: recognised, unpacked in pieces of any size, and the errors of those that
 * are broken, cut, followed by something else, or need much memory. The inputs are those of the fuzz target.
 */
#define _GNU_SOURCE 1 /* memfd_create() */
#include "mailbox/packing.h"
#include "mailbox_testing.h"

#include "base/limits.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const names[] = {"gzip", "zstd", "xz", "bzip2"};

struct bytes {
    char *s;
    size_t n;
};

static struct bytes load(const char *name, const char *variant)
{
    struct bytes b;
    char *path = g_strdup_printf("%s/fuzz/inputs/packing/%s%s", TEST_DATA_DIR, name, variant);
    cr_assert(g_file_get_contents(path, &b.s, &b.n, NULL), "%s", path);
    g_free(path);
    return b;
}

/* A file with these bytes, positioned at its beginning. */
static int file_of(struct bytes b)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    cr_assert_eq(write(fd, b.s, b.n), (ssize_t)b.n);
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Everything that can be read, and the error at the end, or "". */
static GString *read_all(int fd, size_t room, char *wrong, const char **packing)
{
    GString *all = g_string_new(NULL);
    bounce_input *input;
    bounce_error error = {.message = ""};
    bounce_status status;
    char *piece = g_malloc(room);
    size_t n;
    cr_assert_eq(bounce_input_open_fd(fd, &input, NULL), BOUNCE_OK);
    while ((status = bounce_input_read(input, piece, room, &n, &error)) == BOUNCE_OK)
        g_string_append_len(all, piece, (gssize)n);
    g_strlcpy(wrong, status == BOUNCE_END ? "" : error.message, sizeof error.message);
    *packing = bounce_input_packing(input);
    cr_assert_eq(bounce_input_read(input, piece, room, &n, &error), BOUNCE_END, "once is enough");
    bounce_input_close(input);
    g_free(piece);
    return all;
}

static void check(struct bytes packed, size_t room, struct bytes want, const char *wrong, const char *name)
{
    char got[256];
    const char *packing;
    int fd = file_of(packed);
    GString *all = read_all(fd, room, got, &packing);
    close(fd);
    cr_assert_str_eq(got, wrong, "%s", name);
    cr_assert_str_eq(packing, name);
    cr_assert_eq(all->len, want.n, "%s: %zu", name, all->len);
    cr_assert_arr_eq(all->str, want.s, want.n, "%s", name);
    g_string_free(all, TRUE);
}

Test(packing, whole_inputs_and_members)
{
    struct bytes plain = load("plain", "");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct bytes one = load(names[i], ""), several = load(names[i], "-members");
        for (size_t room = PACKING_FRONT_BYTES; room < 2000; room = room * 3 + 1) {
            check(one, room, plain, "", names[i]);
            check(several, room, plain, "", names[i]);
        }
        g_free(one.s);
        g_free(several.s);
    }
    struct bytes skipped = load("zstd", "-skipped");
    check(skipped, 100, plain, "", "zstd");
    g_free(skipped.s);
    g_free(plain.s);
}

/* Wherever an input ends, everything before that is returned, and the end is reported. */
Test(packing, cut_at_each_byte)
{
    struct bytes plain = load("plain", "");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct bytes whole = load(names[i], "");
        for (size_t n = PACKING_FRONT_BYTES; n < whole.n; n++) {
            char wrong[256];
            const char *packing;
            int fd = file_of((struct bytes){whole.s, n});
            GString *all = read_all(fd, 64, wrong, &packing);
            char *end = g_strdup_printf("%s data end early, at byte %zu; everything before it was read", names[i], n);
            cr_assert_str_eq(wrong, end);
            cr_assert(all->len <= plain.n && memcmp(all->str, plain.s, all->len) == 0, "%s, %zu bytes", names[i], n);
            g_free(end);
            g_string_free(all, TRUE);
            close(fd);
        }
        g_free(whole.s);
    }
    g_free(plain.s);
}

Test(packing, broken_inputs_and_what_follows)
{
    struct bytes plain = load("plain", "");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct bytes broken = load(names[i], "-broken"), behind = load(names[i], "-behind");
        char wrong[256];
        const char *packing;
        int fd = file_of(broken);
        GString *all = read_all(fd, 4096, wrong, &packing);
        char *front = g_strdup_printf("%s data are broken at byte ", names[i]);
        cr_assert(g_str_has_prefix(wrong, front), "%s", wrong);
        g_free(front);
        g_string_free(all, TRUE);
        close(fd);
        front = g_strdup_printf("%s data are followed by something else at byte %zu; everything before it was read",
                                names[i], behind.n - strlen("more"));
        check(behind, 100, plain, front, names[i]);
        g_free(front);
        g_free(broken.s);
        g_free(behind.s);
    }
    g_free(plain.s);
}

/* As a mailbox: the messages before the broken place come first, then the error, then the end. */
Test(packing, mailboxes)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        for (int cut = 0; cut < 2; cut++)
            for (int in_memory = 0; in_memory < 2; in_memory++) {
                struct bytes b = load(names[i], cut ? "-cut" : "-members");
                bounce_mailbox *mb;
                bounce_view v;
                bounce_error error = {.message = ""};
                int fd = file_of(b), messages = 0;
                bounce_status status = in_memory
                                           ? bounce_mailbox_open_memory(b.s, b.n, BOUNCE_FORMAT_AUTO, 0, &mb, NULL)
                                           : bounce_mailbox_open_fd(fd, "box", BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
                cr_assert_eq(status, BOUNCE_OK);
                cr_assert_eq(bounce_mailbox_set_shard(mb, 0, 2, &error), BOUNCE_ERROR_IO);
                cr_assert(strstr(error.message, "compressed input cannot be read in shards"), "%s", error.message);
                for (; (status = bounce_mailbox_next(mb, &v, &error)) == BOUNCE_OK; messages++)
                    cr_assert_eq(v.index, (uint64_t)messages);
                cr_assert_eq(status, cut ? BOUNCE_ERROR_IO : BOUNCE_END, "%s", names[i]);
                cr_assert(cut || messages == 3, "%s: %d", names[i], messages);
                cr_assert(!cut || strstr(error.message, "data end early"), "%s", error.message);
                cr_assert_eq(bounce_mailbox_next(mb, &v, &error), BOUNCE_END);
                bounce_mailbox_close(mb);
                close(fd);
                g_free(b.s);
            }
}

/* The offset of a message counts unpacked bytes, and reading can start there; an offset beyond the end is an error. */
Test(packing, start)
{
    static const bounce_format formats[] = {BOUNCE_FORMAT_AUTO, BOUNCE_FORMAT_MBOX};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        for (size_t f = 0; f < G_N_ELEMENTS(formats); f++) {
            struct bytes b = load(names[i], "");
            bounce_mailbox *mb;
            bounce_view v;
            bounce_position at;
            bounce_error error = {.message = ""};
            int fd = file_of(b);
            bounce_mailbox_open_fd(fd, "box", formats[f], 0, &mb, NULL);
            bounce_mailbox_next(mb, &v, NULL);
            cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
            bounce_mailbox_position(mb, &at);
            char *second = g_strndup((const char *)v.bytes, v.length);
            bounce_mailbox_close(mb);
            lseek(fd, 0, SEEK_SET);
            bounce_mailbox_open_fd(fd, "box", formats[f], 0, &mb, NULL);
            cr_assert_eq(bounce_mailbox_set_start(mb, &at, NULL), BOUNCE_OK);
            cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
            cr_assert(v.offset == at.offset && v.length == strlen(second) && memcmp(v.bytes, second, v.length) == 0);
            cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
            cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
            bounce_mailbox_close(mb);
            lseek(fd, 0, SEEK_SET);
            bounce_mailbox_open_fd(fd, "box", formats[f], 0, &mb, NULL);
            at.offset = 100000;
            cr_assert_eq(bounce_mailbox_set_start(mb, &at, NULL), BOUNCE_OK);
            cr_assert_eq(bounce_mailbox_next(mb, &v, &error), BOUNCE_ERROR_IO, "beyond the end");
            cr_assert_str_eq(error.message, "box: the start is beyond the end");
            bounce_mailbox_close(mb);
            close(fd);
            g_free(second);
            g_free(b.s);
        }
}

/* Data that begin like one of the four formats but are not in it. */
Test(packing, what_only_looks_like_it)
{
    static const char *const texts[] = {"BZh: a field\n\nx\n", "BZh91AY&S", "\x1f\x8b", "\xfd\x37zX", "PM\n", "("};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char wrong[256];
        const char *packing;
        struct bytes b = {(char *)texts[i], strlen(texts[i])};
        int fd = file_of(b);
        GString *all = read_all(fd, 100, wrong, &packing);
        cr_assert_str_eq(all->str, texts[i]);
        cr_assert_str_eq(wrong, "");
        cr_assert_null(packing);
        g_string_free(all, TRUE);
        close(fd);
    }
}

/* A frame of zstd with one raw block "hello", and a window of this descriptor (RFC 8878, section 3.1.1.1.2). */
static void check_window(unsigned char descriptor, const char *wrong)
{
    char frame[] = "\x28\xb5\x2f\xfd\x00?\x29\x00\x00hello";
    frame[5] = (char)descriptor;
    struct bytes want = {"hello", *wrong ? 0 : 5};
    check((struct bytes){frame, sizeof frame - 1}, 100, want, wrong, "zstd");
}

Test(packing, zstd_window_at_the_limit)
{
    check_window((LIMIT_UNPACK_WINDOW_LOG - 10) << 3, "");
    check_window(((LIMIT_UNPACK_WINDOW_LOG - 10) << 3) + 1,
                 "zstd data need too much memory to unpack at byte 0; everything before it was read");
}

static uint32_t crc32_of(const unsigned char *s, size_t n)
{
    uint32_t crc = ~UINT32_C(0);
    for (size_t i = 0; i < n; i++) {
        crc ^= s[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
    }
    return ~crc;
}

/* The block's header has the size of the dictionary in one byte: 29 is 96 MiB, 30 is 128 MiB, to which xz adds
 * the rest of what it needs. */
Test(packing, xz_dictionary_at_the_limit)
{
    struct bytes plain = load("plain", "");
    for (int size = 29; size <= 30; size++) {
        struct bytes b = load("xz", "");
        unsigned char *header = (unsigned char *)b.s + 12;
        size_t n = (size_t)(header[0] + 1) * 4 - 4;
        /* size, flags, filter, size of its properties, the dictionary: the block's sizes are not stated */
        cr_assert_eq(header[1], 0);
        cr_assert_eq(header[2], 0x21);
        header[4] = (unsigned char)size;
        uint64_t bytes = (uint64_t)(2 | (header[4] & 1)) << (header[4] / 2 + 11);
        uint32_t crc = crc32_of(header, n);
        for (int i = 0; i < 4; i++)
            header[n + (size_t)i] = (unsigned char)(crc >> 8 * i);
        bool fits = bytes < LIMIT_UNPACK_BYTES;
        cr_assert_eq(fits, size == 29, "%llu", (unsigned long long)bytes);
        check(b, 1000, fits ? plain : (struct bytes){"", 0},
              fits ? "" : "xz data need too much memory to unpack at byte 24; everything before it was read", "xz");
        g_free(b.s);
    }
    g_free(plain.s);
}
