/* SPDX-License-Identifier: MIT */
/*
 * source.c - rule files and folders on disk.
 *
 * What comes in: a path. What goes out: the bytes of the file, or of each *.rules
 * file in the folder, to rule_file_read(). Refused, with an error: what cannot be
 * opened or read, and a folder without such a file.
 */
#include "base/limits.h"
#include "rules/rules.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <sys/stat.h>

static void io_error(struct rule_entries *e, const char *path, const char *what)
{
    struct rule_error where = {.path = path, .file = e->file_count, .status = BOUNCE_ERROR_IO};
    rule_entries_error(e, &where, "%s", what);
}

/* Reads a pipe, too, so the size is not known: one block more than a file may have is enough for
 * rule_file_read() to see that it is too large. */
static void read_file(struct rule_entries *e, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        io_error(e, path, strerrordesc_np(errno));
        return;
    }
    GByteArray *bytes = g_byte_array_new();
    guint8 block[16384];
    size_t n;
    while (bytes->len <= LIMIT_RULE_FILE_BYTES && (n = fread(block, 1, sizeof block, file)) > 0)
        g_byte_array_append(bytes, block, (guint)n);
    if (ferror(file))
        io_error(e, path, strerrordesc_np(errno));
    else
        rule_file_read(e, path, span_of((const char *)bytes->data, bytes->len));
    fclose(file);
    g_byte_array_free(bytes, TRUE);
}

static gint compare_file_names(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void read_folder(struct rule_entries *e, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    if (!folder) {
        io_error(e, path, "the folder cannot be read");
        return;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while ((name = g_dir_read_name(folder)))
        if (g_str_has_suffix(name, ".rules"))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(folder);
    g_ptr_array_sort(names, compare_file_names);
    for (guint i = 0; i < names->len; i++)
        read_file(e, arena_printf(e->arena, "%s%s%s", path, g_str_has_suffix(path, "/") ? "" : "/",
                                  (const char *)names->pdata[i]));
    if (!names->len)
        io_error(e, path, "the folder has no file whose name ends in .rules");
    g_ptr_array_free(names, TRUE);
}

void rule_source_read(struct rule_entries *e, const char *path)
{
    struct stat info;
    path = arena_strdup(e->arena, path);
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        read_folder(e, path);
    else
        read_file(e, path);
}
