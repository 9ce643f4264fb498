# SPDX-License-Identifier: Apache-2.0
"""The wires of a test: a pin file, made by the command and read here, or the lines of the GPIO lab."""

import mmap

RESET, STX, SCKOUT, SRX, SCKIN = range(5)
WIFI, HEARTBEAT, BROKER_LED, HOST_LED = 8, 9, 10, 11
FILE_BYTES = 4096


class Wires:
    """`wires[SCKIN]` is a level; `str(wires)` the path."""

    def __init__(self, path):
        self.path = path
        with open(path, 'r+b') as file:
            self.bytes = mmap.mmap(file.fileno(), FILE_BYTES, mmap.MAP_SHARED)

    def __getitem__(self, signal):
        return self.bytes[signal]

    def __setitem__(self, signal, level):
        self.bytes[signal] = level

    def __str__(self):
        return self.path

    def words(self, _):
        """The options of a verb that drives or watches them."""
        return ['--wires', self.path]


class GPIOWires:
    """The chips `host`, `bridge` and `tap` of the GPIO lab, which a cable joins already."""

    def words(self, end):
        """The options of `host` and `bridge`, or of `record` for the tap."""
        return ['--gpio', end]

    def __str__(self):
        return 'gpio'
