# SPDX-License-Identifier: MIT
"""Changes of a mail, or of a reply, that say nothing new about why it failed.

In: the bytes, and the program's results for them. Out: for each kind of change the
changed bytes with the addresses that the program should then report; or why the change
cannot be made.
"""
import base64
import html
import re
import textwrap

import mail
from mail import LINE_END, Part, Skipped, exchange

# Names that people have, some of which look like words about failures, help and mail systems.
NAMES = """contact abuse postmaster mailer-daemon spam full unknown.user blocked noreply questions unsubscribe help
    support info sales sender from administrator webmaster hostmaster root nobody user quota.exceeded mailbox.full
    greylisted virus delayed delivered out-of-office vacation error failure.notice 550 5.1.1 jo+list o'brien
    müller иван 太郎""".split()
DOMAINS = """neutral.example deep.sub.neutral.example greylist-agency.example spam-filter.example mailbox-full.example
    unknown-user.example contact-lens.example blocked-drains.example unsubscribe.example relay-denied.example
    virus-lab.example support-desk.example expired-timeout.example""".split()
HOSTS = """mx7.neutral.example greylist.neutral.example spam-filter.example mx.mailbox-full.example
    blocked.rbl-house.example quota-exceeded.example 421.mx.neutral.example""".split()
SUBJECTS = ("Your order", "Mailbox full", "User unknown", "550 5.1.1 no such user", "Undelivered Mail Returned to Sender",
            "Out of office", "Spam message rejected", "[list] Please contact questions@neutral.example",
            "Delivery Status Notification (Delay)")
IDS = ("20180512.abc@id.neutral.example", "550.5.1.1.user.unknown@mailbox-full.example", "421@greylisted.example")
DATES = ((b"5 Dec 2018 04:21:55", b"Wed"), (b"29 Feb 2012 23:59:59", b"Wed"), (b"4 Jan 2005 05:50:00", b"Tue"))
LIST_FOOTERS = (
    "_______________________________________________\nGardening mailing list\ngardening@lists.neutral.example\n"
    "https://lists.neutral.example/mailman/listinfo/gardening\n",
    "-- \nGardening mailing list -- gardening@lists.neutral.example\n"
    "To unsubscribe send an email to gardening-leave@lists.neutral.example\n",
    "-- \nYou received this message because you are subscribed to the group \"Gardening\".\nTo unsubscribe from this "
    "group and stop receiving emails from it, send an email to gardening+unsubscribe@groups.neutral.example.\n")
FOOTERS = (
    "-- \nThis email has been checked for viruses by AntiVirus Home.\nhttps://www.antivirus.example/\n",
    "______________________________________________________________________\nThis email has been scanned by the "
    "Email Security Cloud service.\nFor more information please visit http://www.email-cloud.example\n"
    "______________________________________________________________________\n",
    "This message is confidential. If you are not the intended recipient, please notify the sender at "
    "legal@neutral.example\nand delete it from your system.\n",
    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte "
    "den Absender.\n".replace("ä", "ae"))
PREFIXES = ("[EXTERNAL] ", "***SPAM*** ", "{Spam?} ", "[SPAM] ")
LIST_FROM = "Mail Delivery System via Gardening <gardening@lists.neutral.example>"


class Change:
    def __init__(self, kind, label, data, renamed=None):
        self.kind, self.label, self.data = kind, label, data
        self.renamed = renamed or (lambda address: address)  # an old address, as it is now


def address_pattern(address):
    """An address, and the same in a VERP."""
    local, _, domain = address.rpartition("@")
    before, after = r"(?<![\w.%+/=-])(?:(?<=to=)|)", r"(?![\w-])"
    text = rf"(?:{before}|(?<=(?:TO|to)=))({re.escape(local)})(@)({re.escape(domain)}){after}"
    verp = rf"(?<![\w%])({re.escape(local)})(=)({re.escape(domain)}){after}"
    return re.compile(f"{text}|{verp}".encode(), re.I)


def parts_of(match):
    return [g for g in match.groups() if g is not None]


def renaming(pattern, new):
    return lambda address: pattern.sub(new, address.encode()).decode() if address else address


