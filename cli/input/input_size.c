/* SPDX-License-Identifier: MIT */
/*
 * input_size.c - how much there is to read.
 *
 * In: paths. Out: their bytes, according to the file system; files are not opened. Nothing is refused: pipes and paths
 * that cannot be examined make the sum unknown.
 */
#define _GNU_SOURCE 1 /* nftw() */
#include "input/input_size.h"

#include <ftw.h>
#include <sys/stat.h>

enum { OPEN_FOLDERS_MOST = 16 };

static uint64_t sum_of_folder;

static int add_file(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)path;
    (void)place;
    if (type == FTW_F && S_ISREG(st->st_mode))
        sum_of_folder += (uint64_t)st->st_size;
    return 0;
}

uint64_t input_size(char *const *inputs, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        sum_of_folder = 0;
        if (stat(inputs[i], &st) != 0)
            return 0;
        if (S_ISREG(st.st_mode))
            sum += (uint64_t)st.st_size;
        else if (!S_ISDIR(st.st_mode) || nftw(inputs[i], add_file, OPEN_FOLDERS_MOST, FTW_PHYS) != 0)
            return 0;
        sum += sum_of_folder;
    }
    return sum;
}
