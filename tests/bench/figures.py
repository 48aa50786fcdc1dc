# SPDX-License-Identifier: MIT
"""The sections of tests/bench/run: each measures and yields lines of Markdown."""
import itertools
import os

import mailboxes as boxes
import measuring
from measuring import Failed, best, finish, interleaved, median, ratio, start

BOXES = {
    "bounces.mbox": "bounces only",
    "returns.mbox": "bounces that return everyday mails whole",
    "ordinary.mbox": "5 % bounces among ordinary mail",
    "large.mbox": "bounces that return mails of 5 MB",
    "maildir": "bounces, as a Maildir",
}
PEER_BOXES = ("bounces.mbox", "returns.mbox")


def size_of(path):
    """Bytes and messages of a mailbox."""
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_file()]
        return sum(file.stat().st_size for file in files), len(files)
    count = 0
    with open(path, "rb") as file:
        for line in file:
            count += line.startswith(b"From MAILER-DAEMON ")
    return path.stat().st_size, count


def table(title, columns):
    yield f"\n### {title}\n\nLoad of the machine when this began: {os.getloadavg()[0]:.1f}.\n"
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def runner(bench, command, cores=None, output=None, stdin=None, times=1):
    """A function that runs this command under measure."""
    return lambda: measuring.cost(bench.tool("measure"), command, cores or [bench.core], stdin,
                                  output or bench.path("output"), times)


def check_answers(output, count):
    """A program that skipped mails would look fast."""
    with open(output, "rb") as file:
        answers = sum(line.startswith(b'{"schema":') for line in file)
    if answers != count:
        raise Failed(f"{answers} answers to {count} mails")


def mailboxes(bench):
    """Items 1, 2 and 3 of the aims, and the peers."""
    yield from table("Mailboxes, one core, JSON written to a file",
                     ("mailbox", "program", "mails/s", "MB/s", "µs a mail", "time, GMime = 1", "peak MB"))
    for name, what in BOXES.items():
        path = bench.make(name)
        nbytes, count = size_of(path)
        contestants = {"GMime alone": runner(bench, [bench.tool("gmime_parse"), path]),
                       "bounce-classify": runner(bench, bench.classify(path))}
        found = interleaved(contestants, bench.rounds)
        check_answers(bench.path("output"), count)
        beside = {program: ratio(runs, found["GMime alone"]) for program, runs in found.items()}
        if name in PEER_BOXES and bench.peers:  # these are slow: one round, with GMime again for comparison
            gmime = {"GMime alone": contestants["GMime alone"]}
            peers = {peer: runner(bench, [*command, path]) for peer, command in bench.peers.items()}
            slow = interleaved(gmime | peers, 1)
            beside |= {peer: ratio(slow[peer], slow["GMime alone"]) for peer in peers}
            found |= {peer: slow[peer] for peer in peers}
        if name == "large.mbox":
            bench.aim(what + ", a core", 1.0, nbytes / median(found["bounce-classify"]) / 1e9, False, " GB/s")
        else:
            bench.aim(what + ", time beside GMime's", 0.15 if name == "ordinary.mbox" else 1.0,
                      beside["bounce-classify"])
        what = f"{what}: {count} mails of {nbytes / count / 1000:.1f} kB"
        for program, runs in found.items():
            seconds = median(runs)
            yield row(what, program, f"{count / seconds:,.0f}", f"{nbytes / seconds / 1e6:,.0f}",
                      f"{seconds / count * 1e6:,.1f}", f"{beside[program]:.2f}",
                      f"{median(runs, 'rss_mb'):.1f}")


def both_at_once(bench, command, cores):
    """The same command on each core at the same time; the wall time of the slower one."""
    tasks = [start(bench.tool("measure"), command, [core], output=bench.path(f"output.{core}")) for core in cores]
    return [max((finish(task)[0] for task in tasks), key=lambda run: run.wall)]