def exchange_address(data, address, kind, label, new):
    pattern = address_pattern(address)
    top, changed = exchange(data, pattern, new)
    if not changed:
        raise Skipped("its address is nowhere in the form that is reported")
    out = top.bytes()
    if not label.isascii():
        for part in changed:
            if part.charset() not in ("", "utf-8") or (part.is_encoded() and not part.charset()):
                raise Skipped("the charset has no such letters")
    if address.encode().lower() in out.lower():
        raise Skipped("it is in a place where it cannot be exchanged")
    if pattern.sub(new, address.encode()).lower() in data.lower():
        raise Skipped("the other address is somebody's already")
    return Change(kind, label, out, renaming(pattern, new))


def usable(address):
    return bool(re.fullmatch(r"[\w.+-]+@[\w.-]+\.\w+", address or "", re.ASCII))


def names(data, said):
    for address in said.addresses:
        for name in NAMES:
            def new(m, name=name.encode()):
                _, at, domain = parts_of(m)
                return name + at + domain
            yield lambda a=address, n=name, f=new: exchange_address(data, a, "name", n, f)


def domains(data, said):
    for address in said.addresses:
        domain = address.rpartition("@")[2].encode()
        for name in DOMAINS:
            def new(m, name=name.encode()):
                local, at, _ = parts_of(m)
                return local + at + name

            def made(a=address, n=name, f=new, old=domain):
                change = exchange_address(data, a, "domain", n, f)
                bare = re.compile(rb"(?<![\w.@=-])" + re.escape(old) + rb"(?![\w-]|\.\w)", re.I)
                change.data = exchange(change.data, bare, n.encode())[0].bytes()
                return change
            yield made


def oneself(data, said):
    """As if whoever gets the report had written to himself."""
    def made(address):
        sender = said.sent_to
        if not usable(sender) or sender.lower() in [str(v[0]).lower() for v in said.verdicts]:
            raise Skipped("no plain address of the sender, or it is the recipient's already")
        pattern = address_pattern(sender)
        top, changed = exchange(data, pattern, lambda m: address.encode() if b"=" not in parts_of(m) else m.group())
        if not changed:
            raise Skipped("its address is nowhere in the form that is reported")
        return Change("oneself", address, top.bytes())
    for address in said.addresses:
        yield lambda a=address: made(a)


def hosts(data, said):
    for host in said.hosts:
        pattern = re.compile(rb"(?<![\w.@-])" + re.escape(host.encode()) + rb"(?![\w-]|\.\w)", re.I)
        for name in HOSTS:
            def made(p=pattern, n=name):
                top, changed = exchange(data, p, n.encode())
                if not changed:
                    raise Skipped("its host is nowhere in the form that is reported")
                return Change("host", n, top.bytes())
            yield made


def subjects(data, said):
    def made(new):
        top, subject = Part(data), said.subject
        if not subject or len(subject) < 6 or not subject.isascii():
            raise Skipped("no subject of the original in plain letters")
        pattern = re.compile(rb"(?<!\w)" + re.escape(subject.encode()) + rb"(?!\w)")
        top, changed = exchange(data, pattern, new.encode().replace(b"\\", b""))
        if not changed:
            raise Skipped("no subject of the original in the form that is reported")
        return Change("subject", new, top.bytes())
    for subject in SUBJECTS:
        yield lambda s=subject: made(s)


def ids(data, _said):
    pattern = re.compile(rb"(?i)(?<=message-id: <)[^<>\s]+(?=>)")

    def made(new):
        found = set(pattern.findall(data))
        if not found:
            raise Skipped("no message id")
        out = data
        for k, old in enumerate(sorted(found)):
            out = exchange(out, re.compile(rb"(?<![\w.])" + re.escape(old)), b"%d.%s" % (k, new.encode()))[0].bytes()
        return Change("id", new, out)
    for name in IDS:
        yield lambda n=name: made(n)


def dates(data, _said):
    pattern = re.compile(rb"(?:\b[A-Z][a-z]{2}(?=, ))?(, )?\b\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d")

    def made(date, day):
        top, changed = exchange(data, pattern, lambda m: day + b", " + date if m.group(1) else date)
        if not changed:
            raise Skipped("no date")
        return Change("date", date.decode(), top.bytes())
    for date, day in DATES:
        yield lambda d=date, w=day: made(d, w)


def line_ends(data, _said):
    for name, new in (("LF", b"\n"), ("CRLF", b"\r\n"), ("CR", b"\r")):
        def made(name=name, new=new):
            out = re.sub(LINE_END, new, data)
            if out == data:
                raise Skipped("they are so already")
            return Change("line ends", name, out)
        yield made


