# SPDX-License-Identifier: Apache-2.0
"""A network that a test can cut without anything being closed: tools/netcut.sh."""

import os
import unittest

from support import paths
from support.process import run

# The name holds the process, so that tests beside each other have networks of their own.
needs_root = unittest.skipUnless(os.geteuid() == 0, 'a network in a namespace needs root')


class CutNetwork:
    """`there` is the address inside, `interface` what one watches outside."""

    count = 0

    def __init__(self, case):
        CutNetwork.count += 1
        self.case = case
        self.name = f'live{os.getpid()}-{CutNetwork.count}'
        said = self._do('up')
        case.addCleanup(self._do, 'down')
        facts = dict(line.split('=', 1) for line in said.split())
        self.interface = facts['interface']
        self.there = facts['there']

    @property
    def inside(self):
        """The words before a command that runs it inside."""
        return [paths.tool_path('netcut.sh'), 'run', self.name]

    def drop(self):
        """Packets vanish both ways."""
        self._do('drop')

    def let_pass(self):
        """And no longer."""
        self._do('pass')

    def carrier_down(self):
        """The interface outside loses its carrier."""
        self._do('carrier-down')

    def carrier_up(self):
        """And has it back."""
        self._do('carrier-up')

    def _do(self, verb):
        done = run([paths.tool_path('netcut.sh'), verb, self.name])
        self.case.assertEqual(done.returncode, 0, f'netcut.sh {verb}: {done.stderr}')
        return done.stdout
