/* SPDX-License-Identifier: MIT */
/*
 * calls.c - which system calls are still allowed (seccomp, Linux 3.17 and newer).
 *
 * In: who is restricted. Out: a kernel filter that allows what reading, classifying and writing need; the lists say
 * what for. Refused, in the restricted process: all other calls, as if the kernel did not have them, so that the C
 * library uses another way; and some arguments of those on the lists. A call of another processor's numbers ends the
 * process.
 */
#define _GNU_SOURCE 1 /* syscall() */
#include "sandbox/calls.h"

#if defined(__linux__) && defined(__has_include)
#if __has_include(<linux/audit.h>) && __has_include(<linux/seccomp.h>)
#include <linux/audit.h>
#if defined(__x86_64__) && !defined(__ILP32__)
#define OWN_NUMBERS AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define OWN_NUMBERS AUDIT_ARCH_I386
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define OWN_NUMBERS AUDIT_ARCH_AARCH64
#elif defined(__s390x__)
#define OWN_NUMBERS AUDIT_ARCH_S390X
#endif
#endif
#endif

#ifdef OWN_NUMBERS

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What both a worker and the program need. */
static const int calls_of_both[] = {
    /* reading, and writing to open files */
    SYS_read,
    SYS_pread64,
    SYS_write,
    SYS_writev,
    SYS_close,
    SYS_lseek,
    SYS_sendto,
    SYS_recvfrom,
    /* examining files: for what iconv(3) loads */
    SYS_fstat,
    SYS_statx,
    SYS_readlinkat,
    SYS_faccessat,
    /* memory; for two calls of the loader, mmap and mprotect, the arguments are checked below */
    SYS_munmap,
    SYS_mremap,
    SYS_madvise,
    SYS_brk,
    /* time, random numbers for hashes, locks */
    SYS_clock_gettime,
    SYS_gettimeofday,
    SYS_clock_nanosleep,
    SYS_getrandom,
    SYS_futex,
    SYS_sched_yield,
    /* process id, signals, and exit */
    SYS_getpid,
    SYS_gettid,
    SYS_rt_sigaction,
    SYS_rt_sigprocmask,
    SYS_rt_sigreturn,
    SYS_sigaltstack,
    SYS_restart_syscall,
    SYS_exit,
    SYS_exit_group,
/* the same calls under the names that some processors have */
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_readlink
    SYS_readlink,
#endif
#ifdef SYS_access
    SYS_access,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#ifdef __i386__
    SYS_fstat64,
    SYS_fstatat64,
    SYS__llseek,
    SYS_sigreturn,
    SYS_clock_gettime64,
    SYS_clock_nanosleep_time64,
    SYS_futex_time64,
#endif
};

static const int calls_of_reader[] = {
    SYS_getdents64,
    SYS_fcntl,
#ifdef __i386__
    SYS_fcntl64,
#endif
};

static const int calls_of_program[] = {
    /* waiting for pipes and workers */
    SYS_ppoll,
    SYS_wait4,
    /* a new worker: its descriptors, what the C library does after fork(2), and its own sandbox */
    SYS_dup3,
    SYS_set_robust_list,
    SYS_rseq,
    SYS_seccomp,
    444,
    445,
    446,
#ifdef SYS_close_range
    SYS_close_range,
#endif
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_dup2
    SYS_dup2,
#endif
#ifdef __i386__
    SYS_ppoll_time64,
    SYS_waitpid,
#endif
};

/* ------------------------------------------------------------ the filter */

enum { CODE_MOST = 512 };

struct filter {
    struct sock_filter code[CODE_MOST];
    size_t n;
};

static void add(struct filter *f, unsigned code, uint32_t k, unsigned if_true, unsigned if_false)
{
    if (f->n < CODE_MOST)
        f->code[f->n++] = (struct sock_filter){(uint16_t)code, (uint8_t)if_true, (uint8_t)if_false, k};
}

static void add_load(struct filter *f, size_t offset)
{
    add(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void add_return(struct filter *f, uint32_t what)
{
    add(f, BPF_RET | BPF_K, what, 0, 0);
}

static void allow(struct filter *f, int call)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    add_return(f, SECCOMP_RET_ALLOW);
}

/* Allows a call if an argument passes a test: its low 32 bits are masked, then compared with value by this kind of
 * jump. */
static void allow_if(struct filter *f, int call, unsigned argument, uint32_t mask, unsigned jump, uint32_t value,
                     bool wanted)
{
    size_t low_half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(uint32_t) : 0;
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 5);
    add_load(f, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t) + low_half);
    add(f, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    add(f, BPF_JMP | jump | BPF_K, value, wanted, !wanted);
    add_return(f, SECCOMP_RET_ERRNO | EPERM);
    add_return(f, SECCOMP_RET_ALLOW);
}