def rewritten(data, content_type, change):
    """The mail with its text as base64 of another type; change takes the text as characters."""
    top = Part(data)
    part = mail.first_text(top)
    if part is None or not part.head or part is top and data.startswith((b"From ", b"\r", b"\n")):
        raise Skipped("no text with a header of its own")
    charset = (part.charset() or "ascii").replace("us-ascii", "ascii")
    try:
        text = change(part.text().decode(charset))
    except (UnicodeError, LookupError):
        raise Skipped("the text is not valid in its charset, or not in the new one") from None
    newline = mail.line_end(part.head)
    names = rb"(?:content-transfer-encoding|content-type)"
    pattern = rb"(?i)(\A|[\r\n])" + names + rb"[ \t]*:(?:[^\r\n]|" + LINE_END + rb"[ \t])*" + LINE_END
    without = part.head
    for _ in range(2):
        without = re.sub(pattern, rb"\1", without)
    part.head = content_type + newline + b"Content-Transfer-Encoding: base64" + newline + (without or newline)
    part.encoding = b"base64"
    part.set_text(text)
    return top.bytes()


def charsets(data, _said):
    for name in ("utf-8", "iso-8859-15", "windows-1252", "koi8-r", "iso-2022-jp", "utf-16", "gb18030"):
        yield lambda n=name: Change("charset", n, rewritten(data, b"Content-Type: text/plain; charset=" + n.encode(),
                                                            lambda text: text.encode(n)))


def as_html(text):
    lines = [html.escape(line.replace("\t", "    "), quote=False) for line in text.splitlines()]
    spaces = [re.sub(r"^ +| (?= )", lambda m: "&nbsp;" * len(m.group()), line) for line in lines]
    return ("<html><head><title></title></head><body><p>" + "<br>\n".join(spaces) + "</p></body></html>\n").encode()


def htmls(data, _said):
    """The text as HTML, with a break at the end of each line."""
    yield lambda: Change("html", "breaks", rewritten(data, b"Content-Type: text/html; charset=utf-8", as_html))


def text_forms(data, _said):
    """What programs that forward a text do to its white space and its quotation marks."""
    forms = {"spaces at the end": lambda t: re.sub(r"(?<=\S)(?=\r?\n)", " ", t),
             "tabs": lambda t: re.sub(r"(?m)^(?: {8}| {4})(?=\S)", "\t", t),
             "blank lines": lambda t: re.sub(r"(\r?\n)(?=\r?\n)", r"\1\1", t),
             "curly quotes": lambda t: t if t.lstrip()[:1] in "{[" or '"|' in t else re.sub(r"(?<=\w)'(?=\w)", "\u2019", re.sub(r'"([^"\n@]{1,40})"', "\u201c\\1\u201d", t)),
             "indented": lambda t: re.sub(r"(?m)^(?=[^\r\n])", "  ", t)}

    def made(name):
        def change(text):
            new = forms[name](text)
            if new == text:
                raise Skipped("nothing of that in the text")
            return new.encode("utf-8")
        return Change("text form", name, rewritten(data, b"Content-Type: text/plain; charset=utf-8", change))
    for name in forms:
        yield lambda n=name: made(n)


CONTENT_FIELDS = re.compile(rb"(?i)(?:\A|(?<=[\r\n]))content-[a-z-]+[ \t]*:(?:[^\r\n]|" + LINE_END + rb"[ \t])*" + LINE_END)


def without_content_fields(head):
    """A header without the fields about the body, and these fields."""
    return CONTENT_FIELDS.sub(b"", head), b"".join(CONTENT_FIELDS.findall(head))


