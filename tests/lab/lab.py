#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes real bounces: runs one mail server on loopback in its own namespaces against scripted SMTP hosts and scripted DNS.

usage: lab.py run SERVER [CASE...]    run the cases (all by default; SERVER may be "all"); raw results go to $LAB/out/SERVER
       lab.py write SERVER [CASE...]  write them to tests/corpus/lab-SERVER/CASE/{mail.eml,origin.md,expected.json}
       lab.py check                   compare what expected.json states with the words of each mail
"""
import asyncio
import importlib
import json
import os
import pathlib
import re
import smtplib
import subprocess
import sys
import time

sys.dont_write_bytecode = True   # nothing but the corpus is written into the checkout
import dns
import smtphost
import syslogd
from scenarios import SCENARIOS

HERE = pathlib.Path(__file__).resolve().parent
LAB = pathlib.Path(os.environ.get("LAB", "/var/tmp/lab"))
CORPUS = HERE.parent / "corpus"
SERVERS = ["postfix", "exim", "sendmail", "opensmtpd", "courier", "dma", "nullmailer", "chasquid", "dovecot"]
INSIDE = "LIBBOUNCE_LAB_INSIDE"
SENDERS = "news.example.org"   # reports go to CASE@news.example.org, whose mail host is the sink
SINK = "127.2.0.1"
SYSLOG = "var/log/mail.log"   # below the root of a server


class Case:
    """One message and the report that it must cause.

    to: recipients. want: what the report must contain (a regular expression), to tell a delay notice from a failure.
    notify, ret, envid, smtputf8: ESMTP parameters. hops: Received lines added at the top. size: bytes of padding.
    expect: see write(). variant: the server's configuration. prepare, submit: functions of the server, for odd cases.
    """

    def __init__(self, name, to, expect, *, about, want="", notify=None, ret=None, envid=None, smtputf8=False, hops=0, size=0,
                 variant="", seconds=40, kind="dsn", submit=None, headers="", top=None):
        self.name, self.to, self.expect, self.about, self.want = name, to, expect, about, want
        self.notify, self.ret, self.envid, self.smtputf8, self.hops, self.size = notify, ret, envid, smtputf8, hops, size
        self.variant, self.seconds, self.kind, self.submit, self.headers, self.top = variant, seconds, kind, submit, headers, top or {}
        self.sender = f"{name}@{SENDERS}"

    def targets(self):
        """The recipients, and what they lead to."""
        return list(dict.fromkeys([*self.to, *(r["address"] for r in self.expect)]))

    def message(self):
        received = "".join(
            f"Received: from hop{n}.example.net (hop{n}.example.net [192.0.2.{n}])\r\n\tby hop{n + 1}.example.net with ESMTP id h{n:04d};"
            f"\r\n\tSun, 22 Nov 2026 05:{n % 60:02d}:00 +0000\r\n" for n in range(self.hops, 0, -1))
        text = (f"From: Example News <{self.sender}>\r\nTo: {', '.join(self.to)}\r\nSubject: Issue 7: {self.name}\r\n"
                f"Date: Sun, 22 Nov 2026 06:00:00 +0000\r\nMessage-ID: <issue7.{self.name}@{SENDERS}>\r\n{self.headers}"
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                "Hello,\r\n\r\nthis is issue 7 of our newsletter.\r\n")
        padding = "The quick brown fox jumps over the lazy dog.\r\n" * (self.size // 46)
        return (received + text + padding).encode()


def send(case, address="127.0.0.1", port=25):
    """Submits by SMTP, all recipients in one transaction."""
    with smtplib.SMTP(address, port, local_hostname="app.example.org", timeout=20) as smtp:
        smtp.ehlo()
        options = ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
        options += ["SMTPUTF8"] * case.smtputf8 + [f"RET={case.ret}"] * bool(case.ret) + [f"ENVID={case.envid}"] * bool(case.envid)
        if case.smtputf8:
            smtp.command_encoding = "utf-8"
        reply = smtp.mail(case.sender, options)
        if reply[0] != 250:
            raise RuntimeError(f"MAIL: {reply}")
        for to in case.to:
            reply = smtp.rcpt(to, [f"NOTIFY={case.notify}"] if case.notify else [])
            if reply[0] not in (250, 251):
                raise RuntimeError(f"RCPT {to}: {reply}")
        reply = smtp.data(case.message())
        if reply[0] != 250:
            raise RuntimeError(f"DATA: {reply}")


def pipe(root, case, program="/usr/sbin/sendmail", options=()):
    """Submits with the sendmail command of the server, all recipients as arguments."""
    command = ["chroot", root, program, *options, "-f", case.sender, *case.to]
    subprocess.run(command, input=case.message().replace(b"\r\n", b"\n"), check=True, timeout=30)


def world(log, keep):
    """DNS zone and the coroutines that play the hosts; called inside the namespaces."""
    zone, hosts, held = dns.Zone(), [], []
    zone.add_host("mail.example.org", "127.0.0.1")
    zone.add(SENDERS, "plain", SINK)
    hosts.append(smtphost.serve("mx." + SENDERS, SINK, {}, [], keep))
    for number, s in enumerate(SCENARIOS.values(), 1):
        address = f"127.1.0.{number}"
        zone.add(s["domain"], s["dns"], address)
        host = "mx." + s["domain"]
        if s["host"] == "black-hole":
            held.append(smtphost.black_hole(address))
        elif s["host"] == "scripted":
            hosts.append(smtphost.serve(host, address, s["script"], log, keep))   # a smart host also gets the reports
    return zone, hosts, held


async def play(server, root, cases, log, got):
    zone, hosts, _held = world(log, lambda sender, rcpts, body: got.append((sender, rcpts, body)))
    await dns.serve(zone)
    for host in hosts:
        await host

    def found(case):
        return next((b for _, rcpts, b in got if case.sender in rcpts and re.search(case.want.encode(), b, re.M)), None)

    def blocking():
        server.start(root, cases[0].variant)
        for case in cases:
            try:
                (case.submit or getattr(server, "submit", None) or (lambda root, c: send(c)))(root, case)
            except Exception as error:   # a case that cannot be submitted must not stop the others
                print(f"{case.name}: not submitted: {error}", flush=True)
        end = time.time() + max(c.seconds for c in cases)
        while time.time() < end and not all(found(c) for c in cases):
            if hasattr(server, "tick"):
                server.tick(root)
            time.sleep(1)

    await asyncio.to_thread(blocking)
    return {case.name: found(case) for case in cases}


def inside(name, wanted):
    server, root, out = importlib.import_module("servers." + name), LAB / name, LAB / "out" / name
    subprocess.run("ip link set lo up && ip addr add 127.0.0.2/8 dev lo && hostname mail.example.org", shell=True, check=True)
    (LAB / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    syslogd.private_dev(root)
    syslogd.start(root, root / SYSLOG)
    for source, target in (("proc", "proc"), (LAB / "resolv.conf", "etc/resolv.conf")):
        kind = ["-t", "proc"] if source == "proc" else ["--bind"]
        subprocess.run(["mount", *kind, source, root / target], check=True)
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.0.1 mail.example.org mail\n")
    (root / "etc/mailname").write_text("mail.example.org\n")
    (root / "etc/hostname").write_text("mail.example.org\n")
    cases = [c for c in server.CASES if not wanted or c.name in wanted]
    out.mkdir(parents=True, exist_ok=True)
    variant = os.environ[INSIDE]
    cases = [c for c in cases if c.variant == variant]
    log, got = [], []
    server.setup(root, variant)
    try:
        results = asyncio.run(asyncio.wait_for(play(server, root, cases, log, got), 300))
    finally:
        version = server.version(root)
    for case in cases:
        mail = results[case.name]
        if not mail:
            print(f"{case.name}: no report; the sink has {sum(case.sender in r for _, r, _ in got)} other mails for it")
            continue
        hosts = {"mx." + to.rpartition("@")[2] for to in case.targets()}
        (out / f"{case.name}.eml").write_bytes(mail.replace(b"\r\n", b"\n"))
        (out / f"{case.name}.json").write_text(json.dumps(
            {"version": version, "log": [e for e in log if e["host"] in hosts]}, indent=1, ensure_ascii=False))
    for n, (sender, rcpts, body) in enumerate(got):
        (out / "all").mkdir(exist_ok=True)
        (out / "all" / f"{variant}{rcpts[0].partition('@')[0]}-{n}.eml").write_bytes(body)
    print(f"{name} {variant}: {sum(bool(m) for m in results.values())} of {len(cases)} cases", flush=True)


def run(name, wanted):
    server = importlib.import_module("servers." + name)
    for variant in dict.fromkeys(c.variant for c in server.CASES if not wanted or c.name in wanted):
        # All traffic stays on the loopback of a network namespace of its own; every process ends with the pid namespace.
        # A low file descriptor limit: some daemons close every possible descriptor one by one.
        subprocess.run(["nice", "unshare", "-n", "-m", "-u", "-i", "-p", "-f", "--kill-child", "--mount-proc", "sh", "-c",
                        'ulimit -n 4096; exec "$@"', "sh", sys.executable, __file__, "inside", name, *wanted],
                       env={**os.environ, INSIDE: variant}, check=True)


def said(case, log):
    """The replies of this case's hosts other than plain acceptance, each once."""
    lines = []
    for entry in log:
        text = entry["said"]
        mine = not entry["rcpt"] or entry["rcpt"] in case.targets()
        default = entry["stage"] in smtphost.DEFAULT and text[:1] in "23" and "delivered" not in str(case.expect)
        if mine and not default:
            line = f"{entry['host']} at {entry['stage']}: `" + text.replace("\n", "` / `") + "`"
            if line not in lines:
                lines.append(line)
    for domain in dict.fromkeys(to.rpartition("@")[2] for to in case.targets()):
        s = SCENARIOS.get(domain)
        if s and s["dns"] != "plain":
            lines.append(f"DNS for {domain}: {s['dns']}")
        if s and s["host"] in ("refused", "black-hole"):
            lines.append(f"mx.{domain}: " + ("nothing listens on port 25" if s["host"] == "refused" else "the TCP handshake never ends"))
    return lines or ["nothing: the server under test decided by itself"]


