# SPDX-License-Identifier: Apache-2.0
"""The two peers of the tests, as processes: their log is their standard output."""

import json

from support import paths
from support.process import WITHIN_SECONDS, Process


class Peer(Process):
    """A peer of either kind; `events` is its log so far."""

    @property
    def events(self):
        """Its log so far."""
        return [json.loads(line) for line in list(self.out)]

    def all(self, event, **members):
        """The lines of its log that have these members."""
        return [line for line in self.events if line['event'] == event
                and all(line.get(name) == value for name, value in members.items())]

    def strings(self, *fields):
        """The strings that it received and that begin with these fields: lists of fields."""
        return [line['fields'] for line in self.all('received')
                if line['fields'][:len(fields)] == list(fields)]

    def until_event(self, event, within=WITHIN_SECONDS, count=1, **members):
        """Waits for the so-manyth such line, and returns it."""
        def look():
            found = self.all(event, **members)
            return found[count - 1] if len(found) >= count else None
        return self.until(look, f'{event} {members}, {count} times', within)

    def until_string(self, *fields, within=WITHIN_SECONDS):
        """Waits for a string that begins with these fields, and returns its fields."""
        return self.until(lambda: next(iter(self.strings(*fields)), None), f'{fields}', within)


class PeerBridge(Peer):
    """`tools/peer_bridge.py` on these wires."""

    def __init__(self, case, wires, *options, script=None, name='peer-bridge'):
        arguments = list(options)
        if script is not None:
            arguments += ['--script', write_script(case, name, script)]
        super().__init__(case.folder, name, paths.tool('peer_bridge.py', wires, *arguments))
        case.start(self)
        self.until_event('boot')


class PeerHost(Peer):
    """`tools/peer_host.py` on these wires, with a script."""

    def __init__(self, case, wires, script, *options, name='peer-host'):
        arguments = [] if script is None else ['--script', write_script(case, name, script)]
        super().__init__(case.folder, name, paths.tool(
            'peer_host.py', wires, '--settle', '0.2', *arguments, *options))
        case.start(self)

    def succeed(self, within=130):
        """Waits until the script is done, and wants that every expectation came true."""
        status = self.wait(within)
        if status != 0:
            raise self.error(f'ends with {status}: its script did not come true')


def write_script(case, name, script):
    """A script as a file."""
    path = case.path(f'{name}.json')
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(script, file)
    return path