def structures(data, _said):
    """The same parts, combined in another way."""
    newline = mail.line_end(data)
    mark = b"--=_outer-part-5f3a"

    def parts(*those):
        return b"".join(mark + newline + each + newline for each in those) + mark + b"--" + newline

    def made(name):
        top = Part(data)
        if data.startswith((b"From ", b"\r", b"\n")):
            raise Skipped("its first line is not a field")
        if name == "nested":
            if not top.type.startswith(b"multipart/report") or not top.children:
                raise Skipped("no report in parts")
            body = top.bytes()[len(top.head):]
            head, fields = without_content_fields(top.head)
            footer = b"Content-Type: text/plain; charset=us-ascii" + newline * 2 + b"-- " + newline + b"sent through a gateway"
            top = b'Content-Type: multipart/mixed; boundary="' + mark[2:] + b'"' + newline + head
            return Change("structure", name, top + parts(fields + newline + body, footer))
        part = mail.first_text(top)
        if part is None or not part.head or part.body is None:
            raise Skipped("no text")
        if name == "alternative":
            charset = (part.charset() or "ascii").replace("us-ascii", "ascii")
            try:
                page = as_html(part.text().decode(charset))
            except (UnicodeError, LookupError):
                raise Skipped("the text is not valid in its charset") from None
            head, fields = without_content_fields(part.head)
            html_part = b"Content-Type: text/html; charset=utf-8" + newline + b"Content-Transfer-Encoding: base64" + newline * 2 + \
                base64.encodebytes(page).replace(b"\n", newline)
            body = parts((fields or b"Content-Type: text/plain" + newline) + newline + part.body, html_part)
            part.head = b'Content-Type: multipart/alternative; boundary="' + mark[2:] + b'"' + newline + (head or newline)
            part.body = body
            return Change("structure", name, top.bytes())
        cut = False
        for each in top.walk() if b"delivery-status" in top.type else ():
            if each.type.startswith(b"message/rfc822") and each.children and isinstance(each.children[0], Part):
                kept = each.children[0].head
                each.head = re.sub(rb"(?i)message/rfc822", b"text/rfc822-headers", each.head, count=1)
                each.children, each.body, cut = [], kept, True
                break
        if not cut:
            raise Skipped("no returned message")
        return Change("structure", name, top.bytes())
    for name in ("nested", "alternative", "headers only"):
        yield lambda n=name: made(n)


def is_prose(line):
    """True for a line that is no row of a table, no field, no line of a session."""
    words = line.split()
    return len(words) > 5 and not words[0].endswith(b":") and not re.search(rb"\S(?:  |\t)", line) and \
        not line.lstrip().startswith((b">", b"<<<", b"|", b"-"))


def in_short_lines(text, width):
    out = []
    for line in re.split(LINE_END, text):
        indent = line[:len(line) - len(line.lstrip())]
        while len(line) > width and is_prose(line) and b" " in line[len(indent):width].strip():
            cut = line.rindex(b" ", len(indent), width)
            out.append(line[:cut])
            line = indent + line[cut + 1:]
        out.append(line)
    return mail.line_end(text).join(out)


def wrappings(data, _said):
    """The prose of a report in parts, in shorter lines."""
    def made(width):
        top = Part(data)
        part = mail.first_text(top)
        if part is None or part is top:
            raise Skipped("the text is not a part of its own")
        text = part.text()
        short = in_short_lines(text, width)
        if short == text:
            raise Skipped("no long lines of prose")
        part.set_text(short)
        return Change("wrapping", str(width), top.bytes())
    for width in (72, 50):
        yield lambda w=width: made(w)


def encodings(data, _said):
    """The same text in another transfer encoding."""
    def made(encoding):
        top = Part(data)
        part = mail.first_text(top)
        if part is None or part is not top and not part.head or part.encoding == encoding.encode():
            raise Skipped("no text of its own")
        text = part.text()
        newline = mail.line_end(part.head)
        without = re.sub(rb"(?i)(\A|[\r\n])content-transfer-encoding[ \t]*:[^\r\n]*" + LINE_END, rb"\1", part.head)
        part.head = b"Content-Transfer-Encoding: " + encoding.encode() + newline + (without or newline)
        if part is top and data.startswith((b"From ", b"\r", b"\n")):
            raise Skipped("its first line is not a field")
        part.encoding = encoding.encode()
        part.set_text(text)
        return Change("encoding", encoding, top.bytes())
    for encoding in ("base64", "quoted-printable"):
        yield lambda e=encoding: made(e)


FIELD_NAME = re.compile(rb"((?:\A|(?<=[\r\n]))[A-Za-z][\w-]*)(?=[ \t]*:)")


