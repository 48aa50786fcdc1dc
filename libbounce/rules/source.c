/* SPDX-License-Identifier: MIT */
/*
 * source.c - rule files and folders on disk.
 *
 * What comes in: a path. What goes out: the bytes of the file, or of each *.rules
 * file in the folder and the folders inside it, to rule_file_read(). Refused, with
 * an error: what cannot be opened or read, a folder without such a file, and
 * folders that are nested too deep.
 */
#include "base/error.h"
#include "base/limits.h"
#include "rules/rules.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static void io_error(struct rule_entries *e, const char *path, const char *what)
{
    struct rule_error where = {.path = path, .file = e->file_count, .status = BOUNCE_ERROR_IO};
    rule_entries_error(e, &where, "%s", what);
}

/* Reads a pipe, too, so the size is not known: one block more than a file may have is enough for
 * rule_file_read() to see that it is too large. */
GByteArray *rule_source_bytes(struct rule_entries *e, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        io_error(e, path, error_describe(errno));
        return NULL;
    }
    GByteArray *bytes = g_byte_array_new();
    guint8 block[16384];
    size_t n;
    while (bytes->len <= LIMIT_RULE_FILE_BYTES && (n = fread(block, 1, sizeof block, file)) > 0)
        g_byte_array_append(bytes, block, (guint)n);
    if (ferror(file)) {
        io_error(e, path, error_describe(errno));
        g_clear_pointer(&bytes, g_byte_array_unref);
    }
    fclose(file);
    return bytes;
}

static void read_file(struct rule_entries *e, const char *path)
{
    GByteArray *bytes = rule_source_bytes(e, path);
    if (!bytes)
        return;
    rule_file_read(e, path, span_of((const char *)bytes->data, bytes->len));
    g_byte_array_free(bytes, TRUE);
}

static gint compare_file_names(gconstpointer left, gconstpointer right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The paths of the rule files and folders in a folder, in byte order; NULL after an error. */
static GPtrArray *list_folder(struct rule_entries *e, const char *path)
{
    GDir *folder = g_dir_open(path, 0, NULL);
    if (!folder) {
        io_error(e, path, "the folder cannot be read");
        return NULL;
    }
    GPtrArray *paths = g_ptr_array_new();
    const char *name, *between = g_str_has_suffix(path, "/") ? "" : "/";
    while ((name = g_dir_read_name(folder))) {
        char *inside = arena_printf(e->arena, "%s%s%s", path, between, name);
        if (g_str_has_suffix(name, ".rules") || (name[0] != '.' && is_folder(inside)))
            g_ptr_array_add(paths, inside);
    }
    g_dir_close(folder);
    g_ptr_array_sort(paths, compare_file_names);
    return paths;
}

/* Returns the number of files, or of errors in their place. */
static size_t read_folder(struct rule_entries *e, const char *path, int depth)
{
    if (depth > LIMIT_RULE_FOLDER_DEPTH) {
        io_error(e, path, "the folder is nested too deep");
        return 1;
    }
    GPtrArray *paths = list_folder(e, path);
    size_t files = !paths;
    for (guint i = 0; paths && i < paths->len; i++) {
        if (is_folder(paths->pdata[i])) {
            files += read_folder(e, paths->pdata[i], depth + 1);
        } else {
            read_file(e, paths->pdata[i]);
            files++;
        }
    }
    if (paths)
        g_ptr_array_free(paths, TRUE);
    return files;
}

void rule_source_read(struct rule_entries *e, const char *path)
{
    path = arena_strdup(e->arena, path);
    if (!is_folder(path))
        read_file(e, path);
    else if (!read_folder(e, path, 1))
        io_error(e, path, "the folder has no file whose name ends in .rules");
}