def in_order(expect, mail):
    """Recipients in the order of the report's fields, or otherwise of its text."""
    def place(r):
        at = re.search(r"^Final-Recipient:[^;]*;\s*<?" + re.escape(r["address"]), mail, re.M | re.I)
        return at.start() if at else mail.find(r["address"])
    return sorted(expect, key=place)


def write(name, wanted):
    server, out = importlib.import_module("servers." + name), LAB / "out" / name
    for case in server.CASES:
        if (wanted and case.name not in wanted) or not (out / f"{case.name}.eml").exists():
            continue
        raw = json.loads((out / f"{case.name}.json").read_text())
        folder = CORPUS / f"lab-{name}" / case.name
        folder.mkdir(parents=True, exist_ok=True)
        mail = (out / f"{case.name}.eml").read_bytes()
        (folder / "mail.eml").write_bytes(mail)
        (folder / "origin.md").write_text(
            f"{raw['version']} on Debian 12. {case.about}\n"
            f"Said: {'; '.join(said(case, raw['log']))}.\nMade on loopback by tests/lab (`lab.py run {name} {case.name}`).\n")
        head = {"kind": case.kind, "software": server.SOFTWARE, "reporting_mta": server.REPORTING_MTA} | case.top
        head = {k: v for k, v in head.items() if v != "-"}
        (folder / "expected.json").write_text(json.dumps(head | {"recipients": in_order(case.expect, mail.decode("utf-8", "replace"))}, indent=2, ensure_ascii=False) + "\n")