def header_forms(data, _said):
    """The same header in another form (RFC 5322 2.2)."""
    newline = mail.line_end(data)

    def encoded(value):
        if b"=?" in value or not value.strip() or not value.isascii() or b"\n" in value or b"\r" in value:
            raise Skipped("the subject is empty, encoded or in two lines")
        words = [value[i:i + 30] for i in range(0, len(value), 30)]
        return (newline + b" ").join(b"=?utf-8?Q?" + re.sub(rb"[^A-Za-z0-9]", lambda m: b"=%02X" % m.group()[0], word) + b"?="
                                     for word in words)

    def made(name):
        top = Part(data)
        if name == "capitals":
            top.head = FIELD_NAME.sub(lambda m: m.group(1).upper(), top.head)
        elif name == "small":
            top.head = FIELD_NAME.sub(lambda m: m.group(1).lower(), top.head)
        elif name == "encoded subject":
            return Change("header form", name, top_field(data, b"Subject", encoded))
        elif name == "folded":
            top.head = re.sub(rb"(?<=[^\r\n:;, \t])(; |, )(?=[^ \t\r\n])", rb"\1".rstrip() + newline + b"\t", top.head)
        elif name == "first":
            if data.startswith(b"From "):
                raise Skipped("it has a From line")
            return Change("header form", name, b"From MAILER-DAEMON Mon Oct  5 08:00:00 2026" + newline + data)
        elif name == "more fields":
            top.head = b"X-Spam-Status: No, score=1.0" + newline + b"X-Virus-Scanned: by amavisd-new at example.org" + \
                newline + top.head
        return Change("header form", name, top.bytes())
    for name in ("capitals", "small", "encoded subject", "folded", "first", "more fields"):
        yield lambda n=name: made(n)


def status_forms(data, _said):
    """The fields of a delivery status in another form (RFC 3464 2.1)."""
    def change(text, name, newline):
        if name == "small":
            return FIELD_NAME.sub(lambda m: m.group(1).lower(), text)
        if name == "no space":
            return re.sub(rb"(?m)^([A-Za-z][\w-]*:)[ \t]+(?=\S)", rb"\1", text)
        if name == "type without space":
            return re.sub(rb"(?mi)^((?:final|original)-recipient:[ \t]*rfc822;)[ \t]*", rb"\1", text)
        if name == "brackets":
            return re.sub(rb"(?mi)^(final-recipient:[ \t]*rfc822;[ \t]*)([^\s<>@\"]+@[^\s<>]+)(?=[ \t]*\r?$)", rb"\1<\2>", text)
        if name == "spaces at the end":
            return re.sub(rb"(?<=\S)(?=\r?\n)", b"  ", text)
        if name == "spaces between":
            return re.sub(newline + newline + rb"(?=\S)", newline + b" \t" + newline, text)
        if name == "folded":
            return re.sub(rb"(?m)^(Diagnostic-Code:[ \t]*[\w-]+;)[ \t]*(?=\S)", rb"\1" + newline + b"    ", text)
        return re.sub(rb"(?m)^(Status:[ \t]*[245]\.\d+\.\d+)(?=[ \t]*\r?$)", rb"\1 (permanent or not)", text)

    def made(name):
        top, changed = Part(data), False
        for part in top.walk():
            if part.type.startswith((b"message/delivery-status", b"message/global-delivery-status")) and part.text():
                text = part.text()
                new = change(text, name, mail.line_end(text))
                changed |= new != text
                part.set_text(new)
        if not changed:
            raise Skipped("no field in that form")
        return Change("status form", name, top.bytes())
    for name in ("small", "no space", "type without space", "brackets", "spaces at the end", "spaces between", "folded",
                 "comment"):
        yield lambda n=name: made(n)


def orders(data, _said):
    """The groups of fields of a delivery status, the last recipient first."""
    def made():
        top, turned = Part(data), False
        for part in top.walk():
            if not part.type.startswith((b"message/delivery-status", b"message/global-delivery-status")):
                continue
            text = part.text() or b""
            newline = mail.line_end(text)
            groups = [g for g in re.split(LINE_END + LINE_END + b"+", text.strip()) if g.strip()]
            named = [g for g in groups if b"final-recipient" in g.lower()]
            others = [g for g in groups if g not in named]
            if len(named) > 1:
                part.set_text((newline * 2).join(others + named[::-1]) + newline * 2)
                turned = True
        if not turned:
            raise Skipped("not several recipients with fields of their own")
        return Change("order", "reversed", top.bytes())
    yield made


