# SPDX-License-Identifier: MIT
"""Runs the project's tests with one change at a time.

The tests are those of CTest, run as CTest would run them; only cases of the corpus are run by calling
run_cases.py's own function instead of starting Python for each. A first run of all tests without a change shows
which changes each of them reaches, and how long it takes.
"""
import dataclasses
import json
import math
import mmap
import os
import pathlib
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import run_cases  # noqa: E402

SEEN_BYTES = 4096  # BOUNCE_MUTANTS in mutant.h
ADDRESS_SPACE = 6 << 30
MEASURING = ("bench/smoke", "bench/handwritten", "scale/", "hostile/linear_cost")


@dataclasses.dataclass
class Test:
    """One test of CTest, and the results of its first run."""
    name: str
    command: list
    environment: dict
    forbidden: str
    folder: str
    timeout_s: float
    cpu_s: float = 0.0
    wall_s: float = 0.0
    passed: bool = True
    reaches: frozenset = frozenset()


def is_case(test):
    return len(test.command) > 3 and test.command[-3].endswith("/run_cases.py")


def each_case(test):
    """A test for each case of a folder of the corpus; any other test unchanged."""
    if not is_case(test):
        return [test]
    folder = pathlib.Path(test.command[-1])
    return [dataclasses.replace(test, name=f"{test.name}/{case.relative_to(folder)}",
                                command=[*test.command[:-1], str(case)]) for case in run_cases.cases(folder)]


def run_case(test):
    """Runs a case of the corpus in this process; returns whether it passed."""
    try:
        return not list(run_cases.run(test.command[-2], pathlib.Path(test.command[-1])))
    except Exception:  # run_cases.py would exit
        return False


def known_tests(build):
    """All tests of a build, except those that measure."""
    shown = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, check=True, capture_output=True, text=True)
    result = []
    for entry in json.loads(shown.stdout)["tests"]:
        properties = {p["name"]: p["value"] for p in entry.get("properties", ())}
        environment = dict(pair.split("=", 1) for pair in properties.get("ENVIRONMENT", ()))
        forbidden = "|".join(properties.get("FAIL_REGULAR_EXPRESSION", ()))
        result += each_case(Test(entry["name"], entry["command"], environment, forbidden,
                                 properties.get("WORKING_DIRECTORY", str(build)),
                                 float(properties.get("TIMEOUT", 300))))
    return [test for test in result if not test.name.startswith(MEASURING)]


class Limits:
    """Processor time for each process that a test starts. The limit is inherited; this process, to which it applies
    too, only catches the signal."""

    def __init__(self, seconds):
        self.seconds = max(1, math.ceil(seconds))

    def __enter__(self):
        signal.signal(signal.SIGXCPU, lambda *_: None)
        self.before = resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.before[0][1]))
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, self.before[1][1]))

    def __exit__(self, *_):
        resource.setrlimit(resource.RLIMIT_CPU, self.before[0])
        resource.setrlimit(resource.RLIMIT_AS, self.before[1])


def run_command(test, wall_s):
    """Runs a test as a command; returns whether it passed."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(test.command, cwd=test.folder, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(timeout=wall_s)
        except subprocess.TimeoutExpired:
            status = None
        try:
            os.killpg(process.pid, signal.SIGKILL)  # the test's own group: also ends what it left running
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return status == 0 and not (test.forbidden and re.search(test.forbidden, text))


def run_test(test, cpu_s, wall_s, **more):
    """Whether a test passes with these variables in its environment, within the limits."""
    before = dict(os.environ)
    os.environ.update(test.environment)
    os.environ.update(more)
    try:
        with Limits(cpu_s):
            return run_case(test) if is_case(test) else run_command(test, wall_s)
    finally:
        os.environ.clear()
        os.environ.update(before)


def children_cpu_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def first_run(test):
    """Runs a test without a change, notes its time and which changes it reaches."""
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(SEEN_BYTES)
        cpu, wall = children_cpu_s(), time.monotonic()
        test.passed = run_test(test, 600, test.timeout_s, BOUNCE_MUTANTS_SEEN=file.name)
        test.cpu_s, test.wall_s = children_cpu_s() - cpu, time.monotonic() - wall
        with mmap.mmap(file.fileno(), SEEN_BYTES) as seen:
            test.reaches = frozenset(number for number in range(SEEN_BYTES) if seen[number])
    return test


def limited(test, **more):
    """Runs a test with a limit that allows for a slower machine, but ends an endless loop."""
    return run_test(test, 2 + 4 * test.cpu_s, min(test.timeout_s, 20 + 15 * test.wall_s), **more)


def try_change(number, tests):
    """The name of the first test that notices the change, or None: it fails with the change each time, and passes
    without it in between."""
    change = {"BOUNCE_MUTANT": str(number)}
    for test in tests:
        if not limited(test, **change) and limited(test) and not limited(test, **change):
            return test.name
    return None