def check():
    """Prints doubts for a person to look at: stated things must be in the mail, and every Status field must be used."""
    for path in sorted(CORPUS.glob("lab-*/*/expected.json")):
        want, mail = json.loads(path.read_text()), (path.parent / "mail.eml").read_text("utf-8", "replace")
        flat = " ".join(re.sub(r"=\n", "", mail).split())
        name = f"{path.parent.parent.name}/{path.parent.name}"
        fields = [line for line in re.findall(r"^Status:\s*([245]\.\d+\.\d+)", mail, re.M)]
        for n, r in enumerate(want["recipients"]):
            for key in ("address", "stated_status", "reply_code", "remote_mta", "original_recipient"):
                if r.get(key) and str(r[key]) not in flat:
                    print(f"{name}: {key} {r[key]} is not in the mail")
            if n < len(fields) and r.get("stated_status") != fields[n]:
                print(f"{name}: {r['address']}: stated {r.get('stated_status')}, Status field {fields[n]}")
            if not r.get("reply_code") and re.search(r"(?:said|<<<|smtp;|did not like|Remote host said)[: ]+[45]\d\d[ -]", flat):
                print(f"{name}: a reply code seems to be printed")
        if want.get("reporting_mta") and want["reporting_mta"] not in flat:
            print(f"{name}: reporting_mta is not in the mail")
        actions = re.findall(r"^Action:\s*(\w+)", mail, re.M)
        if actions and actions != [r["action"] for r in want["recipients"]]:
            print(f"{name}: Action fields {actions}, expected {[r['action'] for r in want['recipients']]}")


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["help"]
    sys.path.insert(0, str(HERE))
    if what == "run" and rest:
        for name in SERVERS if rest == ["all"] else rest[:1]:
            run(name, rest[1:])
    elif what == "inside" and INSIDE in os.environ:
        inside(rest[0], rest[1:])
    elif what == "write" and rest:
        for name in SERVERS if rest == ["all"] else rest[:1]:
            write(name, rest[1:])
    elif what == "check":
        check()
    else:
        sys.exit(__doc__)