def appended(kind, footers, data):
    def made(footer, as_part):
        top = Part(data)
        newline = mail.line_end(data)
        footer = footer.encode().replace(b"\n", newline)
        if as_part:
            if not top.type.startswith(b"multipart/") or len(top.children) < 3 or not isinstance(top.children[1], bytes):
                raise Skipped("not in parts")
            mark = top.children[1].rstrip(b"\r\n")
            last = max(i for i, c in enumerate(top.children) if isinstance(c, Part))
            added = [newline + mark + newline, b"Content-Type: text/plain; charset=us-ascii" + newline * 2 + footer]
            top.children[last + 1:last + 1] = added
        else:
            part = mail.first_text(top)
            if part is None:
                raise Skipped("no plain text")
            part.set_text(part.text().rstrip(b"\r\n") + newline * 2 + footer)
        return Change(kind, footer.decode().splitlines()[0][:20].strip("_- ") + f" {'part' if as_part else 'text'}"
                      if not footer.startswith((b"_", b"--")) else
                      footer.decode().splitlines()[1][:20] + f" {'part' if as_part else 'text'}", top.bytes())
    for footer in footers:
        for as_part in (False, True):
            yield lambda f=footer, p=as_part: made(f, p)


def list_footers(data, _said):
    yield from appended("list footer", LIST_FOOTERS, data)


def footers(data, _said):
    yield from appended("footer", FOOTERS, data)


def top_field(data, name, value):
    """The mail with another value of a field of its header; value takes the old one."""
    top = Part(data)
    pattern = re.compile(rb"((?:\A|(?<=[\r\n]))" + name + rb":[ \t]*)((?:[^\r\n]|" + LINE_END + rb"[ \t])*)", re.I)
    if not pattern.search(top.head):
        raise Skipped(f"no {name.decode()}")
    top.head = pattern.sub(lambda m: m.group(1) + value(m.group(2)), top.head, count=1)
    return top.bytes()


def prefixes(data, _said):
    for prefix in PREFIXES:
        yield lambda p=prefix: Change("prefix", p.strip(), top_field(data, b"Subject", lambda v: p.encode() + v))


def list_froms(data, said):
    """In ordinary mail, a From with "Mail Delivery System" is no neutral change."""
    if said.addresses:
        yield lambda: Change("from", "by a list", top_field(data, b"From", lambda _: LIST_FROM.encode()))


KINDS = {"name": names, "domain": domains, "oneself": oneself, "host": hosts, "subject": subjects, "id": ids, "date": dates,
         "line ends": line_ends, "encoding": encodings, "charset": charsets, "html": htmls, "wrapping": wrappings, "structure": structures, "text form": text_forms,
         "header form": header_forms, "status form": status_forms, "order": orders, "list footer": list_footers,
         "footer": footers, "prefix": prefixes, "from": list_froms}


LINE_BYTES = 38
# What precedes a quoted reply, or follows it in a log.
AROUND = ("host mx.example.net[192.0.2.1] said: {}", "smtp; {}", "'{}'", "Remote Server returned '{}'", "{} [4f1a2b3c4d]")


def in_lines(text):
    """A reply cut into short lines, each with its codes, as a log shows it; None if it is not a single line."""
    if "(in reply to " in text:
        return None
    match = re.match(r"(\d{3})[ -](\d\.\d{1,3}\.\d{1,3} )?(?!.*\b\d{3}[ -])(.*)", text)
    if not match:
        return None
    code, status, words = match[1], match[2] or "", match[3]
    lines = textwrap.wrap(words, LINE_BYTES, break_long_words=False, break_on_hyphens=False)
    return " ".join(f"{code}{'- '[line is lines[-1]]}{status}{line}" for line in lines) if len(lines) > 1 else None


def changes_of_reply(text):
    """The same for a single reply: its addresses, the hosts that it quotes, its form."""
    found = sorted(set(re.findall(r"(?<![\w.+=-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]+", text)))
    quoted = sorted(set(re.findall(r"\b(?:host|server|from|by) ((?:[\w-]+\.)+[A-Za-z]{2,})(?=[\[( ])", text)))
    out = {"name": [], "domain": [], "host": []}
    for address in found:
        local, _, domain = address.rpartition("@")
        pattern = re.compile(r"(?<![\w.+=-])" + re.escape(address) + r"(?![\w-])", re.I)
        for kind, new in [("name", f"{n}@{domain}") for n in NAMES] + [("domain", f"{local}@{n}") for n in DOMAINS]:
            out[kind].append((new, pattern.sub(lambda _, n=new: n, text)))
    for host in quoted:
        out["host"] += [(n, re.sub(r"(?<![\w.@-])" + re.escape(host) + r"(?![\w-])", n, text)) for n in HOSTS]
    out["around"] = [(around.format("..."), around.format(text)) for around in AROUND if text[:3].isdecimal()]
    out["lines"] = [("short", lines) for lines in [in_lines(text)] if lines]
    if not found and text.isascii():
        out["case"] = [("upper", text.upper())]
    return out
