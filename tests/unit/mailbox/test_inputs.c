/* SPDX-License-Identifier: MIT */
/* test_inputs.c - the splitter on pipes, files, Maildirs and folders. */
#include "base/limits.h"
#include "mailbox_testing.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct feed {
    int fd;
    const GString *bytes;
    size_t step;
};

static gpointer write_slowly(gpointer data)
{
    const struct feed *f = data;
    for (size_t i = 0; i < f->bytes->len; i += f->step) {
        size_t n = f->bytes->len - i < f->step ? f->bytes->len - i : f->step;
        if (write(f->fd, f->bytes->str + i, n) != (ssize_t)n)
            break;
    }
    close(f->fd);
    return NULL;
}

static bounce_mailbox *open_pipe(struct feed *f, GThread **writer, int *fd, bounce_format format, uint64_t cap)
{
    int ends[2];
    bounce_mailbox *mb;
    /* Like a pipe, except that each read(2) returns exactly what one write(2) wrote. */
    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    f->fd = ends[1];
    *fd = ends[0];
    *writer = g_thread_new("writer", write_slowly, f);
    cr_assert_eq(bounce_mailbox_open_fd(ends[0], NULL, format, cap, &mb, NULL), BOUNCE_OK);
    return mb;
}

/* Reads of one byte, two, …: every state occurs in the middle of a line. */
Test(mailbox_files, pipe_in_small_pieces)
{
    for (size_t step = 1; step < 40; step += 3) {
        GString *s = three(3000);
        struct feed f = {.bytes = s, .step = step};
        GThread *writer;
        int fd;
        bounce_mailbox *mb = open_pipe(&f, &writer, &fd, BOUNCE_FORMAT_AUTO, 1024);
        check_three(mb, 3000, 1024);
        bounce_mailbox_close(mb);
        cr_assert_eq(close(fd), 0, "the descriptor stays the caller's");
        g_thread_join(writer);
        g_string_free(s, TRUE);
    }
}

/* CRLF, split between CR and LF in every way. */
Test(mailbox_files, pipe_crlf)
{
    static const char input[] = FROM_CRLF "A: 1\r\n\r\nx\r\n\r\n" FROM_CRLF "B: 2\r\n\r\n>From y\r\n";
    for (size_t step = 1; step < 12; step++) {
        GString *s = g_string_new(input);
        struct feed f = {.bytes = s, .step = step};
        GThread *writer;
        int fd;
        bounce_view v;
        bounce_mailbox *mb = open_pipe(&f, &writer, &fd, BOUNCE_FORMAT_AUTO, 0);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
        cr_assert_eq(v.length, 11, "%zu", step);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
        cr_assert_eq(v.length, 16, "%zu", step);
        cr_assert_eq(v.true_length, 17, "%zu", step);
        cr_assert_eq(v.offset, 107, "%zu", step);
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
        bounce_mailbox_close(mb);
        close(fd);
        g_thread_join(writer);
        g_string_free(s, TRUE);
    }
}

/* Content-Length in a pipe: within the cap it is used, once its end has been read;
 * beyond the cap it is not. */
Test(mailbox_files, pipe_content_length)
{
    for (int far = 0; far < 2; far++) {
        size_t body = far ? LIMIT_MAILBOX_BLOCK_BYTES + 50000 : 900;
        GString *s = g_string_new(NULL), *text = g_string_new("x\n\n" FROM);
        while (text->len < body - 1)
            g_string_append_c(text, 'y');
        g_string_append_c(text, '\n');
        g_string_printf(s, FROM "Content-Length: %zu\n\n%s\n" FROM "B: 2\n", body, text->str);
        struct feed f = {.bytes = s, .step = 100};
        GThread *writer;
        int fd, count = 0;
        bounce_view v;
        bounce_mailbox *mb = open_pipe(&f, &writer, &fd, BOUNCE_FORMAT_AUTO, 1024);
        while (bounce_mailbox_next(mb, &v, NULL) == BOUNCE_OK)
            count++;
        cr_assert_eq(count, far ? 3 : 2, "far %d: %d messages", far, count);
        bounce_mailbox_close(mb);
        close(fd);
        g_thread_join(writer);
        g_string_free(s, TRUE);
        g_string_free(text, TRUE);
    }
}

static char *make_folder(void)
{
    char *path = g_dir_make_tmp("test-mailbox-XXXXXX", NULL);
    cr_assert_not_null(path);
    return path;
}

