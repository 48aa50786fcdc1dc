# SPDX-License-Identifier: MIT
"""Scripted SMTP hosts, one for each address of 127.1.0.0/16, and the sink that receives the reports.

A script is a dict: stage -> what to say. Stages: connect, ehlo, starttls, mail, rcpt, data, end. What to say: a reply (its
lines separated by \\n; {rcpt} and {from} are filled in), or DROP (close without a word) or HANG (say nothing).
"rcpt" may be a dict local part -> reply, and "again" a script for every connection after the first.
Everything said is logged, in order: the labels of the corpus are based on this log.
"""
import asyncio
import socket
import time

DROP, HANG = "(drops the connection)", "(says nothing)"
DEFAULT = {
    "connect": "220 {host} ESMTP", "ehlo": "250-{host}\n250-SIZE 52428800\n250-8BITMIME\n250-ENHANCEDSTATUSCODES\n250 SMTPUTF8",
    "mail": "250 2.1.0 Ok", "rcpt": "250 2.1.5 Ok", "data": "354 End data with <CR><LF>.<CR><LF>",
    "end": "250 2.0.0 Ok: queued as 4Zq7Lk1xYz",
}


class Closed(Exception):
    pass


class Session:
    def __init__(self, reader, writer, host, script, log, keep=None):
        self.reader, self.writer, self.host, self.script, self.log, self.keep = reader, writer, host, script, log, keep
        self.sender, self.rcpts, self.rcpt = "", [], ""

    async def say(self, stage):
        text = self.script.get(stage, DEFAULT.get(stage, "250 2.0.0 Ok"))
        if isinstance(text, dict):
            text = text.get(self.rcpt.partition("@")[0], DEFAULT[stage])
        if text not in (DROP, HANG):
            text = text.format(host=self.host, rcpt=self.rcpt, **{"from": self.sender})
        self.log.append({"at": time.time(), "host": self.host, "stage": stage, "rcpt": self.rcpt, "said": text})
        if text == DROP:
            raise Closed
        if text == HANG:
            await asyncio.sleep(3600)
        self.writer.write("".join(line + "\r\n" for line in text.split("\n")).encode())
        await self.writer.drain()
        if text.startswith("421"):
            raise Closed
        return text[0] in "23"

    async def command(self):
        line = await self.reader.readline()
        if not line:
            raise Closed
        return line.decode("utf-8", "replace").rstrip("\r\n")

    async def body(self):
        lines = []
        while True:
            line = await self.reader.readline()
            if not line:
                raise Closed
            if line.rstrip(b"\r\n") == b".":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    async def run(self):
        ok = await self.say("connect")
        while True:
            line = await self.command()
            verb = line[:8].upper()
            if verb.startswith("QUIT"):
                self.writer.write(b"221 2.0.0 Bye\r\n")
                raise Closed
            if not ok:
                self.writer.write(b"503 5.5.1 Error: bad sequence of commands\r\n")
            elif verb.startswith(("EHLO", "HELO")):
                await self.say("ehlo")
            elif verb.startswith("STARTTLS"):
                await self.say("starttls")
            elif verb.startswith("MAIL"):
                self.sender, self.rcpts, self.rcpt = line.partition("<")[2].partition(">")[0], [], ""
                await self.say("mail")
            elif verb.startswith("RCPT"):
                self.rcpt = line.partition("<")[2].partition(">")[0]
                if await self.say("rcpt"):
                    self.rcpts.append(self.rcpt)
            elif verb.startswith("DATA"):
                if not self.rcpts:
                    self.writer.write(b"554 5.5.1 Error: no valid recipients\r\n")
                elif await self.say("data"):
                    content = await self.body()
                    if self.keep:
                        self.keep(self.sender, self.rcpts, content)
                    await self.say("end")
            else:
                self.writer.write(b"250 2.0.0 Ok\r\n")
            await self.writer.drain()


async def serve(host, address, script, log, keep=None, port=25):
    count = 0

    async def connected(reader, writer):
        nonlocal count
        count += 1
        now = script.get("again", script) if count > 1 else script
        try:
            await Session(reader, writer, host, now, log, keep).run()
        except (Closed, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    await asyncio.start_server(connected, address, port, limit=1 << 20)


def black_hole(address, port=25):
    """A host that never completes the TCP handshake: its accept queue is full. Returns sockets that must stay open."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(0)
    held = [listener]
    for _ in range(2):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex((address, port))
        held.append(s)
    return held
