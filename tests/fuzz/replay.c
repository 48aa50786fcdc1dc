/* SPDX-License-Identifier: MIT */
/*
 * replay.c - runs a fuzz target on recorded inputs, as a test: those that once
 * broke something, and the small ones from which fuzzing starts.
 *
 * usage: fuzz_X FOLDER-OR-FILE...
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>

static size_t inputs;

/* Memory of exactly the input's size, so that sanitizers see any read beyond. */
static bool replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return false;
    long end = ftell(file);
    size_t size = end > 0 ? (size_t)end : 0;
    uint8_t *data = malloc(size ? size : 1);
    bool whole = data && fseek(file, 0, SEEK_SET) == 0 && fread(data, 1, size, file) == size;
    fclose(file);
    if (whole) {
        LLVMFuzzerTestOneInput(data, size);
        inputs++;
    }
    free(data);
    return whole;
}

static bool replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOTDIR && replay_file(path);
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(folder));) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        good = snprintf(name, sizeof name, "%s/%s", path, entry->d_name) < (int)sizeof name && replay_file(name);
        if (!good)
            fprintf(stderr, "%s: cannot be read\n", name);
    }
    closedir(folder);
    return good;
}

int main(int argc, char **argv)
{
    bool good = true;
    for (int i = 1; i < argc; i++)
        good &= replay(argv[i]);
    printf("%zu inputs\n", inputs);
    return good && inputs ? 0 : 1;
}