static void put_file(const char *folder, const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(path);
    cr_assert_eq(g_mkdir_with_parents(parent, 0700), 0);
    cr_assert(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
    g_free(parent);
}

static void remove_folder(char *path)
{
    char *command = g_strdup_printf("rm -rf '%s'", path);
    cr_assert(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    g_free(command);
    g_free(path);
}

/* All messages as "name:index:bytes|…", errors as "!". */
static char *read_all(const char *path, bounce_format format)
{
    bounce_mailbox *mb;
    bounce_view v;
    bounce_error e;
    bounce_status status;
    GString *all = g_string_new(NULL);
    cr_assert_eq(bounce_mailbox_open(path, format, 0, &mb, &e), BOUNCE_OK, "%s", e.message);
    while ((status = bounce_mailbox_next(mb, &v, &e)) != BOUNCE_END) {
        if (status != BOUNCE_OK) {
            g_string_append_printf(all, "!%s|", strrchr(e.message, '/') + 1);
            continue;
        }
        g_string_append_printf(all, "%s:%d:%.*s|", v.path + strlen(path), (int)v.index, (int)v.length,
                               (const char *)v.bytes);
    }
    bounce_mailbox_close(mb);
    return g_string_free(all, FALSE);
}

Test(mailbox_files, maildir)
{
    char *folder = make_folder();
    put_file(folder, "cur/1:2,S", "c1");
    put_file(folder, "cur/0:2,S", FROM "c0");
    put_file(folder, "cur/.hidden", "no");
    put_file(folder, "new/2", "n2");
    put_file(folder, "new/10", "n10");
    put_file(folder, "new/sub/x", "no");
    put_file(folder, "tmp/3", "no");
    put_file(folder, "new/empty", "");
    char *all = read_all(folder, BOUNCE_FORMAT_AUTO);
    cr_assert_str_eq(all, "/new/10:0:n10|/new/2:0:n2|/cur/0:2,S:0:c0|/cur/1:2,S:0:c1|");
    g_free(all);
    all = read_all(folder, BOUNCE_FORMAT_MAILDIR);
    cr_assert_eq(strncmp(all, "/new/10:0:n10|", 14), 0);
    g_free(all);
    remove_folder(folder);
}

Test(mailbox_files, folder)
{
    char *folder = make_folder();
    put_file(folder, "b.eml", "b");
    put_file(folder, "B.eml", "B");
    put_file(folder, "a/z", "az");
    put_file(folder, "a/box", FROM "1\n\n" FROM "2\n");
    put_file(folder, "a/dir/cur/1", "m");
    put_file(folder, "a/dir/new/1", "n");
    put_file(folder, "a/dir/tmp/1", "no");
    put_file(folder, ".hidden", "no");
    char *link = g_build_filename(folder, "gone", NULL), *loop = g_build_filename(folder, "loop", NULL);
    char *fifo = g_build_filename(folder, "fifo", NULL);
    char *alias = g_build_filename(folder, "alias", NULL);
    cr_assert_eq(symlink("a/z", alias), 0);
    cr_assert_eq(symlink("nowhere", link), 0);
    cr_assert_eq(symlink(".", loop), 0);
    cr_assert_eq(mkfifo(fifo, 0600), 0);
    char *all = read_all(folder, BOUNCE_FORMAT_AUTO);
    cr_assert_str_eq(all, "/B.eml:0:B|/a/box:0:1\n|/a/box:1:2\n|/a/dir/cur/1:0:m|/a/dir/new/1:0:n|"
                          "/a/z:0:az|/alias:0:az|/b.eml:0:b|"
                          "!gone: No such file or directory|");
    g_free(all);
    g_free(alias);
    g_free(link);
    g_free(loop);
    g_free(fifo);
    remove_folder(folder);
}

/* A mail that is removed while others are read is an error, after which reading continues;
 * for shards it still counts. */
Test(mailbox_files, vanished)
{
    char *folder = make_folder();
    bounce_mailbox *mb;
    bounce_view v;
    bounce_error e;
    put_file(folder, "cur/1", "c1");
    put_file(folder, "cur/2", "c2");
    put_file(folder, "cur/3", "c3");
    put_file(folder, "new/0", "n0");
    char *second = g_build_filename(folder, "cur/2", NULL);
    cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_MAILDIR, 0, &mb, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_OK);
    cr_assert(g_str_has_suffix(v.path, "/cur/1"), "%s", v.path);
    cr_assert_eq(unlink(second), 0);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_ERROR_IO);
    cr_assert(g_str_has_suffix(e.message, "/cur/2: No such file or directory"), "%s", e.message);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_OK);
    cr_assert(g_str_has_suffix(v.path, "/cur/3"), "%s", v.path);
    cr_assert_arr_eq(v.bytes, "c3", 2);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_END);
    bounce_mailbox_close(mb);
    g_free(second);
    remove_folder(folder);
}

