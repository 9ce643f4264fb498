# SPDX-License-Identifier: Apache-2.0
"""Our bridge as a process, alone or with a supervisor who plays its reset circuit."""

import glob
import os

from support import paths
from support.process import Process

WAITING = 'waits for a host'


class BridgeProcess(Process):
    """`synscope bridge`, which waits for a host when this returns."""

    def __init__(self, case, wires, *options, trace='bridge.syn', name='bridge', waits=True,
                 environment=None, before=()):
        """`before` are words before the command."""
        self.trace = case.path(trace) if trace else None
        super().__init__(
            case.folder, name, [*before, *command(wires, self.trace, options)], environment)
        case.start(self)
        if waits:
            self.until_says(WAITING)


class SupervisedBridge(Process):
    """`synscope wires supervise`, with a bridge that has a new capture in every life."""

    def __init__(self, case, wires, *options, trace='bridge-%n.syn', name='supervisor'):
        self.case = case
        self.wires = wires
        self.pattern = case.path(trace) if trace else None
        super().__init__(
            case.folder, name,
            [paths.SYNSCOPE, 'wires', 'supervise', '--verbose', wires, '--',
             *command(wires, self.pattern, options)])
        case.start(self)
        self.until_says(WAITING)

    @property
    def traces(self):
        """The captures so far, by life."""
        number = len(self.pattern.split('%n')[0])
        return sorted(glob.glob(self.pattern.replace('%n', '*')),
                      key=lambda path: int(path[number:].split('.')[0]))

    @property
    def bridge_pid(self):
        """Of the bridge that lives now, or None."""
        for entry in os.listdir('/proc'):
            if not entry.isdigit():
                continue
            try:
                with open(f'/proc/{entry}/cmdline', 'rb') as file:
                    words = file.read().split(b'\0')
                with open(f'/proc/{entry}/stat', encoding='ascii', errors='replace') as file:
                    state, parent = file.read().rpartition(')')[2].split()[:2]
            except OSError:
                continue
            if (int(parent) == self.pid and state != 'Z' and b'bridge' in words
                    and str(self.wires).encode() in words):
                return int(entry)
        return None


def command(wires, trace, options):
    """The command line of a bridge."""
    return [paths.SYNSCOPE, 'bridge', *wires.words('bridge'),
            *(['--trace', trace] if trace else []), *options]
