/* SPDX-License-Identifier: MIT */
/*
 * mutant.h - included before every C file of the build that holds all changes.
 *
 * BOUNCE_MUTANT(n) is true in a process with BOUNCE_MUTANT=n in its environment.
 * With BOUNCE_MUTANTS_SEEN=FILE it writes a 1 into byte n of that file, so that
 * one run of a test shows which changes the test reaches. No system header is
 * included: the file that follows may need to set its feature macros first.
 */
#ifndef MUTANT_H
#define MUTANT_H

enum { BOUNCE_MUTANTS = 4096 };

extern char *getenv(const char *);
extern int atoi(const char *);
extern int open(const char *, int, ...);
extern int close(int);
extern void *mmap(void *, __SIZE_TYPE__, int, int, int, long);

static int bounce_mutant_chosen;
static unsigned char bounce_mutants_unwatched[BOUNCE_MUTANTS];
static unsigned char *bounce_mutants_seen = bounce_mutants_unwatched;

__attribute__((constructor)) static void bounce_mutant_begin(void)
{
    const char *chosen = getenv("BOUNCE_MUTANT"), *path = getenv("BOUNCE_MUTANTS_SEEN");
    bounce_mutant_chosen = chosen ? atoi(chosen) : -1;
    int fd = path ? open(path, 2) : -1; /* O_RDWR */
    if (fd < 0)
        return;
    void *seen = mmap(0, BOUNCE_MUTANTS, 3, 1, fd, 0); /* PROT_READ | PROT_WRITE, MAP_SHARED */
    if (seen != (void *)-1)
        bounce_mutants_seen = seen;
    close(fd);
}

#define BOUNCE_MUTANT(n) (bounce_mutants_seen[n] = 1, bounce_mutant_chosen == (n))

#endif
