#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""--shard: the shards, put together, are the whole. (tests/unit/mailbox/test_shard.c tries every number of shards
on many small mailboxes.)"""
import json
import re
import resource
import subprocess

import program
from program import FROM, ORDINARY, Case, dsn


def mailbox(count=40):
    """Mails with lines that look like separators but are not."""
    hostile = f"\nFrom here on\n\nFrom joe at Sat Jan 31\nx\n{FROM}\n>{FROM}"
    return "".join(f"{FROM}{dsn(f'user{i}@example.net', extra=hostile * (i % 3))}\n" for i in range(count))


class Shard(Case):
    def whole(self, *arguments, output="json", **more):
        """The output without --shard, except that index is null."""
        text = self.check_run("--format", output, *arguments, **more)
        return "".join(self.without_index(line) for line in text.splitlines(True)) if output == "json" else text

    def without_index(self, line):
        index = json.loads(line)["source"]["index"]
        return line.replace(f'"index":{index},', '"index":null,', 1)

    def parts(self, shards, *arguments, output="json", **more):
        return [self.check_run("--format", output, "--shard", f"{k}/{shards}", *arguments, **more)
                for k in range(1, shards + 1)]

    def check(self, counts, *arguments, **more):
        want = self.whole(*arguments)
        for shards in counts:
            self.assertEqual("".join(self.parts(shards, *arguments, **more)), want, shards)
        return want

    def test_mbox_with_any_line_ends(self):
        for end in ("\n", "\r\n", "\r"):
            with self.subTest(repr(end)):
                box = self.put("box", mailbox().replace("\n", end))
                want = self.check((1, 2, 3, 8, 61), box)
                self.assertEqual(len(want.splitlines()), 40)

    def test_results_can_be_sorted_by_offset(self):
        """So shards may finish in any order."""
        box = self.put("box", mailbox())
        lines = [line for part in reversed(self.parts(7, box)) for line in part.splitlines(True)]
        lines.sort(key=lambda line: json.loads(line)["source"]["offset"])
        self.assertEqual("".join(lines), self.whole(box))

    def test_every_shard_gets_a_share_of_the_work(self):
        sizes = [len(part.splitlines()) for part in self.parts(4, self.put("box", mailbox()))]
        self.assertEqual(sum(sizes), 40)
        self.assertGreater(min(sizes), 5)

    def test_a_single_mail_and_an_empty_file(self):
        self.check((1, 2, 5), self.put("mail.eml", dsn()))
        self.assertEqual(self.check((1, 2), self.put("empty", "")), "")

    def test_standard_input_may_be_a_file(self):
        box = self.put("box", mailbox())
        want, got = self.whole(stdin=box.read_bytes()), ""
        for k in (1, 2, 3):
            with open(box, "rb") as file:
                got += self.check_run("--format", "json", "--shard", f"{k}/3", input_from=file)
        self.assertEqual(got, want)

    def test_a_pipe_is_refused(self):
        done = program.run("--shard", "1/2", stdin=mailbox())
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr,
                         b"bounce-classify: standard input: only a file or folder can be read in shards\n")

    def test_shards_with_workers(self):
        box = self.put("box", mailbox(1500))
        self.check((3,), "--jobs", 2, box)

    def test_csv_header_is_in_the_first_shard_only(self):
        box = self.put("box", mailbox())
        first, *rest = self.parts(3, box, output="csv")
        header = first.splitlines()[0]
        self.assertTrue(header.startswith("path,index,offset,"))
        self.assertNotIn(header, "".join(rest))
        self.assertEqual(len("".join((first, *rest)).splitlines()), 41)

    def test_maildir_is_cut_between_files(self):
        for i in range(23):
            self.put(f"dir/{'new' if i % 3 else 'cur'}/{i:04}", dsn(f"user{i}@example.net"))
        (self.folder / "dir" / "tmp").mkdir()
        self.check((1, 2, 5, 23, 30), self.folder / "dir")
        self.assertEqual({len(part.splitlines()) for part in self.parts(23, self.folder / "dir")}, {1})

    def test_folder_is_cut_between_files(self):
        self.put("dir/b", dsn())
        self.put("dir/a/box", mailbox(5))
        self.put("dir/a.b", dsn())
        self.put("dir/a/c/d", ORDINARY)
        self.put("dir/.hidden", ORDINARY)
        self.check((1, 2, 3, 4, 5, 9), self.folder / "dir")

    def test_a_folder_of_more_files_than_descriptors(self):
        """They can be counted without being open."""
        for i in range(60):
            self.put(f"dir/{i:02}", ORDINARY)
        text = self.check_run("--format", "json", "--jobs", 1, "--shard", "2/3", self.folder / "dir",
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24)))
        self.assertEqual(len(text.splitlines()), 20)

    def test_an_unreadable_file_is_in_one_shard_only(self):
        for name in "acde":
            self.put(f"dir/{name}", dsn())
        (self.folder / "dir" / "b").symlink_to("nowhere")
        done = [program.run("--format", "json", "--shard", f"{k}/5", self.folder / "dir") for k in range(1, 6)]
        self.assertEqual([run.returncode for run in done], [0, 1, 0, 0, 0])
        self.assertEqual([len(run.stdout.splitlines()) for run in done], [1, 0, 1, 1, 1])

    def test_trace_shows_the_offset_if_the_number_is_not_known(self):
        first, second = (f"{FROM}{dsn(name)}\n" for name in ("a@b.example", "c@d.example"))
        box = self.put("box", first + second)
        places = [len(FROM), len(first + FROM)]
        heads = re.findall("^message .*$", self.check_run("--trace", "--start-offset", places[1], box), re.M)
        self.assertEqual(heads, [f"message at {places[1]} of {box}"])
        text = self.check_run("--trace", "--shard", "1/2", box) + self.check_run("--trace", "--shard", "2/2", box)
        self.assertEqual(re.findall("^message .*$", text, re.M), [f"message at {n} of {box}" for n in places])
        self.assertIn(f"message 2 of {box}\n", self.check_run("--trace", box))

    def test_content_length_is_ignored(self):
        """So the shards of an mboxcl2 are those of --input-format mbox."""
        body = f"x\n\n{FROM}not a message\n"
        box = self.put("box", f"{FROM}Content-Length: {len(body)}\n\n{body}\n" * 3)
        self.assertEqual(len(self.whole(box).splitlines()), 3)
        want = self.whole("--input-format", "mbox", box)
        self.assertEqual(len(want.splitlines()), 6)
        for shards in (1, 2, 5):
            self.assertEqual("".join(self.parts(shards, box)), want)

    def test_a_shard_that_was_killed_can_be_run_again(self):
        box = self.put("box", mailbox(400))
        want = self.parts(3, box)[1]
        with subprocess.Popen([program.PROGRAM, "--format", "json", "--shard", "2/3", box],
                              stdout=subprocess.PIPE) as child:
            child.stdout.readline()
            child.kill()
        self.assertEqual(self.parts(3, box)[1], want)

    def test_wrong_usage_is_refused(self):
        for value in ("", "1", "0/2", "3/2", "1/0", "1/2x", "x/2", "1/", "/2", "-1/2", "1/1000000001"):
            self.assertEqual(program.run("--shard", value).returncode, 2, value)
        self.assertEqual(program.run("--shard", "1/2", "--reply", "550 x").returncode, 2)
        self.assertEqual(program.run("--shard", "1/2", "--input-format", "mboxcl").returncode, 2)


if __name__ == "__main__":
    program.main()