def scaling(bench):
    """Item 4: two workers, two processes of GMime, two threads of the library."""
    yield from table("Two cores", ("what", "one", "two", "times faster (wall time, best of the rounds)",
                                   "processor time of the same work, with one = 1"))
    if len(bench.cores) < 2:
        yield row("there is one core only", "", "", "", "")
        return
    path, cores = bench.make("bounces.mbox"), bench.cores[:2]
    count = size_of(path)[1]
    gmime = [bench.tool("gmime_parse"), path]
    contestants = {"GMime": runner(bench, gmime), "2 GMime": lambda: both_at_once(bench, gmime, cores),
                   "1 job": runner(bench, bench.classify(path), cores),
                   "2 processes": lambda: both_at_once(bench, bench.classify(path), cores)}
    if bench.has_jobs:
        contestants["2 jobs"] = runner(bench, bench.classify(path, jobs=2), cores)
    runs = interleaved(contestants, bench.rounds)

    def line(what, one, two, share):
        """share: how often the two read the mailbox."""
        rates = count / best(runs[one]), share * count / best(runs[two])
        return row(what, *(f"{rate:,.0f}/s" for rate in rates), f"{rates[1] / rates[0]:.2f}",
                   f"{ratio(runs[two], runs[one]):.2f}")
    yield line("GMime alone, two processes, each the mailbox", "GMime", "2 GMime", 2)
    yield line("bounce-classify --jobs 1, two processes, each the mailbox", "1 job", "2 processes", 2)
    if bench.has_jobs:
        yield line("bounce-classify --jobs 2, beside --jobs 1", "1 job", "2 jobs", 1)
        scale, gmime_scale = best(runs["1 job"]) / best(runs["2 jobs"]), 2 * best(runs["GMime"]) / best(runs["2 GMime"])
        bench.aim("--jobs 2 beside --jobs 1", 1.75, scale, False)
        bench.aim("its scaling beside that of two processes of GMime", 0.9, scale / gmime_scale, False)
    command = [bench.tool("threads"), path, 2, bench.rounds]
    measuring.cost(bench.tool("measure"), command, cores, output=bench.path("threads"))
    one, two, faster, processor = map(float, bench.path("threads").read_text().split())
    yield row("the library, two threads, mails in memory", f"{one:,.0f}/s", f"{two:,.0f}/s", f"{faster:.2f}",
              f"{processor:.2f}")


def start_up(bench, program):
    return runner(bench, program, stdin=bench.make("one.eml"), times=10)


def starts(bench, programs):
    found = interleaved({name: start_up(bench, program) for name, program in programs.items()}, bench.starts)
    empty = found["an empty program that calls g_mime_init"]
    for name, runs in found.items():
        yield name, median(runs, "wall") * 1e3, median(runs) * 1e3, ratio(runs, empty, "wall"), ratio(runs, empty)


def start_line(entry):
    name, wall, cpu, wall_ratio, cpu_ratio = entry
    return row(name, f"{wall:.2f}", f"{cpu:.2f}", f"{wall_ratio:.2f}", f"{cpu_ratio:.2f}")


def start_columns(title):
    return table(title, ("program", "wall ms", "processor ms", "wall, empty = 1", "processor, empty = 1"))


def programs_to_start(bench):
    return {"an empty program that calls g_mime_init": [bench.tool("gmime_init")],
            "bounce-classify, one mail on standard input": [bench.program, "--format", "json"]}


def startup(bench):
    """Item 6: from the start of the process to its end."""
    yield from start_columns("One mail, from start to end")
    entries = list(starts(bench, programs_to_start(bench)))
    yield from map(start_line, entries)
    bench.aim("one mail from start to end beside an empty program, processor time", 1.5, entries[-1][4])


