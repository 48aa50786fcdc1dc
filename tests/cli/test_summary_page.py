#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--summary html: a page that shows texts of mails as plain text, parsed as HTML and loaded by a browser.

Tests that need a browser are skipped without chromium: it is large, so ./setup does not install it.
"""
import base64
import hashlib
import html.parser
import os
import random
import re
import shutil
import struct
import subprocess
import unittest
import zlib

import program
from program import FROM, Case, dsn

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCRIPT = "<script>document.title='owned'</script>"
HOSTILE = [SCRIPT, "\"><img src=x onerror=document.title='owned'>", "</style></table><h1>owned</h1>", "&lt;b&gt;",
           "' onmouseover='document.title=1", "\u202eevil\u202c", "x" * 400, "日本語の件名"]
ALLOWED = {"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "nav", "ul", "li", "main", "dl",
           "div", "dt", "dd", "p", "strong", "code", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure",
           "svg", "rect", "text", "line", "span", "section", "details", "summary", "footer"}
NAMES = {"lang", "charset", "http-equiv", "content", "name", "class", "href", "rel", "id", "aria-label", "aria-hidden", "role",
         "tabindex", "scope", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "text-anchor"}
VOID = {"meta", "rect", "line"}


def hostile_box():
    mails = []
    for i, text in enumerate(HOSTILE):
        mail = dsn(f'"{text[:60]}"@b{i}.example', f"550 5.1.1 {text}: User unknown")
        mail = mail.replace("mx.example.net", f"mx{i}<b>.example.net")
        returned = f"--b\nContent-Type: text/rfc822-headers; charset=utf-8\n\nSubject: {text}\n\n--b--"
        mails.append(mail.replace("--b--", returned))
    full = dsn("f@b.example", f"552 5.2.2 over quota {SCRIPT}", "5.2.2").replace(
        "--b--", f"--b\nContent-Type: text/rfc822-headers\n\nSubject: {SCRIPT}\n\n--b--")
    return "".join(f"{FROM}{mail}\n" for mail in [*mails, full])


class Reader(html.parser.HTMLParser):
    """Elements in order, their nesting, and all text outside of the style sheet."""

    def __init__(self):
        super().__init__()
        self.open, self.elements, self.text, self.style = [], [], "", ""

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data


class Page(Case):
    def page(self, mails=None, *options):
        return self.check_run("--summary", "html", *options, stdin=hostile_box() if mails is None else mails)

    def read(self, text):
        reader = Reader()
        reader.feed(text)
        reader.close()
        self.assertEqual(reader.open, [])
        return reader

    def test_texts_of_mails_stay_text(self):
        reader = self.read(self.page())
        self.assertEqual({tag for tag, _ in reader.elements} - ALLOWED, set())
        for _, attributes in reader.elements:
            self.assertEqual([name for name in attributes if name.startswith("on") or name == "style"], [])
        self.assertIn(SCRIPT, reader.text)
        self.assertIn("\\u202e", reader.text)
        self.assertNotIn("\u202e", reader.text)

    def test_the_policy_allows_its_style_sheet_only(self):
        reader = self.read(self.page())
        policy = next(a["content"] for tag, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
        digest = base64.b64encode(hashlib.sha256(reader.style.encode()).digest()).decode()
        self.assertEqual(policy, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
                                 "form-action 'none'")
        self.assertNotRegex(reader.style, r"url\(|@import|http")

    def test_the_page_keeps_the_permissions_of_the_old_one(self):
        page = self.put("page.html", "old")
        for mode in 0o640, 0o604, 0o666:
            page.chmod(mode)
            self.check_run("--summary", "html", "--output", page, stdin=dsn())
            self.assertEqual(page.stat().st_mode & 0o777, mode)
        if os.getuid() == 0:
            os.chown(page, 12345, 12346)
            self.check_run("--summary", "html", "--output", page, stdin=dsn())
            self.assertEqual((page.stat().st_uid, page.stat().st_gid), (12345, 12346))
        self.assertNotEqual(page.read_text(encoding="utf-8"), "old")

    def test_links(self):
        listed = dsn("a@b.example", "554 5.7.1 Client host [192.0.2.25] blocked using zen.spamhaus.org; "
                     "https://www.spamhaus.org/query/ip/192.0.2.25?x=<b>", "5.7.1")
        reader = self.read(self.page(listed))
        links = [a["href"] for tag, a in reader.elements if tag == "a"]
        self.assertEqual([link for link in links if not link.startswith("#")], ["https://check.spamhaus.org/"])
        ids = {a["id"] for _, a in reader.elements if "id" in a}
        self.assertEqual({link[1:] for link in links if link.startswith("#")} - ids, set())
        help_only = dsn("a@b.example", "550 5.7.26 Unauthenticated, SPF failed, see https://evil.example/x", "5.7.26")
        reader = self.read(self.page(help_only))
        self.assertIn("https://evil.example/x", reader.text)
        self.assertNotIn("https://evil.example/x", [a.get("href") for _, a in reader.elements])

    def test_for_readers_and_keyboards(self):
        text = self.page()
        reader = self.read(text)
        self.assertEqual(reader.elements[0], ("html", {"lang": "en"}))
        for tag, attributes in reader.elements:
            if tag == "svg":
                self.assertTrue(attributes.get("aria-label") or attributes.get("aria-hidden"), attributes)
            if tag == "th":
                self.assertIn(attributes["scope"], ("col", "row"))
            if attributes.get("class") == "wide":
                self.assertEqual([attributes["tabindex"], attributes["role"]], ["0", "region"])
        tables = len(re.findall("<table>", text))
        self.assertEqual(tables, len(re.findall("<table><caption>[^<]+</caption><thead>", text)))
        self.assertGreaterEqual(tables, 10)
        self.assertEqual([tag for tag, _ in reader.elements if tag == "h1"], ["h1"])

    def test_random_texts(self):
        """Whatever addresses, hosts, replies and subjects contain: all elements are ours."""
        random.seed(11)
        pieces = ["<", ">", "&", '"', "'", "=", "/", "!--", "--", "]]>", "<script", "</", "x", " ", "\\", "&lt;", "&#60;", "%",
                  "\u2028", "\u202e", "\x1b", "\x7f", "\u00e9", "\U0001f600", "\t", "http://", "javascript:", "style="]

        def text():
            return "".join(random.choice(pieces) for _ in range(random.randint(1, 30)))
        mails = []
        for i in range(300):
            mail = dsn(f'"{text()}"@{random.choice(["b.example", text()])}', f"55{i % 10} 5.7.1 {text()} blocked {text()}",
                       random.choice(["5.1.1", "5.7.1", "4.7.1"]))
            mail = mail.replace("dns; mx.example.net", f"dns; {text()}").replace("dns; mx.example.org", f"dns; {text()}")
            mails.append(mail.replace("--b--", f"--b\nContent-Type: text/rfc822-headers; charset=utf-8\n\n"
                                      f"Subject: {text()}\nFrom: {text()}\n\n--b--"))
        page = program.run("--summary", "html", stdin="".join(f"{FROM}{mail}\n" for mail in mails)).stdout.decode()
        reader = self.read(page)
        self.assertEqual({tag for tag, _ in reader.elements} - ALLOWED, set())
        names = {name for _, attributes in reader.elements for name in attributes}
        self.assertLessEqual(names, NAMES)
        self.assertNotRegex(page, "[\x00-\x08\x0b-\x1f\x7f\u2028\u202e]")
        for tag, attributes in reader.elements:
            if tag == "a":
                self.assertRegex(attributes["href"], r"^(#[a-z_]+|https://[a-z.]+/[a-z./-]*)$")

    def test_nothing_to_show(self):
        reader = self.read(self.page("From: a@b.example\nSubject: lunch\n\nNoon?\n"))
        self.assertIn("Nothing.", reader.text)

    def test_broken_days(self):
        for day in ("Sat, 99 Jan 9999", "garbage", "Sat, 01 Jan 0001", "Tue, 01 Feb 1900"):
            mails = hostile_box() + f"{FROM}{dsn()}\n".replace("Date: Sat, 31 Jan 2026", f"Date: {day}")
            self.read(self.page(mails))


def first_pixel(png):
    """Its red, green and blue, 8 bits each."""
    at, data = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return zlib.decompress(data)[1:4]


@unittest.skipUnless(CHROMIUM, "needs chromium (apt-get install chromium)")
class Browser(Case):
    """What a browser makes of the page."""

    def chromium(self, *arguments):
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                   f"--user-data-dir={self.folder}/profile", *arguments]
        environment = dict(os.environ, HOME=str(self.folder))
        return subprocess.run(command, capture_output=True, env=environment, timeout=program.BACKSTOP_S, check=True)

    def dom(self, page, inner=""):
        """The document after loading, with the measurements of a script beside it in a frame."""
        path = self.put("page.html", page + inner)
        return self.chromium("--dump-dom", "--virtual-time-budget=2000", f"file://{path}").stdout.decode()

    def test_no_text_becomes_an_element(self):
        page = self.check_run("--summary", "html", stdin=hostile_box())
        dom = self.dom(page)
        self.assertIn("<title>Bounces</title>", dom)
        self.assertIsNone(re.search("<(script|img|b|iframe|object)[ >]|<h1>owned", dom))
        self.assertIn("&lt;script&gt;document.title='owned'&lt;/script&gt;", dom)

    def test_the_policy_stops_scripts_and_styles(self):
        """If a text became a script all the same."""
        page = self.check_run("--summary", "html", stdin=hostile_box())
        dom = self.dom(page, f"{SCRIPT}<p id=probe style='color:red' onclick='1'>probe</p>")
        self.assertIn("<title>Bounces</title>", dom)
        without = page.replace("Content-Security-Policy", "X-No-Policy")
        self.assertIn("<title>owned</title>", self.dom(without, SCRIPT))

    def test_pictures(self):
        """In both schemes, wide and narrow: something is drawn, on the background of the scheme."""
        page = self.put("page.html", self.check_run("--summary", "html", stdin=hostile_box()))
        for scheme, number in (("dark", 0), ("light", 1)):
            for width in (1200, 500):
                path = self.folder / f"{scheme}-{width}.png"
                self.chromium(f"--blink-settings=preferredColorScheme={number}", f"--window-size={width},1500",
                              f"--screenshot={path}", f"file://{page}")
                self.assertGreater(path.stat().st_size, 20000)
                self.assertEqual(first_pixel(path.read_bytes()), b"\x14\x16\x1a" if scheme == "dark" else b"\xff" * 3)

    def test_narrow_screens_need_no_sideways_scrolling(self):
        """The page in a frame of 400 pixels is no wider than that; wide tables scroll by themselves."""
        self.put("page.html", self.check_run("--summary", "html", stdin=hostile_box()))
        frame = self.put("frame.html", "<iframe id=f src=page.html width=400 height=800></iframe><script>"
                         "f.onload=()=>{document.title='width '+f.contentDocument.documentElement.scrollWidth+"
                         "' '+f.contentDocument.fonts.size}</script>")
        dom = self.chromium("--allow-file-access-from-files", "--dump-dom", "--virtual-time-budget=3000",
                            f"file://{frame}").stdout.decode()
        width = int(re.search(r"<title>width (\d+) 0</title>", dom).group(1))
        self.assertLessEqual(width, 400)


if __name__ == "__main__":
    program.main()
