#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What cmake/hardening.cmake asks for is in the built files, as readelf and objdump show.

usage: check_hardening.py READELF OBJDUMP PROCESSOR fortified|plain PROGRAM LIBRARY

"plain" is a build without optimisation or with sanitizers, which lacks the C library's checks of bounds.
Marks for control flow and probes of large frames are checked only if PROCESSOR is x86_64.
"""
import re
import subprocess
import sys
import unittest

READELF = OBJDUMP = PROCESSOR = PROGRAM = LIBRARY = None
FORTIFIED = False


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def each(self):
        """Both files, each as a test of its own."""
        for path in (PROGRAM, LIBRARY):
            with self.subTest(path):
                yield path

    def test_addresses_are_random(self):
        for path in self.each():
            self.assertRegex(output_of(READELF, "-hW", path), r"Type:\s+DYN")
        self.assertRegex(output_of(READELF, "-dW", PROGRAM), r"FLAGS_1\).*\bPIE\b")

    def test_what_the_loader_fills_in_is_read_only(self):
        for path in self.each():
            self.assertIn("GNU_RELRO", output_of(READELF, "-lW", path))
            self.assertRegex(output_of(READELF, "-dW", path), r"\bBIND_NOW\b|FLAGS_1\).*\bNOW\b")

    def test_no_page_is_writable_and_executable(self):
        for path in self.each():
            segments = output_of(READELF, "-lW", path)
            self.assertRegex(segments, r"GNU_STACK.* RW ")
            self.assertNotRegex(segments, r"\bRWE\b")
            self.assertNotIn("TEXTREL", output_of(READELF, "-dW", path))

    def test_frames_are_guarded(self):
        for path in self.each():
            self.assertRegex(output_of(READELF, "-W", "--dyn-syms", path), r"__stack_chk_(fail|guard)")

    def test_copies_are_checked(self):
        if not FORTIFIED:
            self.skipTest("no optimisation, or sanitizers")
        for path in self.each():
            self.assertRegex(output_of(READELF, "-W", "--dyn-syms", path), r"__(mem|str|[a-z]*printf)[a-z]*_chk")

    def test_jumps_land_at_marks(self):
        if PROCESSOR != "x86_64":
            self.skipTest(PROCESSOR)
        for path in self.each():
            functions = re.split(r"\n\n(?=[0-9a-f]+ <)", output_of(OBJDUMP, "-d", "--no-show-raw-insn", path))
            asked = [text for text in functions if re.match(r"[0-9a-f]+ <(main|bounce_[a-z_]+)>:", text)]
            self.assertGreater(len(asked), 20)
            self.assertEqual([text for text in asked if "endbr64" not in text.split("\n")[1]], [])

    def test_large_frames_touch_each_page(self):
        if PROCESSOR != "x86_64":
            self.skipTest(PROCESSOR)
        with open(PROGRAM, "rb") as file:
            if b"__asan_init" in file.read():
                self.skipTest("the sanitizer keeps large arrays elsewhere")
        # As binutils' objdump writes it, and LLVM's.
        probe = re.compile(r"subq?\s+\$(0x1000|4096), ?%rsp[^\n]*\n.*\b(or|mov)[lq]?\s+\$(0x)?0, ?\(%rsp\)")
        for path in self.each():
            self.assertTrue(probe.search(output_of(OBJDUMP, "-d", "--no-show-raw-insn", path)), "no page is touched")


def main():
    global READELF, OBJDUMP, PROCESSOR, FORTIFIED, PROGRAM, LIBRARY
    if len(sys.argv) != 7:
        sys.exit(__doc__)
    READELF, OBJDUMP, PROCESSOR, fortified, PROGRAM, LIBRARY = sys.argv[1:]
    FORTIFIED = fortified == "fortified"
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