def replies(bench):
    """Item 7: replies, one a line, and the function in a loop."""
    yield from table("Replies, one core", ("what", "replies/s", "ns a reply"))
    path, rates = bench.make("replies"), []
    for _ in range(bench.rounds):
        finish(start(bench.tool("measure"), [bench.tool("reply_loop"), path], [bench.core],
                     output=bench.path("loop")))
        rates.append(float(bench.path("loop").read_text().split()[2]))
    line = [*bench.classify("--reply")]
    runs = interleaved({"lines": runner(bench, line, stdin=path)}, bench.rounds)["lines"]
    rate = sorted(rates)[len(rates) // 2]
    yield row("bounce_parse_reply() in a loop", f"{rate:,.0f}", f"{1e9 / rate:,.0f}")
    bench.aim("bounce_parse_reply() in a loop", 1e6, rate, False, "/s")
    rate = bench.replies / median(runs)
    yield row("bounce-classify --reply --format json", f"{rate:,.0f}", f"{1e9 / rate:,.0f}")
    bench.aim("--reply, JSON, a core", 4e5, rate, False, "/s")


def rules(bench):
    """Item 8: ten times the rules built in."""
    many = bench.tool("bounce-classify-10x")
    yield from table("Ten times the rules, one core", ("what", "as it is", "ten times", "ratio"))
    if not many.exists():
        yield row("build the target bench_programs first", "", "", "")
        return
    path = bench.make("bounces.mbox")
    command = bench.classify(path)
    found = interleaved({"one": runner(bench, command), "ten": runner(bench, [many, *command[1:]])}, bench.rounds)
    count = size_of(path)[1]
    us = {name: median(runs) / count * 1e6 for name, runs in found.items()}
    bench.aim("ten times the rules: time of a mail", 1.15, ratio(found["ten"], found["one"]))
    yield row("processor time of a mail", f"{us['one']:.1f} µs", f"{us['ten']:.1f} µs",
              f"{ratio(found['ten'], found['one']):.2f}")
    found = interleaved({"one": start_up(bench, [bench.program, "--format", "json"]),
                         "ten": start_up(bench, [many, "--format", "json"])}, bench.starts)
    bench.aim("ten times the rules: one mail from start to end, processor time", 1.2, ratio(found["ten"], found["one"]))
    for what in ("wall", "cpu"):
        ms = {name: median(runs, what) * 1e3 for name, runs in found.items()}
        yield row(f"{'wall' if what == 'wall' else 'processor'} time from start to end, one mail",
                  f"{ms['one']:.2f} ms", f"{ms['ten']:.2f} ms", f"{ratio(found['ten'], found['one'], what):.2f}")


def endless(bench):
    """Chunks of an mbox in which no two mails are alike, without generating each mail."""
    rng, mark = boxes.new_rng("pipe"), b"zq0mark0q"
    mails = boxes.bounces(rng, bench.cases, 2000)
    text = b"".join(boxes.as_mbox(mail, rng) for mail in mails).replace(b".example", b"." + mark + b".example")
    for number in itertools.count():
        yield text.replace(mark, b"n%08x" % number)


def up_to(chunks, size):
    for chunk in chunks:
        yield chunk[:size]
        size -= len(chunk)
        if size <= 0:
            return


def pipe(bench):
    """Item 5: memory for a mailbox from a pipe."""
    yield from table(f"Resident memory while {bench.pipe / 1e9:.2f} GB come through a pipe, all processes together",
                     ("program", "peak MB, shared pages counted in each process", "peak MB, shared pages once"))
    for jobs in (1, 2) if bench.has_jobs else (1,):
        measuring.say(f"    {jobs} job(s)")
        rss, pss = measuring.piped(bench.classify(jobs=jobs), up_to(endless(bench), bench.pipe))
        bench.aim(f"resident memory in all, {jobs} worker(s), {bench.pipe / 1e9:.2f} GB through a pipe",
                  16 if jobs == 1 else 48, rss, True, " MB")
        yield row(f"bounce-classify --jobs {jobs}" if bench.has_jobs else "bounce-classify",
                  f"{rss:.1f}", f"{pss:.1f}")
