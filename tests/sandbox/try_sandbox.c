/* SPDX-License-Identifier: MIT */
/*
 * try_sandbox.c - tries inside the sandbox what it forbids, and what it allows.
 *
 * Built from the program's own sandbox/, but not from its main(): none of this is
 * in the product. Each try is a process of its own. What the kernel cannot do is
 * reported, and with "required" it is a failure.
 *
 * usage: try_sandbox [required]
 */
#define _GNU_SOURCE 1 /* O_PATH, pthread */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/try_sandbox.XXXXXX", inside[64], outside[64], new_file[64];
static int kept[2], forgotten;

/* Each returns whether it worked. */
typedef bool attempt_fn(void);

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool read_input(void)
{
    return opens(inside, O_RDONLY);
}
static bool read_other(void)
{
    return opens(outside, O_RDONLY);
}
static bool write_input(void)
{
    return opens(inside, O_WRONLY) || opens(inside, O_RDWR) || opens(inside, O_RDONLY | O_TRUNC);
}
static bool create_file(void)
{
    return opens(new_file, O_RDONLY | O_CREAT) || mkdir(new_file, 0700) == 0;
}
static bool remove_file(void)
{
    return unlink(inside) == 0 || rename(inside, new_file) == 0 || truncate(inside, 0) == 0 || chmod(inside, 0) == 0;
}
static bool run_program(void)
{
    char *const arguments[] = {(char *)"true", NULL};
    return execv("/bin/true", arguments) == 0; /* does not return if it works: exit status 0 */
}
static bool use_network(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}
static bool signal_others(void)
{
    return kill(getppid(), 0) == 0;
}
static bool trace_others(void)
{
    return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}
