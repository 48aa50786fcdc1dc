# SPDX-License-Identifier: MIT
"""Runs programs and measures what they cost: time, and peak memory."""
import collections
import pathlib
import statistics
import subprocess
import sys
import threading

Run = collections.namedtuple("Run", "wall cpu rss_mb")
PAGE_KB = 4


class Failed(Exception):
    """A program that was being measured ended with an error."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def start(measure, command, cores, stdin=None, output=None, times=1):
    """The measuring program running a command; finish() returns the runs."""
    line = [measure, "-c", ",".join(map(str, cores)), "-n", str(times)]
    line += ["-i", stdin] if stdin else []
    line += ["-o", output] if output else []
    return subprocess.Popen([*map(str, line), *map(str, command)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def finish(process):
    out, err = process.communicate()
    runs = []
    for line in out.splitlines():
        wall, user, system, rss_kb, status = line.split()
        if status != "0":
            raise Failed(f"{process.args}: exit status {status}: {err[-500:]}")
        runs.append(Run(int(wall) / 1e6, (int(user) + int(system)) / 1e6, int(rss_kb) / 1024))
    if process.returncode or not runs:
        raise Failed(f"{process.args}: {err[-500:]}")
    return runs


def cost(*arguments, **options):
    return finish(start(*arguments, **options))


def interleaved(contestants, rounds):
    """contestants: name -> function that returns runs. Calls each in turn, round by round."""
    found = {name: [] for name in contestants}
    for number in range(rounds):
        say(f"    round {number + 1} of {rounds}")
        for name, run in contestants.items():
            found[name] += run()
    return found


def median(runs, what="cpu"):
    return statistics.median(getattr(run, what) for run in runs)


def best(runs, what="wall"):
    return min(getattr(run, what) for run in runs)


def ratio(ours, theirs, what="cpu"):
    """Median over the rounds of the ratio within a round: what slows down the machine slows down both."""
    return statistics.median(getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs))


# ------------------------------------------------- memory of several processes

def family(pid):
    """A process and all its descendants."""
    parents = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
    found, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def memory_mb(pids):
    """Resident memory in MB: counting shared pages once for each process, and once in all."""
    rss_kb = pss_kb = 0
    for pid in pids:
        try:
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Rss:"):
                    rss_kb += int(line.split()[1])
                elif line.startswith("Pss:"):
                    pss_kb += int(line.split()[1])
        except (OSError, ValueError):
            continue
    return rss_kb / 1024, pss_kb / 1024


def piped(command, chunks):
    """Writes chunks to a program's standard input; returns (peak RSS, peak PSS) of it and its workers."""
    process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    peak, over = [0, 0], threading.Event()

    def watch():
        while not over.wait(0.1):
            for i, now in enumerate(memory_mb(family(process.pid))):
                peak[i] = max(peak[i], now)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()
    finally:
        status = process.wait()
        over.set()
        watcher.join()
    if status:
        raise Failed(f"{command}: exit status {status}")
    return tuple(peak)
