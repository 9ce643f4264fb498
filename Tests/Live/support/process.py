# SPDX-License-Identifier: Apache-2.0
"""A process under test: all that it says is kept, and nothing of it outlives its test.

Its output goes through a thread into a list and a file, so a full pipe never stops it. It leads a
process group of its own, which `end` kills whatever became of it.
"""

import os
import signal
import subprocess
import threading
import time

WITHIN_SECONDS = 60
ORDERLY_SECONDS = 20
TAIL_LINES = 25
LOOK_SECONDS = 0.25


class ProcessError(AssertionError):
    """A process that did not do what a test waits for; the message has its last lines."""


class Process:
    """Runs a command; `out` and `err` are the lines that it has written so far."""

    def __init__(self, folder, name, command, environment=None, pass_fds=()):
        self.name = name
        self.command = [str(word) for word in command]
        self.out, self.err = [], []
        self.said = threading.Condition()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=folder, env={**os.environ, **(environment or {})}, pass_fds=pass_fds,
            start_new_session=True)
        self.readers = [
            self._reader(self.process.stdout, self.out, os.path.join(folder, name + '.out')),
            self._reader(self.process.stderr, self.err, os.path.join(folder, name + '.err')),
        ]

    @property
    def pid(self):
        """Of the command itself."""
        return self.process.pid

    @property
    def is_running(self):
        """Whether it has not ended."""
        return self.process.poll() is None

    def write(self, line):
        """One line to its standard input."""
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()

    def close_input(self):
        """The end of its standard input."""
        self.process.stdin.close()

    def until(self, condition, what, within=WITHIN_SECONDS):
        """Waits until `condition()` gives something true, and returns that. It is asked again at
        each line of the process, and some times a second. Fails early if the process has ended."""
        end = time.monotonic() + within
        with self.said:
            while not (result := condition()):
                if not self.is_running and not any(reader.is_alive() for reader in self.readers):
                    if result := condition():
                        return result
                    raise self.error(f'has ended with {self.process.returncode} without {what}')
                if time.monotonic() > end:
                    raise self.error(f'not within {within} s: {what}')
                self.said.wait(LOOK_SECONDS)
        return result

    def until_says(self, text, within=WITHIN_SECONDS):
        """Waits for a line that holds this text, on either output, and returns it."""
        return self.until(
            lambda: next((line for line in self.out + self.err if text in line), None),
            f'a line with {text!r}', within)

    def send(self, number):
        """To the command itself."""
        self.process.send_signal(number)

    def freeze(self):
        """SIGSTOP to it and all that it has started."""
        os.killpg(self.pid, signal.SIGSTOP)

    def thaw(self):
        """SIGCONT to the same."""
        os.killpg(self.pid, signal.SIGCONT)

    def kill(self):
        """SIGKILL to it and all that it has started in its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        return self.wait()

    def wait(self, within=WITHIN_SECONDS):
        """Waits for its end, and for the rest of what it said. Gives the exit status."""
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise self.error(f'runs on after {within} s') from None
        for reader in self.readers:
            reader.join(LOOK_SECONDS * 8)
        return self.process.returncode

    def stop(self, number=signal.SIGTERM, within=WITHIN_SECONDS):
        """Asks it to end, waits, gives the exit status."""
        if self.is_running:
            self.send(number)
        return self.wait(within)

    def end(self):
        """At the end of a test: orderly if it can, and in any case."""
        if self.is_running:
            try:
                self.thaw()
                self.stop(within=ORDERLY_SECONDS)
            except (ProcessError, ProcessLookupError):
                pass
        self.kill()
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass

    @property
    def text(self):
        """All that it has said, on both outputs."""
        return '\n'.join([*self.out, *self.err])

    def tail(self, lines=TAIL_LINES):
        """Its last lines, for people."""
        return '\n'.join(
            [f'--- {self.name} ({" ".join(self.command)}), standard output', *self.out[-lines:],
             f'--- {self.name}, standard error', *self.err[-lines:]])

    def error(self, what):
        """For `raise`."""
        return ProcessError(f'{self.name} {what}\n{self.tail()}')

    def _reader(self, stream, lines, path):
        def read():
            with stream, open(path, 'wb') as file:
                for raw in stream:
                    file.write(raw)
                    file.flush()
                    with self.said:
                        lines.append(raw.decode('utf-8', 'backslashreplace').rstrip('\r\n'))
                        self.said.notify_all()
        thread = threading.Thread(target=read, name=path, daemon=True)
        thread.start()
        return thread


def run(command, folder=None, text=None, within=WITHIN_SECONDS):
    """Runs a command to its end: the `CompletedProcess`, outputs as text."""
    return subprocess.run(
        [str(word) for word in command], cwd=folder, input=text, capture_output=True, text=True,
        timeout=within, check=False, errors='backslashreplace')