static void allow_value(struct filter *f, int call, unsigned argument, uint32_t value)
{
    allow_if(f, call, argument, UINT32_MAX, BPF_JEQ, value, true);
}

static void allow_without(struct filter *f, int call, unsigned argument, uint32_t bits)
{
    allow_if(f, call, argument, bits, BPF_JEQ, 0, true);
}

/* Allows a call unless all of these bits are set at once. */
static void allow_but_all(struct filter *f, int call, unsigned argument, uint32_t bits)
{
    allow_if(f, call, argument, bits, BPF_JEQ, bits, false);
}

/* ------------------------------------------------------------- the rules */

static void allow_opening_to_read(struct filter *f)
{
    const uint32_t not_reading = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
    allow_without(f, SYS_openat, 2, not_reading);
#ifdef SYS_open
    allow_without(f, SYS_open, 1, not_reading);
#endif
}

/* Unless makes_code is set, memory is never writable and executable at once. */
static void allow_memory(struct filter *f, bool makes_code)
{
#ifdef __i386__
    const int map = SYS_mmap2;
#else
    const int map = SYS_mmap;
#endif
    const uint32_t both = makes_code ? 0 : PROT_WRITE | PROT_EXEC;
    if (makes_code) {
        allow(f, map);
        allow(f, SYS_mprotect);
    } else {
        allow_but_all(f, map, 2, both);
        allow_but_all(f, SYS_mprotect, 2, both);
    }
}

/* Allows new processes as fork(2) creates them: no threads, no namespaces. */
static void allow_workers(struct filter *f)
{
#ifdef __s390x__
    const unsigned flags = 1;
#else
    const unsigned flags = 0;
#endif
    allow_without(f, SYS_clone, flags, ~(uint32_t)(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | 0xff));
    allow_value(f, SYS_socketpair, 0, AF_UNIX);
    allow_value(f, SYS_prctl, 0, PR_SET_NO_NEW_PRIVS);
}

static void make_filter(struct filter *f, enum calls_of who, bool makes_code)
{
    add_load(f, offsetof(struct seccomp_data, arch));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, OWN_NUMBERS, 1, 0);
    add_return(f, SECCOMP_RET_KILL_PROCESS);
    add_load(f, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof calls_of_both / sizeof *calls_of_both; i++)
        allow(f, calls_of_both[i]);
    for (size_t i = 0; who != CALLS_OF_WORKER && i < sizeof calls_of_reader / sizeof *calls_of_reader; i++)
        allow(f, calls_of_reader[i]);
    for (size_t i = 0; who == CALLS_OF_PROGRAM && i < sizeof calls_of_program / sizeof *calls_of_program; i++)
        allow(f, calls_of_program[i]);
    allow_memory(f, makes_code);
    allow_opening_to_read(f);
    if (who == CALLS_OF_PROGRAM) {
        allow_workers(f);
        allow(f, SYS_tgkill); /* for raise(3); the id of a worker is not known yet */
    } else {
        allow_value(f, SYS_tgkill, 0, (uint32_t)getpid());
    }
#ifdef SYS_prlimit64
    allow_value(f, SYS_prlimit64, 0, 0); /* only the process itself */
#endif
#ifdef SYS_socketcall
    allow_if(f, SYS_socketcall, 0, UINT32_MAX, BPF_JGE, 8, true); /* socketpair(2), send(2), recv(2) */
#endif
    add_return(f, SECCOMP_RET_ERRNO | ENOSYS);
}

bool calls_restrict(enum calls_of who, bool makes_code)
{
    struct filter f = {.n = 0};
    make_filter(&f, who, makes_code);
    struct sock_fprog program = {(unsigned short)f.n, f.code};
    if (f.n == CODE_MOST)
        return false;
    /* Without this flag, some kernels slow the process down to protect against foreign code, which this program never
     * runs. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0 ||
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

#else

bool calls_restrict(enum calls_of who, bool makes_code)
{
    (void)who;
    (void)makes_code;
    return false;
}

#endif
