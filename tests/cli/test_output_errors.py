#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Output that cannot be written is reported and gives exit status 1."""
import os
import subprocess

import program
from program import FROM, Case, dsn, state, until


class OutputErrors(Case):
    def run_to(self, stdout, *arguments):
        return subprocess.run([program.PROGRAM, *arguments], input=(f"{FROM}{dsn()}\n" * 2000).encode(),
                              stdout=stdout, stderr=subprocess.PIPE)

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            for arguments in ([], ["--format", "json"], ["--format", "csv"], ["--list-rules"], ["--help"],
                              ["--version"]):
                done = self.run_to(full, *arguments)
                self.assertEqual(done.returncode, 1, arguments)
                self.assertEqual(done.stderr, b"bounce-classify: standard output: No space left on device\n")

    def test_a_closed_pipe_is_no_error(self):
        """The reader has had enough, as head(1) has."""
        reading, writing = os.pipe()
        os.close(reading)
        done = self.run_to(writing, "--format", "json")
        os.close(writing)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_a_slow_reader_is_waited_for(self):
        """Even if the pipe is not blocking; asleep, not by trying again and again."""
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        box = self.put("box", f"{FROM}{dsn()}\n" * 2000)
        command = [program.PROGRAM, "--format", "csv", "--jobs", "1", box]
        with subprocess.Popen(command, stdout=writing) as child:
            os.close(writing)
            self.assertEqual(until(lambda: state(child.pid) if state(child.pid) in ("S", "Z") else None), "S")
            with open(reading, "rb") as pipe:
                self.assertEqual(pipe.read().count(b"\n"), 2001)
        self.assertEqual(child.returncode, 0)

    def test_reading_stops_when_the_output_is_closed(self):
        """Even if the input never ends."""
        script = f'yes "550 5.1.1 user unknown" | "{program.PROGRAM}" --reply --format json | head -n 1'
        done = subprocess.run(["sh", "-c", script], capture_output=True)
        self.assertEqual(done.stdout.count(b"\n"), 1)
        self.assertEqual(done.stderr, b"")

    def test_reading_of_mails_stops_when_the_output_is_closed(self):
        """The rest of the mailbox is not read, nor are the inputs after it."""
        reading, writing = os.pipe()
        os.close(reading)
        mails = (f"{FROM}{dsn()}\n" * 100).encode()
        for jobs in ("1", "2"):
            with subprocess.Popen([program.PROGRAM, "--format", "json", "--jobs", jobs, "-", "/none"],
                                  stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE) as child:
                with self.assertRaises(BrokenPipeError):
                    for _ in range(1000):
                        os.write(child.stdin.fileno(), mails)
                self.assertEqual(child.stderr.read(), b"")
            self.assertEqual(child.returncode, 0)
        os.close(writing)

    def test_no_output_at_all(self):
        """Even if nothing would be written."""
        done = subprocess.run([program.PROGRAM, "--format", "json"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              preexec_fn=lambda: os.close(1))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"bounce-classify: standard output: Bad file descriptor\n")

    def test_closed_descriptors_are_not_reused(self):
        """Otherwise text for standard error would go to the file or worker that got its number."""
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        for closed in ([0], [2], [0, 2]):
            with subprocess.Popen([program.PROGRAM, "--format", "json", fifo], stdout=subprocess.PIPE,
                                  preexec_fn=lambda: [os.close(fd) for fd in closed]) as child:
                with open(fifo, "w", encoding="utf-8") as box:  # waits until the program has opened it
                    held = [os.readlink(f"/proc/{child.pid}/fd/{fd}") for fd in closed]
                    box.write(dsn())
                self.assertEqual(child.stdout.read().count(b"\n"), 1)
            self.assertEqual((held, child.returncode), (["/dev/null"] * len(closed), 0))

    def test_closed_input(self):
        done = subprocess.run([program.PROGRAM], capture_output=True, preexec_fn=lambda: os.close(0))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.splitlines()[0], b"bounce-classify: standard input: Bad file descriptor")

    def test_wrong_usage_keeps_status_2(self):
        with open("/dev/full", "wb") as full:
            self.assertEqual(self.run_to(full, "--format", "xml").returncode, 2)


if __name__ == "__main__":
    program.main()
