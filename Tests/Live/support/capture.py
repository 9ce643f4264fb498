# SPDX-License-Identifier: Apache-2.0
"""What a capture says about itself, and what a test wants of it."""

import json
import sqlite3

from support import paths
from support.process import run

CAPTURE_SECONDS_MAX = 150


class Capture:
    """A capture at `path`; every question is answered by the command."""

    def __init__(self, case, path):
        self.case = case
        self.path = path

    def ask(self, verb, *options, status=0):
        """Runs a verb of the command on it; what it wrote, on both outputs."""
        done = run([paths.SYNSCOPE, verb, self.path, *options], within=CAPTURE_SECONDS_MAX)
        if status is not None:
            self.case.assertEqual(
                done.returncode, status,
                f'synscope {verb} {self.path} {" ".join(options)}\n{done.stdout}{done.stderr}')
        return done

    def info(self):
        """`synscope info`, parsed."""
        return json.loads(self.ask('info', '--json').stdout)

    def decode(self, *options):
        """The lines of `synscope decode`, parsed."""
        text = self.ask('decode', '--format', 'ndjson', *options).stdout
        return [json.loads(line) for line in text.splitlines()]

    def frames(self):
        """The conversation: (sender, type, fields) of every whole frame, in the order of each
        sender, host first. Times are left out: every capture has its own view of them."""
        lines = [line for line in self.decode('--journal', 'none', '--show-secrets')
                 if line.get('from') in ('host', 'bridge') and 'fields' in line
                 and line.get('condition') != 'unfinished']
        return [(sender, line['type'], line['fields']) for sender in ('host', 'bridge')
                for line in lines if line['from'] == sender]

    def gaps(self):
        """Start and end of all gaps that the source knows of, by the monotonic clock."""
        info = self.info()
        zero = int(info['extra']['clock_start_ns'])
        return [(zero + gap['start'], zero + gap['end']) for gap in info['gaps']]

    def edges(self):
        """The edges of all channels: lists of times by the monotonic clock, by name."""
        zero = int(self.info()['extra']['clock_start_ns'])
        names, edges, time = {}, {}, None
        for line in self.ask('export', '--format', 'vcd', '-o', '-').stdout.splitlines():
            if line.startswith('$var'):
                _, _, _, code, name, _ = line.split()
                names[code] = name
                edges[name] = []
            elif line.startswith('#'):
                # What follows the first one are the levels at the start.
                time = zero + int(line[1:]) if line != '#0' else None
            elif line[:1] in ('0', '1') and time is not None:
                edges[names[line[1:]]].append(time)
        return edges

    def assert_complete(self):
        """It was closed in good order, and all of it is sound."""
        self.case.assertTrue(self.info()['finished'], f'{self.path} was not completed')
        self.ask('doctor')

    def assert_replays(self, end):
        """Today's machine does exactly what the recorded one did, at its times."""
        text = self.ask('replay', '--end', end).stdout
        self.case.assertRegex(text, rf'replay {end} +identical \(exact')

    def records(self):
        """The journal: kind and payload of every record, as they are in the file."""
        database = sqlite3.connect(f'file:{self.path}?mode=ro', uri=True)
        try:
            return database.execute('SELECT kind, payload FROM record ORDER BY id').fetchall()
        finally:
            database.close()

    def texts(self):
        """All that the file holds and says but its edges, by name, as bytes."""
        database = sqlite3.connect(f'file:{self.path}?mode=ro', uri=True)
        try:
            meta = database.execute('SELECT key, value FROM meta').fetchall()
        finally:
            database.close()
        found = {}
        for number, (kind, payload) in enumerate(self.records()):
            found[f'record {number} of kind {kind}'] = bytes(payload)
        for key, value in meta:
            found[f'meta {key}'] = str(value).encode()
        for verb, *options in (('decode', '--journal', 'all'), ('decode', '--format', 'ndjson'),
                               ('decode', '--format', 'csv'), ('report',),
                               ('report', '--format', 'json'), ('info',)):
            done = self.ask(verb, *options, status=None)
            found[' '.join([verb, *options])] = (done.stdout + done.stderr).encode()
        return found
