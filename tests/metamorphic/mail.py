# SPDX-License-Identifier: MIT
"""A mail as pieces of bytes, some of which can be exchanged.

In: the bytes of a mail, however broken. Out: its headers and leaves, with transfer
encodings undone, and the same mail with other bytes in them. Everything else stays as
it was, byte for byte.
"""
import base64
import binascii
import email.header
import quopri
import re

LINE_END = rb"(?:\r\n|\n|\r(?!\n))"
BLANK_LINE = re.compile(rb"(?:\A|" + LINE_END + rb")" + LINE_END)
ENCODED_WORD = re.compile(rb"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
MAX_DEPTH = 8


class Part:
    """A header and what follows it: text or, between literal bytes, further parts."""

    def __init__(self, data, depth=0):
        end = BLANK_LINE.search(data)
        self.head = data[:end.end()] if end else data
        body = data[end.end():] if end else b""
        self.type = field(self.head, b"Content-Type").lower()
        self.encoding = field(self.head, b"Content-Transfer-Encoding").strip().lower()
        self.children = []  # bytes and parts
        self.body = None  # of a leaf, unchanged
        boundary = re.search(rb'boundary\s*=\s*("[^"]*"|[^\s;]+)', field(self.head, b"Content-Type"), re.I)
        if self.type.startswith(b"multipart/") and boundary and depth < MAX_DEPTH:
            self._split(body, boundary.group(1).strip(b'"'), depth)
        elif (self.type.startswith((b"message/rfc822", b"message/global")) and b"delivery" not in self.type and
              b"headers" not in self.type and not self.is_encoded() and depth < MAX_DEPTH):
            self.children = [Part(body, depth + 1)]
        else:
            self.body = body

    def _split(self, body, boundary, depth):
        marks = re.compile(rb"(?:\A|(?<=[\r\n]))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:" + LINE_END + rb"|\Z)")
        at, inside = 0, False
        for mark in marks.finditer(body):
            between = body[at:mark.start()]
            self.children.append(Part(between, depth + 1) if inside else between)
            self.children.append(mark.group())
            at, inside = mark.end(), not mark.group(1)
        rest = body[at:]
        self.children.append(Part(rest, depth + 1) if inside else rest)

    def is_encoded(self):
        return self.encoding in (b"base64", b"quoted-printable")

    def is_text(self):
        return not self.type or self.type.startswith((b"text/", b"message/"))

    def charset(self):
        found = re.search(rb'charset\s*=\s*"?([^\s;"]+)', self.type)
        return found.group(1).decode("ascii", "replace") if found else ""

    def text(self):
        """The bytes of a leaf without transfer encoding; None if that is not possible."""
        if self.body is None:
            return None
        if self.encoding == b"quoted-printable":
            if line_end(self.body) == b"\r":  # Python does not know such line ends
                return None
            return quopri.decodestring(self.body)
        if self.encoding != b"base64":
            return self.body
        if b"=" in self.body.rstrip(b"=\r\n \t"):  # padding inside, where Python stops reading
            return None
        try:
            return base64.b64decode(self.body)
        except (binascii.Error, ValueError):
            return None

    def set_text(self, text):
        newline = line_end(self.head + self.body)
        if self.encoding == b"base64":
            self.body = base64.encodebytes(text).replace(b"\n", newline)
        elif self.encoding == b"quoted-printable":
            if newline == b"\r":
                raise Skipped("quoted-printable with a CR at the end of lines")
            self.body = quopri.encodestring(text.replace(b"\r\n", b"\n")).replace(b"\n", newline)
        else:
            self.body = text

    def walk(self):
        yield self
        for child in self.children:
            if isinstance(child, Part):
                yield from child.walk()

    def bytes(self):
        if self.body is not None:
            return self.head + self.body
        return self.head + b"".join(c.bytes() if isinstance(c, Part) else c for c in self.children)


def field(head, name):
    """The value of the first field of this name, unfolded."""
    found = re.search(rb"(?:\A|[\r\n])" + name + rb"[ \t]*:((?:[^\r\n]|" + LINE_END + rb"[ \t])*)", head, re.I)
    return re.sub(LINE_END, b"", found.group(1)).strip() if found else b""


def line_end(data):
    found = re.search(LINE_END, data)
    return found.group() if found else b"\n"


def decoded_words(data):
    """The text of the encoded words of a header, as UTF-8."""
    out = []
    for word in ENCODED_WORD.findall(data):
        try:
            for text, charset in email.header.decode_header(word.decode("ascii")):
                out.append(text.decode(charset or "ascii", "replace") if isinstance(text, bytes) else text)
        except (ValueError, LookupError, email.errors.HeaderParseError):
            continue
    return "".join(out).encode("utf-8", "replace")


class Skipped(Exception):
    """A change that cannot be made in this mail; its text says why."""


def exchange(data, pattern, new, heads=True):
    """The mail with each match of pattern replaced by new, in headers and texts, and the parts that were
    changed. Refuses if matches would remain: in encoded words, and in encoded parts that are broken."""
    top, changed = Part(data), []
    for part in top.walk():
        if heads and pattern.search(part.head):
            part.head = pattern.sub(new, part.head)
            changed.append(part)
        if pattern.search(decoded_words(part.head)):
            raise Skipped("it is in an encoded word, too")
        text = part.text() if part.is_text() else None
        if text is not None and pattern.search(text):
            part.set_text(pattern.sub(new, text))
            changed.append(part)
    return top, changed


def first_text(top):
    """The leaf with the report's own words; None: there is no plain text with them."""
    for part in top.walk():
        if part.body is not None and (not part.type or part.type.startswith(b"text/plain")):
            return part if part.text() is not None else None
    return None
