# SPDX-License-Identifier: MIT
"""A mail server of a few lines, for the example of an SMTP client.

Its answer depends on the address: full@, gone@ and busy@ are refused, and so is
every mail from spammer@. It keeps the mails that it accepts.
"""
import socketserver
import threading

ANSWERS = {
    "RCPT TO:<full@": "452 4.2.2 The mailbox is over quota",
    "RCPT TO:<gone@": "550-5.1.1 The account that you tried to reach\r\n550 5.1.1 does not exist",
    "RCPT TO:<busy@": "421 4.7.0 Too many connections from your address, try again later",
    "MAIL FROM:<spammer@": "554 5.7.1 Service unavailable; client host [192.0.2.7] blocked using zen.spamhaus.org",
    "DATA": "354 Go on",
    "QUIT": "221 Bye",
}


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 mx.example.net ESMTP")
        for line in self.rfile:
            words = line.decode().rstrip("\r\n")
            self.say(next((answer for start, answer in ANSWERS.items() if words.startswith(start)), "250 OK"))
            if words == "DATA":
                self.read_mail()
            if words == "QUIT":
                return

    def read_mail(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        self.server.mails.append(b"".join(lines).decode())
        self.say("250 OK")


class Server:
    """Listens on its own port while it is used as a context."""

    def __enter__(self):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True
        self.server.mails = self.mails = []
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
