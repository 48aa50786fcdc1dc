# SPDX-License-Identifier: MIT
"""Ordinary mail for the benchmark: letters, HTML, attachments and list mail.

All is invented; sizes follow those of a real mailbox: many mails of a few
kilobytes, HTML of some tens, attachments of some hundreds.
"""
import base64
import binascii

WORDS = """the a of to and in that it for you we is on with this be are was have at by not from as they
will can our your please meeting report invoice garden order delivery message project week month team price
letter tulip bulb review change server release notes ticket customer answer question agree next last first
version update address mailbox account friday monday morning room travel train hotel summer winter plan draft
comment paragraph figure table data point since because where which about after before during between""".split()
NAMES = "ada ben cleo dora emil fern gus hana ivo jana karl lena mira nils olga paul rosa sven tara uwe".split()
SENTENCES = 3000
_sentences = []


def sentences(rng):
    """A store of sentences, made once: making text must not be measured."""
    if not _sentences:
        for _ in range(SENTENCES):
            words = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(5, 18)))
            _sentences.append(words.capitalize() + rng.choice((".", ".", ".", "?", "!")))
    return _sentences


def text(rng, size, prefix=""):
    """Paragraphs of about size bytes, with lines of at most 76."""
    store, lines, line, length = sentences(rng), [], prefix, 0
    while length < size:
        for word in rng.choice(store).split():
            if len(line) + len(word) > 75:
                lines.append(line.rstrip())
                length += len(line)
                line = prefix
            line += word + " "
        if rng.random() < 0.15:
            lines += [line.rstrip(), prefix.rstrip()]
            length += len(line)
            line = prefix
    return "\n".join(lines + [line.rstrip()]) + "\n"


def size_like(rng, median, spread):
    return int(min(rng.lognormvariate(0, spread), 30) * median)


def token(rng, count=8):
    return binascii.hexlify(rng.randbytes(count)).decode()


def plain(rng, size=None):
    return ("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            + text(rng, size or size_like(rng, 1500, 1.0))).encode()


def html(rng, size=None):
    """multipart/alternative: a text, and HTML in quoted-printable."""
    size = size or size_like(rng, 12000, 0.8)
    boundary, rows, length = "=_" + token(rng), [], 0
    while length < size:
        words = rng.choice(sentences(rng))
        rows.append(f'<tr><td class=3D"c{rng.randrange(99)}" style=3D"padding:4px"><a href=3D=\n'
                    f'"https://news.example.org/{token(rng)}">{words[:60]}</a></td></tr>')
        length += len(rows[-1])
    page = "<html><body><table>\n" + "\n".join(rows) + "\n</table></body></html>\n"
    return (f"MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"{boundary}\"\n\n"
            f"--{boundary}\nContent-Type: text/plain; charset=utf-8\n\n{text(rng, size // 4)}\n"
            f"--{boundary}\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
            f"{page}\n--{boundary}--\n").encode()


def attachment(rng, size=None):
    """multipart/mixed: a text and a file in base64, size bytes together."""
    size = size or size_like(rng, 90000, 0.9)
    boundary = b"----=_Part_" + token(rng).encode()
    data = base64.encodebytes(rng.randbytes(size * 57 // 78))
    return (b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" + boundary + b"\"\n\n--" + boundary
            + b"\nContent-Type: text/plain; charset=utf-8\n\n" + text(rng, 500).encode() + b"\n--" + boundary
            + b"\nContent-Type: application/pdf; name=\"offer.pdf\"\nContent-Transfer-Encoding: base64\n"
            b"Content-Disposition: attachment; filename=\"offer.pdf\"\n\n" + data + b"\n--" + boundary + b"--\n")


def body(rng, everyday=False):
    """Fields and body of a mail of any form. everyday: what newsletters are, without large files."""
    dice = rng.random()
    if dice < 0.35:
        return plain(rng)
    if dice < 0.93 or everyday:
        return html(rng)
    return attachment(rng)


def header(rng):
    sender, host = rng.choice(NAMES), f"{token(rng, 3)}.example"
    day, hour = rng.randrange(1, 29), f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    date = f"{day} Oct 2026 {hour} +0200"
    hops = "".join(f"Received: from {token(rng, 4)}.{host} ({token(rng, 4)}.{host} [192.0.2.{rng.randrange(1, 255)}])\n"
                   f"\tby mx{i}.example.org (Postfix) with ESMTPS id {token(rng, 5).upper()}\n"
                   f"\tfor <{rng.choice(NAMES)}@example.org>; Thu, {date}\n" for i in range(rng.randrange(1, 5)))
    signature = base64.b64encode(rng.randbytes(128)).decode()
    signed = "".join(f"\n\t {signature[i:i + 70]}" for i in range(0, len(signature), 70))
    return (f"Return-Path: <{sender}@{host}>\n{hops}"
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={host}; s=mail;\n"
            f"\th=from:to:subject:date:message-id; bh={token(rng, 16)}; b={signed}\n"
            f"From: {sender.capitalize()} <{sender}{rng.randrange(9999)}@{host}>\n"
            f"To: {rng.choice(NAMES)}@example.org\nSubject: {rng.choice(sentences(rng))[:60]}\n"
            f"Date: Thu, {date}\nMessage-ID: <{token(rng)}.{rng.randrange(10**6)}@{host}>\n")


def list_post(rng):
    """A post to a mailing list that replies to another and quotes it."""
    name = f"list{rng.randrange(999)}.example.org"
    return (header(rng) + f"List-Id: <{name}>\nList-Unsubscribe: <mailto:leave-{token(rng, 4)}@{name}>\n"
            f"Precedence: list\nSender: garden-bounces@{name}\nErrors-To: garden-bounces@{name}\n"
            f"In-Reply-To: <{token(rng)}@{name}>\nReferences: <{token(rng)}@{name}>\n\t<{token(rng)}@{name}>\n"
            f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n"
            f"{rng.choice(NAMES).capitalize()} wrote:\n{text(rng, size_like(rng, 900, 0.7), '> ')}\n"
            f"{text(rng, size_like(rng, 1200, 0.7))}-- \ngarden mailing list\n").encode()


def mail(rng):
    if rng.random() < 0.2:
        return list_post(rng)
    return header(rng).encode() + body(rng)