static bool have_writable_code(void)
{
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(map, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0 ||
           mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
static void *nothing(void *data)
{
    return data;
}
static bool start_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0;
}
static bool start_process(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return pid > 0 && waitpid(pid, NULL, 0) == pid;
}
static bool make_sockets(void)
{
    int fds[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0;
}
static bool use_kept_socket(void)
{
    char c = 'x';
    return send(kept[0], &c, 1, MSG_NOSIGNAL) == 1;
}
static bool use_forgotten_descriptor(void)
{
    char c;
    return pread(forgotten, &c, 1, 0) == 1;
}
static bool take_memory(void)
{
    char *more = malloc(64 << 20);
    if (!more)
        return false;
    memset(more, 1, 64 << 20);
    free(more);
    return true;
}

static bool converts(const char *charset, const char *bytes, const char *want)
{
    char out[64] = "", *from = (char *)bytes, *to = out;
    size_t left = strlen(bytes), room = sizeof out - 1;
    iconv_t converter = iconv_open("UTF-8", charset);
    return converter != (iconv_t)-1 && iconv(converter, &from, &left, &to, &room) != (size_t)-1 &&
           strcmp(out, want) == 0;
}
static bool load_converters(void)
{
    return converts("ISO-2022-JP", "\x1b$B8m\x1b(B", "\xe8\xaa\xa4") &&
           converts("GB18030", "\xd3\xca", "\xe9\x82\xae") && converts("KOI8-R", "\xd0", "\xd0\xbf");
}

/* Needs: which part of the sandbox forbids it. */
struct attempt {
    const char *name;
    attempt_fn *fn;
    bool program, worker; /* whether it is allowed */
    unsigned needs;
};

static const struct attempt attempts[] = {
    {"read an input", read_input, true, false, SANDBOX_FILES},
    {"read another file", read_other, false, false, SANDBOX_FILES},
    {"write to an input", write_input, false, false, SANDBOX_CALLS},
    {"create a file", create_file, false, false, SANDBOX_CALLS},
    {"remove, rename, cut or open up a file", remove_file, false, false, SANDBOX_CALLS},
    {"run a program", run_program, false, false, SANDBOX_CALLS},
    {"use the network", use_network, false, false, SANDBOX_CALLS},
    {"signal another process", signal_others, false, false, SANDBOX_CALLS},
    {"trace another process", trace_others, false, false, SANDBOX_CALLS},
    {"have code that can be written to", have_writable_code, false, false, SANDBOX_CALLS},
    {"start a thread", start_thread, false, false, SANDBOX_CALLS},
    {"start a process", start_process, true, false, SANDBOX_CALLS},
    {"make a pair of sockets", make_sockets, true, false, SANDBOX_CALLS},
    {"use the socket it keeps", use_kept_socket, true, true, 0},
    {"use a descriptor that was open", use_forgotten_descriptor, true, false, SANDBOX_CALLS},
    {"take memory", take_memory, true, true, 0},
    {"load converters of charsets", load_converters, true, true, 0},
};

/* Exit statuses of a child: it worked, it did not, or it could not be tried. */
enum { WORKED = 0, FAILED = 1, ABSENT = 2 };

/* A reader is a worker that reads inputs itself. */
enum who { PROGRAM, WORKER, READER };

static int try_in_child(const struct attempt *attempt, const struct sandbox *s, enum who who)
{
    pid_t pid = fork();
    if (pid == 0) {
        unsigned effect = sandbox_enter(s);
        const struct worker_needs needs = {kept[0], -1, who == READER};
        if (who != PROGRAM)
            effect &= sandbox_enter_worker(s, &needs);
        if (attempt->needs && !(effect & attempt->needs))
            _exit(ABSENT);
        _exit(attempt->fn() ? WORKED : FAILED);
    }
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status);
}

static bool check(const struct attempt *attempt, const struct sandbox *s, enum who who, bool wanted, bool required)
{
    static const char *const words[] = {"allowed", "refused", "not tried: the kernel or this build cannot"};
    static const char *const names[] = {"program", "worker", "reader"};
    int outcome = try_in_child(attempt, s, who);
    bool right = outcome == ABSENT ? !required : outcome == (wanted ? WORKED : FAILED);
    printf("%s%s: %s: %s\n", right ? "" : "FAIL ", names[who], attempt->name,
           outcome >= 0 && outcome <= ABSENT ? words[outcome] : "died");
    return right;
}

static void put(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f || fputs("x", f) < 0 || fclose(f) != 0)
        abort();
}

int main(int argc, char **argv)
{
    bool required = argc > 1 && strcmp(argv[1], "required") == 0, right = true;
    if (!mkdtemp(folder) || socketpair(AF_UNIX, SOCK_STREAM, 0, kept) != 0)
        return 1;
    snprintf(inside, sizeof inside, "%s/in/file", folder);
    snprintf(new_file, sizeof new_file, "%s/in/new", folder);
    snprintf(outside, sizeof outside, "%s/outside", folder);
    char in[64];
    snprintf(in, sizeof in, "%s/in", folder);
    if (mkdir(in, 0700) != 0)
        return 1;
    put(inside);
    put(outside);
    forgotten = open(inside, O_RDONLY);
    setvbuf(stdout, NULL, _IONBF, 0);
    const char *const readable[] = {"/nowhere", in};
    const struct sandbox s = {readable, 2, false, false}, with_code = {readable, 2, true, false};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        bool reads = attempts[i].fn == read_input;
        right &= check(&attempts[i], &s, PROGRAM, attempts[i].program, required);
        right &= check(&attempts[i], &s, WORKER, attempts[i].worker, required);
        right &= check(&attempts[i], &s, READER, attempts[i].worker || reads, required);
    }
    const struct attempt code = {"have code that can be written to, with --jit", have_writable_code, true, true, 0};
    right &= check(&code, &with_code, PROGRAM, true, required);
    right &= check(&code, &with_code, WORKER, true, required);
    unlink(inside);
    unlink(outside);
    rmdir(in);
    rmdir(folder);
    return right ? 0 : 1;
}
