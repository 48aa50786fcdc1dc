#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The whole way with a real Postfix on loopback: send, bounce, record, suppress; a full mailbox through its retries.

usage: postfix.py LEDGER CLASSIFY

Postfix runs in its own folders and listens on loopback only; what it sends goes to a server of this script. Its
bounces go through a pipe into bounce-classify and bounce-ledger, as doc/ledger.md shows. The ledger's clock is the file
"now": the times of reports and logs, which are today's, are removed first. Ends with status 77 if there is no
Postfix, or the test does not run as root.
"""
import email.message
import json
import os
import pathlib
import shutil
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
START = 1767225600
HOUR, DAY = 3600, 86400
SENDER = "news@bounces.example.org"
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
ledger unix - n n - 1 pipe flags=Rq user=nobody argv={top}/record
"""
MAIN = """
compatibility_level = 3.6
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
queue_directory = {top}/spool
data_directory = {top}/data
maillog_file = {top}/mail.log
maillog_file_prefixes = {top}
transport_maps = inline:{{ bounces.example.org=ledger: }}
relayhost = [127.0.0.1]:{sink}
smtpd_recipient_restrictions = check_recipient_access texthash:{top}/suppressed, permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_tls_security_level = none
"""
RECORD = """#!/bin/sh
# A bounce on standard input, into the ledger.
verdict=$({top}/bin/bounce-classify --format json --input-format mail) || exit 75
printf '%s\\n' "$verdict" | sed 's/"\\(time\\|date\\|arrival_date\\|last_attempt\\)":"[^"]*"/"\\1":null/g' |
    {top}/bin/bounce-ledger --db {top}/ledger/ledger.db record -q --now "$(cat {top}/now)"
[ $? -ne 4 ] || exit 75
"""
ANSWERS = {"dead@dest.example": "550 5.1.1 User unknown", "full@dest.example": "552 5.2.2 Mailbox is over its quota"}


