# SPDX-License-Identifier: MIT
"""A /dev of the lab's own, and its system log.

In: what a server writes to /dev/log. Out: lines in rsyslog's traditional format, cut at BYTES as RFC 3164 requires.
Both are in the namespaces of the lab, so that nothing reaches the host's /dev/log.
"""
import os
import re
import socket
import subprocess
import threading

BYTES = 1024


def private_dev(root):
    """A /dev with what servers open; the host's is not used, because its /dev/log would be shared."""
    dev = root / "dev"
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", dev], check=True)
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        (dev / name).touch()
        subprocess.run(["mount", "--bind", f"/dev/{name}", dev / name], check=True)
    (dev / "shm").mkdir(mode=0o1777)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        (dev / name).symlink_to(f"/proc/self/fd/{number}")
    (dev / "fd").symlink_to("/proc/self/fd")


def line_of(datagram, host):
    """One line of the log: without the priority, with the host after the time, control characters as #012."""
    text = re.sub(rb"^<\d+>", b"", datagram).rstrip(b"\n\0")
    match = re.match(rb"(\w{3} [ \d]\d \d\d:\d\d:\d\d) (.*)", text, re.S)
    if not match:
        return b""
    escaped = re.sub(rb"[\0-\x1f\x7f]", lambda c: b"#%03o" % c[0][0], match[2])
    return (match[1] + b" " + host.encode() + b" " + escaped)[:BYTES] + b"\n"


def start(root, path, host="mail"):
    """Writes what arrives at root/dev/log into path, until the namespaces end."""
    where = str(root / "dev" / "log")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(where)
    os.chmod(where, 0o666)
    path.unlink(missing_ok=True)

    def listen():
        with open(path, "ab", buffering=0) as log:
            while True:
                log.write(line_of(server.recv(1 << 16), host))

    threading.Thread(target=listen, daemon=True).start()
