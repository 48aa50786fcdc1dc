/* SPDX-License-Identifier: MIT */
/*
 * later.c - output that waits until the database is closed.
 *
 * In: what a dry run prints, while its transaction is open. Out: the same afterwards: whoever reads it in a pager keeps
 * no writer of the ledger waiting. Between the two it is in a temporary file. Nothing is refused; where no such file
 * can be made, nothing waits.
 */
#include "show/later.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024 };

static bool keeps_nobody_waiting(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

void later_begin(struct output *o)
{
    if (o->fd != STDOUT_FILENO || keeps_nobody_waiting(o->fd))
        return;
    FILE *file = tmpfile();
    int fd = file ? dup(fileno(file)) : -1;
    if (file)
        fclose(file);
    if (fd < 0)
        return;
    output_flush(o);
    o->fd = fd;
}

void later_give(struct output *o)
{
    static char piece[PIECE_BYTES];
    int kept = o->fd;
    if (kept == STDOUT_FILENO)
        return;
    output_flush(o);
    o->fd = STDOUT_FILENO;
    ssize_t n = -1;
    if (lseek(kept, 0, SEEK_SET) == 0)
        while ((n = read(kept, piece, sizeof piece)) > 0)
            output_add(o, piece, (size_t)n);
    if (n < 0 && !o->error_number)
        o->error_number = errno;
    close(kept);
}
