#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How fast a ledger is, compared with a plain import of the same rows.

usage: benchmark.py LEDGER [EVENTS [ADDRESSES [postgres]]]

Builds a ledger from generated verdicts (make_verdicts.py): EVENTS (1,000,000) of ADDRESSES (a fifth of them), and
prints a table: seconds of processor time and of the clock, both for each recipient or row, and the most memory used.
The plain import is sqlite3's, or psql's \\copy, into one table with the same indexes as events.
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
NOW = "2026-01-01T00:00:00Z"
INDEXES = ("CREATE UNIQUE INDEX p1 ON plain (id)", "CREATE INDEX p2 ON plain (at)",
           "CREATE INDEX p3 ON plain (provider, reason, at) WHERE flags >= 65536",
           "CREATE INDEX p4 ON plain ((at / 86400), message) WHERE flags >= 65536 AND message <> 0")


def run(*command, stdin=None, stdout=subprocess.DEVNULL, ok=(0,)):
    """Processor seconds, seconds of the clock and kilobytes of one run."""
    begun = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdin=stdin or subprocess.DEVNULL, stdout=stdout)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in ok:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return used.ru_utime + used.ru_stime, time.monotonic() - begun, used.ru_maxrss


def row(what, count, unit, measured):
    cpu, clock, kilobytes = measured
    rate = f"{count / cpu:12,.0f} {unit}" if count > 1 else f"{clock * 1000:12.1f} ms"
    print(f"| {what} | {cpu:.2f} | {clock:.2f} | {rate.strip()} | {kilobytes / 1024:.0f} |", flush=True)


def plain_import(folder, ledger, server, url):
    """Imports the rows of events into one table, with the database's own program."""
    rows = folder / "rows.csv"
    columns = ("id, address, at, last_at, scope, keys, doors, weight, flags, happened, because, message, kind, action, reason, cause, side, "
               "status, reply_code, retry_s, provider, remote, reporter, software, service, sender, diagnostic, rule, message_id, note")
    if server:
        server.psql(url, f"\\copy (SELECT {columns} FROM events ORDER BY at) TO '{rows}' CSV")
        script = f"CREATE TABLE plain (LIKE events); {'; '.join(INDEXES)};"
        server.psql(url, script)
        return run(server.bin / "psql", "-X", "-q", "-d", url, "-c", f"\\copy plain FROM '{rows}' CSV")
    with open(rows, "wb") as out:
        run("sqlite3", "-csv", ledger, f"SELECT {columns} FROM events ORDER BY at", stdout=out)
    script = folder / "plain.sql"
    kinds = ", ".join(f"{name.strip()} {'TEXT' if name.strip() in ('keys', 'status', 'diagnostic', 'rule', 'message_id', 'note') else 'INTEGER'}"
                      for name in columns.split(","))
    script.write_text(f"PRAGMA journal_mode = WAL;\nCREATE TABLE plain ({kinds});\n" + ";\n".join(INDEXES) +
                      f";\n.import --csv {rows} plain\n", encoding="utf-8")
    with open(script, encoding="utf-8") as text:
        return run("sqlite3", folder / "plain.db", stdin=text)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = pathlib.Path(sys.argv[1]).resolve()
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    addresses = int(sys.argv[3]) if len(sys.argv) > 3 else events // 5
    server = None
    if "postgres" in sys.argv[4:]:
        sys.path.insert(0, str(HERE))
        sys.argv[1:] = []
        import ledger as helpers
        server = helpers.Server()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
            measure(pathlib.Path(name), program, events, addresses, server)
    finally:
        if server:
            server.stop()


def measure(folder, program, events, addresses, server):
    verdicts, asked = folder / "verdicts.json", folder / "addresses"
    url = server.url() if server else None
    db = url or folder / "ledger.db"
    with open(verdicts, "wb") as out:
        run(sys.executable, HERE / "make_verdicts.py", events, addresses, stdout=out)
    with open(asked, "w", encoding="utf-8") as out:
        out.writelines(f"user.{n}@{'google' if n % 10 < 6 else 'd%d' % (n % 50021)}.example\n" for n in range(0, 200000))
    print(f"{events:,} events of {addresses:,} addresses, {'PostgreSQL' if server else 'SQLite'}\n")
    print("| | processor s | clock s | a second of processor, or one | MB |\n|---|---|---|---|---|")
    command = [program, "--db", db, "--now", NOW]
    row("record", events, "recipients", run(*command, "record", "-q", verdicts))
    row("record, the same again", events, "recipients", run(*command, "record", "-q", verdicts))
    row("plain import of the rows of events", events, "rows", plain_import(folder, db, server, url))
    row("may, one address", 1, "", run(*command, "may", "user.77@google.example", ok=(0, 1, 3)))
    with open(asked, "rb") as text:
        row("may, a stream", 200000, "addresses", run(*command, "may", stdin=text))
    with open(folder / "out", "wb") as out:
        measured = run(*command, "suppressed", "--format", "csv", stdout=out)
    row("suppressed", max(2, (folder / "out").read_bytes().count(b"\n")), "rows", measured)
    with open(folder / "out", "wb") as out:
        measured = run(*command, "due", "--format", "csv", stdout=out)
    row("due", max(2, (folder / "out").read_bytes().count(b"\n")), "rows", measured)
    row("stats of a month, by reason", 1, "", run(*command, "stats", "--by", "reason"))
    if not server:
        print(f"\nThe ledger has {db.stat().st_size / 1e6:,.0f} MB.")


if __name__ == "__main__":
    main()
