# SPDX-License-Identifier: MIT
"""Mailboxes for the benchmark, made from the mails of tests/corpus.

No two mails share an id, an address, a host or a date, so that what was found out
about one message cannot help with another. What a mail is about stays the same:
a generated mail has the verdicts of the mail from which it was made.
"""
import base64
import datetime
import json
import random
import re

import ordinary

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
RESERVED = rb"[A-Za-z0-9-]+\.(?:example\.(?:org|com|net)|example|test|invalid)"
ALL_SLOTS = "date local domain ip id"
FAILURE_KINDS = {"dsn", "ndr", "arf"}

# What differs from mail to mail. Lines of base64, encoded words and charsets ("gb18030" is not an id) come first:
# they stay as they are.
SLOT = re.compile(
    rb"(?P<kept>^[A-Za-z0-9+/]{40,}={0,2}\r?$|=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=|\b(?:rfc|RFC|iso|x)[0-9][\w-]*"
    rb"|\bcharset=\"?[\w-]+)"
    rb"|(?P<date>\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d\b)"
    rb"|(?P<local>(?<![\w.+=%/-])[A-Za-z][A-Za-z0-9_.-]+(?=@[\w-]))"
    rb"|(?P<domain>(?<![\w-])" + RESERVED + rb"(?![\w-]))"
    rb"|(?P<ip>(?<![\d.])(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}(?![\d.]))"
    rb"|(?P<id>(?<![\w=%&#])(?=[A-Za-z]*\d[A-Za-z]*\d)[A-Za-z0-9]{7,}(?![\w=]))", re.M)

# Cases about a form that another host name or id would break: fewer things differ in them.
DELICATE = {
    "lab-exim/dutch-template-relay-denied": "date ip id",
    "lab-postfix/helo-refused": "date local id",
    "made-structure/iso-2022-jp-full": "date",
}

# Local parts by which a writer or a role is recognised.
KEPT_LOCALS = re.compile(rb"(?i)mailer|daemon|postmaster|abuse|root|bounce|noreply|no-reply|admin|system|staff|owner")


class Template:
    """A mail of the corpus, cut where its copies differ."""

    def __init__(self, name, raw, kind, slots=ALL_SLOTS):
        self.name, self.raw, self.kind = name, raw, kind
        self.pieces = []  # bytes as they are, or (what, bytes) for a slot
        wanted, end = set(slots.split()), 0
        for found in SLOT.finditer(raw):
            what, text = found.lastgroup, found.group()
            if what not in wanted or (what == "local" and KEPT_LOCALS.search(text)):
                continue
            self.pieces += [raw[end:found.start()], (what, text)]
            end = found.end()
        self.pieces.append(raw[end:])

    def copy(self, rng):
        """A mail like this one; equal slots of the template stay equal."""
        values, shift = {}, datetime.timedelta(seconds=rng.randrange(3 * 10**7))
        tag = b"%c%05x" % (rng.randrange(103, 123), rng.randrange(1 << 20))
        out = []
        for piece in self.pieces:
            if isinstance(piece, tuple):
                if piece not in values:
                    values[piece] = fill(*piece, rng, tag, shift)
                piece = values[piece]
            out.append(piece)
        return b"".join(out)


def fill(what, text, rng, tag, shift):
    if what == "date":
        return later(text, shift)
    if what == "local":
        return text + b"%d" % rng.randrange(10**5)
    if what == "domain":  # a host below the name, so that rules about the name still match
        return tag + b"." + text
    if what == "ip":
        return b"%s.%d" % (rng.choice((b"192.0.2", b"198.51.100", b"203.0.113")), rng.randrange(1, 255))
    # The first character stays: what begins with a digit may be taken for a code.
    return text[:1] + bytes(like(c, rng) for c in text[1:])


def like(c, rng):
    """A random byte of the same sort: digit, upper or lower case, hexadecimal or not."""
    for first, last in (b"09", b"AF", b"GZ", b"af", b"gz"):
        if first <= c <= last:
            return rng.randint(first, last)
    return c


def later(text, shift):
    day, month, year, clock = text.decode().split()
    hours, minutes, seconds = map(int, clock.split(":"))
    when = datetime.datetime(int(year), MONTHS.index(month) + 1, int(day), hours, minutes, min(seconds, 59)) + shift
    return f"{when.day} {MONTHS[when.month - 1]} {when:%Y %H:%M:%S}".encode()


def templates(corpus):
    """The cases of the corpus, in the order of their names, without those that were written blind (unseen-N), so that
    figures can be compared with earlier ones."""
    found = []
    for mail in sorted(corpus.glob("*/*/mail.eml")):
        expected = json.loads(mail.with_name("expected.json").read_text(encoding="utf-8"))
        raw = mail.read_bytes()
        if raw.startswith(b"From ") or "options" in expected or mail.parts[-3].startswith("unseen-"):
            continue  # a case about the From line, or one that needs an option
        name = mail.parent.relative_to(corpus).as_posix()
        found.append(Template(name, raw, expected["kind"], DELICATE.get(name, ALL_SLOTS)))
    return found


