#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Memory does not grow with a mailbox from a pipe.

usage: memory.py PROGRAM [BYTES [SHAPE JOBS LIMIT_MB]]

Without SHAPE: small mails with one process under 16 MB, and small and mixed mails
with two workers under 48 MB in all. BYTES is 100M by default; 20G is the promised
size. The figure is the sum, over the processes, of the most resident memory that
each ever had: more than they ever had at once, and shared pages count for each
process.
"""
import pathlib
import re
import subprocess
import sys
import time

CASES = (("small", 1, 16), ("small", 2, 48), ("mixed", 1, 48), ("mixed", 2, 48))
HERE = pathlib.Path(__file__).resolve().parent
SAMPLE_S = 0.05


def family(pid):
    """The program and its workers."""
    try:
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *map(int, children)]


def high_water_kb(pid):
    try:
        match = re.search(r"^VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    except OSError:
        match = None
    return int(match[1]) if match else 0


def measure(program, size, shape, jobs):
    """The memory of each process in KB, the number of mails classified, and seconds."""
    start = time.monotonic()
    most = {}
    with subprocess.Popen([sys.executable, HERE / "mails.py", size, shape], stdout=subprocess.PIPE) as writer, \
            subprocess.Popen([program, "--jobs", str(jobs), "--format", "json"], stdin=writer.stdout,
                             stdout=subprocess.PIPE) as reader, \
            subprocess.Popen(["wc", "-l"], stdin=reader.stdout, stdout=subprocess.PIPE) as counter:
        writer.stdout.close()
        reader.stdout.close()
        while reader.poll() is None:
            for pid in family(reader.pid):
                most[pid] = max(most.get(pid, 0), high_water_kb(pid))
            time.sleep(SAMPLE_S)
        mails = int(counter.stdout.read())
    if writer.returncode != 0 or reader.returncode != 0:
        sys.exit(f"mails.py ended with {writer.returncode}, the program with {reader.returncode}")
    return [kb for kb in most.values() if kb], mails, time.monotonic() - start


TRIES = 3  # runs, until workers are seen


def main():
    if len(sys.argv) not in (2, 3, 6):
        sys.exit(__doc__)
    program, size = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "100M"
    with open(program, "rb") as file:
        if b"__asan_init" in file.read():
            print("skipped: a sanitizer takes more memory than the program")
            return
    cases = CASES if len(sys.argv) < 6 else ((sys.argv[3], int(sys.argv[4]), int(sys.argv[5])),)
    failed = False
    for shape, jobs, limit_mb in cases:
        wanted = jobs + 1 if jobs > 1 else 1
        for _ in range(TRIES):
            most, mails, seconds = measure(program, size, shape, jobs)
            if len(most) >= wanted:
                break
        total_mb = sum(most) / 1024
        # On a busy machine the writer may be so slow that one process keeps up, and
        # no worker starts: then only that process was measured.
        wrong = total_mb > limit_mb or not mails
        failed |= wrong
        print(f"{size} {shape}, {jobs} jobs: {total_mb:.1f} MB (limit {limit_mb}) in {len(most)} processes, "
              f"{mails} mails, {seconds:.0f} s{' TOO MUCH' if wrong else ''}", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