/* A folder at the deepest level is read, one below it is an error. */
Test(mailbox_files, folder_depth)
{
    char *folder = make_folder();
    GString *deep = g_string_new(NULL);
    for (int i = 0; i < LIMIT_FOLDER_DEPTH; i++)
        g_string_append(deep, "d/");
    g_string_append(deep, "mail");
    put_file(folder, deep->str, "x");
    char *all = read_all(folder, BOUNCE_FORMAT_FOLDER);
    cr_assert(g_str_has_suffix(all, "mail:0:x|"), "%s", all);
    g_free(all);
    g_string_prepend(deep, "d/");
    put_file(folder, deep->str, "y");
    all = read_all(folder, BOUNCE_FORMAT_FOLDER);
    cr_assert_null(strstr(all, "mail:0:y|"), "%s", all);
    cr_assert_not_null(strstr(all, "!d: "), "%s", all);
    g_free(all);
    g_string_free(deep, TRUE);
    remove_folder(folder);
}

Test(mailbox_files, wrong_paths)
{
    char *folder = make_folder();
    put_file(folder, "mail", "x");
    char *mail = g_build_filename(folder, "mail", NULL), *none = g_build_filename(folder, "none", NULL);
    bounce_mailbox *mb;
    bounce_error e;
    cr_assert_eq(bounce_mailbox_open(none, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_ERROR_IO);
    cr_assert_null(mb);
    char *want = g_strdup_printf("%s: No such file or directory", none);
    cr_assert_str_eq(e.message, want);
    cr_assert_eq(bounce_mailbox_open(mail, BOUNCE_FORMAT_FOLDER, 0, &mb, &e), BOUNCE_ERROR_IO);
    cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_MBOX, 0, &mb, &e), BOUNCE_ERROR_IO);
    cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_MAILDIR, 0, &mb, &e), BOUNCE_OK);
    bounce_view v;
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_ERROR_IO, "no Maildir");
    cr_assert_eq(bounce_mailbox_next(mb, &v, &e), BOUNCE_END);
    bounce_mailbox_close(mb);
    g_free(want);
    g_free(mail);
    g_free(none);
    remove_folder(folder);
}

/* The end of a long path with a broken character is shown as one line of UTF-8. */
Test(mailbox_files, long_path_in_message)
{
    GString *path = g_string_new("/none\xff\n");
    while (path->len < 600)
        g_string_append(path, "/\xc3\xa4\xc3\xa4");
    bounce_mailbox *mb;
    bounce_error e;
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(bounce_mailbox_open(path->str, BOUNCE_FORMAT_AUTO, 0, &mb, &e), BOUNCE_ERROR_IO);
        cr_assert(g_utf8_validate(e.message, -1, NULL), "%s", e.message);
        cr_assert(g_str_has_suffix(e.message, ": No such file or directory"), "%s", e.message);
        cr_assert(g_str_has_prefix(e.message, "..."), "%s", e.message);
        g_string_append_c(path, 'x');
    }
    g_string_free(path, TRUE);
}

/* A file that is read from the middle: offsets count from there, and the end of a
 * Content-Length beyond the cap is read with pread(2). */
Test(mailbox_files, descriptor_with_an_offset)
{
    char *folder = make_folder();
    const size_t body = LIMIT_MAILBOX_BLOCK_BYTES + 150000;
    char *header = g_strdup_printf("Content-Length: %zu\n\n", body);
    const size_t header_bytes = strlen(header);
    GString *s = g_string_new("skipped" FROM);
    g_string_append_printf(s, "%sx\n\n" FROM, header);
    while (s->len < 7 + 46 + header_bytes + body - 1)
        g_string_append_c(s, 'y');
    g_string_append(s, "\n\n" FROM "B: 2\n");
    put_file(folder, "box", s->str);
    char *path = g_build_filename(folder, "box", NULL);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    int fd = fileno(file);
    cr_assert_eq(lseek(fd, 7, SEEK_SET), 7);
    bounce_mailbox *mb;
    bounce_view v;
    cr_assert_eq(bounce_mailbox_open_fd(fd, "shown", BOUNCE_FORMAT_AUTO, 1024, &mb, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.offset, 46);
    cr_assert_eq(v.true_length, header_bytes + body, "%zu", (size_t)v.true_length);
    cr_assert_str_eq(v.path, "shown");
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(v.length, 5);
    cr_assert_eq(v.offset, 46 + header_bytes + body + 1 + 46);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
    fclose(file);
    g_free(header);
    g_free(path);
    g_string_free(s, TRUE);
    remove_folder(folder);
}
