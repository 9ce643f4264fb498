#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wires in shared memory: the pin file that joins two processes as five wires would.

  wirefile.py create FILE             a new file: reset released, Wi-Fi in range, all else 0
  wirefile.py show FILE               the levels, one line for each signal
  wirefile.py set FILE SIGNAL LEVEL   drives one signal, as a tester does with `wifi`

A pin file has one byte for each signal, 0 or 1. A store to a mapped byte is a single byte write in
CPython, and x86 makes stores visible in program order, so that data stored before its clock is
seen before its clock. On a processor that reorders stores this would need a barrier.
"""

import argparse
import mmap
import os
import sys
import time

FILE_BYTES = 4096
MAGIC = b'SYNPINS1'
MAGIC_OFFSET = 32

RESET = 0
STX = 1
SCKOUT = 2
SRX = 3
SCKIN = 4
WIFI = 8
HEARTBEAT = 9
BROKER_LED = 10
HOST_LED = 11

SIGNALS = {
    'reset': RESET, 'stx': STX, 'sckout': SCKOUT, 'srx': SRX, 'sckin': SCKIN, 'wifi': WIFI,
    'heartbeat': HEARTBEAT, 'broker_led': BROKER_LED, 'host_led': HOST_LED,
}

POLL_SECONDS = 0.02


class WireFileError(Exception):
    """A file that is no pin file; the message names it and says what was found."""


class WireFile:
    """A mapped pin file: `wires[STX] = 1` drives a wire, `wires[STX]` reads one."""

    def __init__(self, path):
        """Maps the pin file at `path`. Raises WireFileError when it is not one."""
        try:
            with open(path, 'r+b') as file:
                size = os.fstat(file.fileno()).st_size
                if size != FILE_BYTES:
                    raise WireFileError(f'{path} has {size} bytes, a pin file has {FILE_BYTES}')
                self.bytes = mmap.mmap(file.fileno(), FILE_BYTES, mmap.MAP_SHARED)
        except OSError as error:
            raise WireFileError(f'{path} cannot be opened: {error.strerror}') from error
        found = self.bytes[MAGIC_OFFSET:MAGIC_OFFSET + len(MAGIC)]
        if found != MAGIC:
            raise WireFileError(f'{path} begins with {found!r} at {MAGIC_OFFSET}, not {MAGIC!r}')

    def __getitem__(self, signal):
        return self.bytes[signal]

    def __setitem__(self, signal, level):
        self.bytes[signal] = level


def create(path):
    """Makes a pin file at rest. It appears whole, so nobody maps half of one."""
    content = bytearray(FILE_BYTES)
    content[RESET] = 1
    content[WIFI] = 1
    content[MAGIC_OFFSET:MAGIC_OFFSET + len(MAGIC)] = MAGIC
    unfinished = f'{path}.{os.getpid()}'
    with open(unfinished, 'wb') as file:
        file.write(content)
    os.rename(unfinished, path)


def open_within(path, seconds):
    """Maps the pin file at `path`, which the other process may still be about to make."""
    end = time.monotonic() + seconds
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    return WireFile(path)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    for verb in ('create', 'show', 'set'):
        verbs.add_parser(verb).add_argument('file')
    verbs.choices['set'].add_argument('signal', choices=SIGNALS)
    verbs.choices['set'].add_argument('level', type=int, choices=(0, 1))
    options = parser.parse_args()
    try:
        if options.verb == 'create':
            create(options.file)
            return 0
        wires = WireFile(options.file)
    except (WireFileError, OSError) as error:
        print(f'wirefile: {error}', file=sys.stderr)
        return 2
    if options.verb == 'set':
        wires[SIGNALS[options.signal]] = options.level
    else:
        for name, offset in SIGNALS.items():
            print(f'{name:10} {wires[offset]}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
