# SPDX-License-Identifier: MIT
"""Instructions that a program executes, counted by valgrind's callgrind: the
same number on a busy machine as on an idle one."""
import re
import subprocess
import sys


def count(command, stdin=subprocess.DEVNULL):
    """Instructions of a command that reads the open file stdin."""
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *map(str, command)],
                          stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        sys.exit(f"callgrind of {command[0]}: exit status {done.returncode}\n{done.stderr[-1000:]}")
    return int(found.group(1))
