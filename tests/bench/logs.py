#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the lines of a log cost, in instructions, which do not vary, and in time.

usage: logs.py PROGRAM [MEGABYTES]

Three logs of Postfix as a relay writes them: one in which everything is delivered (with smtpd, cleanup, qmgr and smtp,
and other programs in between), one in which each recipient is refused, with 60 replies of 97 hosts, and one in which no
two replies are alike. Prints for each log the instructions for each byte and each line or failure by callgrind (the
difference between a log and one three times as long), and the processor time over MEGABYTES of it (default 64). JSON
goes to a file.
"""
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import callgrind  # noqa: E402

REPLIES = [line.split("\t")[0] for line in (HERE.parent / "seed" / "replies.tsv").read_text().splitlines()
           if line and not line.startswith("#") and len(line) < 250][:60]
ID = "0123456789ABCDEFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"


def stamp(number):
    return f"Nov {1 + number // 86400 % 30:2} {number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02} mx1 "


def queue_id(rng):
    return "4" + "".join(rng.choice(ID) for _ in range(14))


def message(rng, number, outcome):
    """The lines of one message."""
    head, key, pid = stamp(number), queue_id(rng), rng.randrange(1000, 99999)
    sender, size = f"news-{number}@shop.example", rng.randrange(2000, 90000)
    yield f"{head}postfix/smtpd[{pid}]: connect from app3.internal.example[10.1.2.{number % 250}]"
    yield f"{head}postfix/smtpd[{pid}]: {key}: client=app3.internal.example[10.1.2.{number % 250}], sasl_method=PLAIN, " \
          f"sasl_username=shop"
    yield f"{head}postfix/cleanup[{pid + 1}]: {key}: message-id=<{number}.{key}@shop.example>"
    yield f"{head}postfix/qmgr[777]: {key}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"
    yield f"{head}postfix/smtpd[{pid}]: disconnect from app3.internal.example[10.1.2.{number % 250}] ehlo=2 starttls=1 " \
          f"auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8"
    yield f"{head}postfix/smtp[{pid + 2}]: Untrusted TLS connection established to mx.b{number % 97}.example[198.51.100." \
          f"{number % 250}]:25: TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"
    yield f"{head}postfix/smtp[{pid + 2}]: {key}: to=<u{number}@b{number % 97}.example>, relay=mx.b{number % 97}.example" \
          f"[198.51.100.{number % 250}]:25, delay=1.3, delays=0.1/0.01/0.4/0.79, {outcome}"
    yield f"{head}postfix/qmgr[777]: {key}: removed"


def delivered(rng, number):
    yield from message(rng, number, f"dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {queue_id(rng)})")
    yield f"{stamp(number)}systemd[1]: Started Session {number} of User backup."
    yield f"{stamp(number)}dovecot: imap-login: Login: user=<u{number}>, method=PLAIN, rip=192.0.2.7, lip=192.0.2.1, TLS"


def refused(rng, number):
    reply = rng.choice(REPLIES)
    lines = [*message(rng, number, "dsn=5.0.0, status=bounced (host mx.b{0}.example[198.51.100.9] said: {1} (in reply to "
                      "RCPT TO command))".format(number % 97, reply))]
    yield lines[6]
    yield lines[7]


def refused_otherwise(rng, number):
    """No two replies are the same."""
    for line in refused(rng, number):
        yield line.replace(" said: ", f" said: {rng.randrange(10 ** 9)} ")


def make(path, maker, least_bytes, first=0):
    """Writes a log; returns its number of messages."""
    rng, number, size = random.Random(7), first, 0
    with open(path, "w", encoding="utf-8") as file:
        while size < least_bytes:
            text = "".join(line + "\n" for line in maker(rng, number))
            file.write(text)
            size += len(text.encode())
            number += 1
    return number - first


def seconds(command):
    """Processor time, the best of three."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def main():
    program, least = sys.argv[1], int(sys.argv[2]) << 20 if len(sys.argv) > 2 else 64 << 20
    options = ["--log", "--format", "json", "--jobs", "1", "--no-sandbox"]
    with tempfile.TemporaryDirectory() as name:
        small, large, long = (pathlib.Path(name) / size for size in ("small", "large", "long"))
        for title, maker, least_bytes in (("all delivered", delivered, 1 << 20), ("all refused", refused, 6 << 20),
                                           ("all refused, each in other words", refused_otherwise, 300_000)):
            count = make(large, maker, 3 * least_bytes) - make(small, maker, least_bytes)
            per_byte = large.stat().st_size - small.stat().st_size
            with open("/dev/null", "rb") as nothing:
                cost = callgrind.count([program, *options, large], nothing) - callgrind.count([program, *options, small],
                                                                                              nothing)
            print(f"{title}: {cost / per_byte:.2f} instructions a byte, {cost / count:.0f} a message", flush=True)
            many = make(long, maker, least)
            spent = seconds([program, *options, long])
            print(f"    {long.stat().st_size / 1e6 / spent:.0f} MB and {many / spent:.0f} messages a second of processor time")


if __name__ == "__main__":
    main()