class Sink(socketserver.StreamRequestHandler):
    """A server that answers each recipient as ANSWERS says."""

    def handle(self):
        self.wfile.write(b"220 mx.dest.example ESMTP\r\n")
        for line in self.rfile:
            words = line.decode().strip()
            verb = words[:4].upper()
            answer = "250 2.0.0 Ok"
            if verb == "RCPT":
                answer = ANSWERS.get(words[words.index("<") + 1:words.index(">")], "250 2.1.5 Ok")
            elif verb == "DATA":
                self.wfile.write(b"354 Go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self.wfile.write(f"{answer}\r\n".encode())
            if verb == "QUIT":
                return


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Way:
    """Postfix and the ledger, and how the test uses them."""

    def __init__(self, top, ledger, classify, sink):
        self.top, self.port = top, free_port()
        os.chmod(top, 0o755)
        for name in ("etc", "spool", "data", "ledger", "bin"):
            (top / name).mkdir()
        for program, name in ((ledger, "bounce-ledger"), (classify, "bounce-classify")):
            shutil.copy(program, top / "bin" / name)
        shutil.chown(top / "data", "postfix")
        shutil.chown(top / "ledger", "nobody")
        (top / "etc" / "main.cf").write_text(MAIN.format(top=top, sink=sink), encoding="utf-8")
        (top / "etc" / "master.cf").write_text(MASTER.format(top=top, port=self.port), encoding="utf-8")
        (top / "record").write_text(RECORD.format(top=top), encoding="utf-8")
        (top / "record").chmod(0o755)
        (top / "suppressed").touch()
        self.set_now(START)
        self.sent = 0
        self.postfix("start")

    def postfix(self, command):
        subprocess.run(["postfix", "-c", str(self.top / "etc"), command], check=command != "stop", stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE if command == "stop" else None)

    def set_now(self, seconds):
        self.now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
        (self.top / "now").write_text(self.now, encoding="ascii")

    def ledger(self, *arguments, given=None):
        return subprocess.run([str(self.top / "bin" / "bounce-ledger"), "--db", str(self.top / "ledger" / "ledger.db"), "--now", self.now,
                               *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    def answers(self, *arguments):
        return [json.loads(line) for line in self.ledger(*arguments, "--format", "json").stdout.splitlines()]

    def send(self, to):
        """Sends a mail; returns the reply code for the recipient."""
        message = email.message.EmailMessage()
        self.sent += 1
        message["From"], message["To"], message["Subject"] = SENDER, to, "News"
        message["Message-ID"] = f"<{self.sent}.{os.getpid()}@bounces.example.org>"
        message.set_content("Hello.")
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            try:
                client.send_message(message, SENDER, [to])
            except smtplib.SMTPRecipientsRefused as refused:
                return refused.recipients[to][0]
        return 250

    def wait(self, what, found):
        for _ in range(600):
            if found():
                return
            time.sleep(0.1)
        sys.exit(f"not seen: {what}\n{self.log()}")

    def log(self):
        path = self.top / "mail.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def record_log(self):
        """On loopback, mail is relayed, not delivered: the log gets another address for the server of this script."""
        found = subprocess.run([str(self.top / "bin" / "bounce-classify"), "--log", "--delivered", "--format", "json"], text=True, check=False,
                               input=self.log().replace("127.0.0.1[127.0.0.1]", "mx.dest.example[198.51.100.9]"), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL).stdout
        found = "".join(line + "\n" for line in found.splitlines() if '"action":"delivered"' in line and "full@dest.example" in line)
        for key in ("time", "date", "arrival_date", "last_attempt"):
            parts = found.split(f'"{key}":"')
            found = parts[0] + "".join(f'"{key}":null' + part.partition('"')[2] for part in parts[1:])
        self.ledger("record", "-q", given=found)
        return found


def expect(what, is_so):
    if not is_so:
        sys.exit(f"not so: {what}")
    print(f"ok: {what}", flush=True)


def go(way):
    way.wait("Postfix", lambda: socket.socket().connect_ex(("127.0.0.1", way.port)) == 0)
    way.send("dead@dest.example")
    way.wait("the bounce of a dead address", lambda: way.ledger("may", "dead@dest.example").returncode == 1)
    expect("a dead address is suppressed", [r["address"] for r in way.answers("suppressed")] == ["dead@dest.example"])
    rows = way.answers("suppressed")
    (way.top / "suppressed").write_text("".join(f"{r['address']} 550 5.1.1 suppressed: {r['reason']}\n" for r in rows), encoding="utf-8")
    way.postfix("reload")
    way.wait("the refusal", lambda: way.send("dead@dest.example") == 550)
    expect("Postfix refuses what the ledger has suppressed", way.send("ok@dest.example") == 250)
    at, waits = START, []
    for number in range(5):
        way.set_now(at)
        way.send("full@dest.example")
        way.wait(f"full mailbox, bounce {number + 1}", lambda: len((way.answers("show", "full@dest.example") or [{"events": []}])[0]["events"]) > number)
        state = way.answers("show", "full@dest.example")[0]["states"][0]
        until = int(time.mktime(time.strptime(state["until"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone)
        waits.append((until - at) // HOUR)
        expect(f"not to be mailed after bounce {number + 1}", way.ledger("may", "full@dest.example").returncode == 3)
        way.set_now(until)
        expect(f"due {waits[-1]} hours later", [r["address"] for r in way.answers("due")] == ["full@dest.example"])
        at = until + HOUR
    expect("four retries, then a pause of 30 days", waits == [24, 48, 72, 168, 720])
    del ANSWERS["full@dest.example"]
    way.set_now(at)
    way.send("full@dest.example")
    way.wait("the delivery", way.record_log)
    expect("delivered, and free again", way.ledger("may", "full@dest.example").returncode == 0 and not way.answers("due"))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if not shutil.which("postfix", path=f"{os.environ['PATH']}:/usr/sbin"):
        skip("Postfix is not installed (Debian: postfix)")
    if os.getuid() != 0:
        skip("Postfix is started by root")
    os.environ["PATH"] += ":/usr/sbin"
    os.environ["TZ"] = "UTC"
    time.tzset()
    sink = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink)
    sink.daemon_threads = True
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        way = Way(pathlib.Path(name), sys.argv[1], sys.argv[2], sink.server_address[1])
        try:
            go(way)
        finally:
            way.postfix("stop")


if __name__ == "__main__":
    main()
