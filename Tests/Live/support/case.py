# SPDX-License-Identifier: Apache-2.0
"""The base of all live tests: a folder, wires, processes, and an end that leaves nothing running.

A test that fails shows the last lines of its processes and keeps its folder, with the captures.
The folder of all kept folders is named by SYNSCOPE_LIVE_KEPT.
"""

import os
import shutil
import signal
import tempfile
import time
import unittest

from support import paths
from support.process import Process, run
from support.wires import GPIOWires, Wires

TEST_SECONDS_MAX = 180
LOOK_SECONDS = 0.02
KEPT = os.environ.get('SYNSCOPE_LIVE_KEPT') or os.path.join(
    tempfile.gettempdir(), 'synscope-live-failures')


class OutOfTime(Exception):
    """The test as a whole took too long."""


class LiveTestCase(unittest.TestCase):
    """One test: `folder` for files, `start` for processes, `wires` for a pin file."""

    seconds_max = TEST_SECONDS_MAX

    def run(self, result=None):
        result = result or self.defaultTestResult()
        self.processes = []
        self.folder = tempfile.mkdtemp(prefix='synscope-live-')
        self.shared = self.folder
        if os.path.isdir(paths.SHARED_MEMORY) and os.access(paths.SHARED_MEMORY, os.W_OK):
            self.shared = tempfile.mkdtemp(prefix='synscope-live-', dir=paths.SHARED_MEMORY)
        unhappy = len(result.failures) + len(result.errors)
        previous = signal.signal(signal.SIGALRM, self._out_of_time)
        signal.alarm(self.seconds_max)
        try:
            super().run(result)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, previous)
            for process in reversed(self.processes):
                process.end()
            if len(result.failures) + len(result.errors) > unhappy:
                self._keep()
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.shared, ignore_errors=True)
        return result

    def path(self, name):
        """A file of this test."""
        return os.path.join(self.folder, name)

    def start(self, process):
        """Keeps a process that has been started, to end it with the test."""
        self.processes.append(process)
        return process

    def launch(self, name, *command, environment=None, pass_fds=()):
        """Starts a command under this name."""
        return self.start(Process(self.folder, name, command, environment, pass_fds))

    def synscope(self, *arguments, text=None, within=120):
        """Runs the command to its end."""
        return run([paths.SYNSCOPE, *arguments], self.folder, text, within)

    def make_wires(self, name='wires', *options):
        """A new pin file in shared memory, mapped; in the GPIO lab its lines."""
        if paths.IS_GPIO_LAB:
            return GPIOWires()
        path = os.path.join(self.shared, name)
        done = self.synscope('wires', 'create', path, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return Wires(path)

    def until(self, condition, what, within=60):
        """Waits until `condition()` gives something true, and returns that."""
        end = time.monotonic() + within
        while not (result := condition()):
            if time.monotonic() > end:
                self.fail(f'not within {within} s: {what}')
            time.sleep(LOOK_SECONDS)
        return result

    def _out_of_time(self, *_):
        raise OutOfTime(f'{self.id()} took more than {self.seconds_max} s')

    def _keep(self):
        print(f'\n=== {self.id()} failed')
        for process in self.processes:
            print(process.tail())
        kept = os.path.join(KEPT, f'{self.id()}-{os.getpid()}')
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(self.folder, kept)
        if self.shared != self.folder:
            shutil.copytree(self.shared, os.path.join(kept, 'shared'), dirs_exist_ok=True)
        print(f'=== its captures and logs are in {kept}', flush=True)