# ------------------------------------------------------------ returned mails

PART = re.compile(rb"^--([^\r\n]+)\r?\n(?:[^\r\n]+\r?\n)*?content-type:[ \t]*message/rfc822(?:[^\r\n]*\r?\n)+?\r?\n",
                  re.M | re.I)
CONTENT = re.compile(rb"^(?:content-[\w-]+|mime-version):[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n", re.M | re.I)


def returned_part(raw):
    """Begin and end of the whole message that a report returns; None if there is none, or it is the report itself."""
    found = PART.search(raw)
    if found and b"multipart/report" in re.split(rb"\r?\n\r?\n", raw[found.end():], maxsplit=1)[0].lower():
        return None
    end = raw.find(b"\n--" + found.group(1), found.end()) if found else -1
    return (found.end(), end) if end >= 0 else None


def returning(raw, body):
    """The same report, with this body in the returned mail."""
    where = returned_part(raw)
    if not where:
        return raw
    head = re.split(rb"\r?\n\r?\n", raw[where[0]:where[1]], maxsplit=1)[0].rstrip(b"\r\n") + b"\n"
    return raw[:where[0]] + CONTENT.sub(b"", head) + body + raw[where[1]:]


# ----------------------------------------------------------------- mailboxes

def from_line(rng):
    when = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=rng.randrange(3 * 10**7))
    return b"From MAILER-DAEMON " + f"{when:%a} {MONTHS[when.month - 1]} {when.day:2} {when:%H:%M:%S %Y}\n".encode()


def as_mbox(mail, rng):
    quoted = re.sub(rb"^(>*From )", rb">\1", mail, flags=re.M)
    return from_line(rng) + quoted + (b"\n" if quoted.endswith(b"\n") else b"\n\n")


def bounces(rng, cases, count):
    failures = [case for case in cases if case.kind in FAILURE_KINDS]
    return (failures[i % len(failures)].copy(rng) for i in range(count))


def returns(rng, cases, count, size=None):
    """Bounces that return whole mails: of everyday sizes, or of size bytes."""
    whole = [case for case in cases if case.kind in FAILURE_KINDS and returned_part(case.raw)]
    for i in range(count):
        body = ordinary.attachment(rng, size) if size else ordinary.body(rng, everyday=True)
        yield returning(whole[i % len(whole)].copy(rng), body)


def mixed(rng, cases, count, share=0.05):
    """Ordinary mail of many sizes, with a share of bounces."""
    harmless = [case for case in cases if case.kind == "none"]
    reports = bounces(rng, cases, count)
    for _ in range(count):
        if rng.random() < share:
            yield next(reports)
        elif rng.random() < 0.03:
            yield rng.choice(harmless).copy(rng)
        else:
            yield ordinary.mail(rng)


def write_mbox(path, mails, rng):
    with open(path, "wb") as file:
        for mail in mails:
            file.write(as_mbox(mail, rng))


def write_maildir(path, mails, rng):
    for folder in ("cur", "new", "tmp"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    for i, mail in enumerate(mails):
        name = f"{1795330000 + i}.M{rng.randrange(10**6)}P{rng.randrange(10**5)}.mx"
        target = path / "new" / name if i % 3 else path / "cur" / (name + ":2,S")
        target.write_bytes(mail)


# ------------------------------------------------------------------- replies

DIAGNOSTIC = re.compile(rb"^diagnostic-code:[ \t]*smtp;[ \t]*([^\r\n]+(?:\n[ \t]+[^\r\n]+)*)", re.M | re.I)


def reply_templates(corpus, seed):
    """Replies as servers give them: those in the cases of the corpus and in the seed list."""
    texts = {line.split("\t")[0] for line in seed.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")}
    for mail in sorted(corpus.glob("*/*/mail.eml")):
        for found in DIAGNOSTIC.findall(mail.read_bytes()):
            text = re.sub(r"\s+", " ", found.decode("utf-8", "replace")).strip()
            if re.match(r"[245]\d\d[ -]", text):
                texts.add(text)
    return sorted(texts)


def write_replies(path, texts, rng, count):
    forms = [Template("", text.encode(), "reply") for text in texts]
    with open(path, "wb") as file:
        for i in range(count):
            token = base64.b32encode(rng.randbytes(8))[:12].lower()
            file.write(forms[i % len(forms)].copy(rng) + b" (" + token + b")\n")


def new_rng(what, seed=2026):
    return random.Random(f"{what} {seed}")
