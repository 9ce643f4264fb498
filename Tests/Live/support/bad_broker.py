# SPDX-License-Identifier: Apache-2.0
"""A broker that misbehaves: tools/bad_broker.py as a process."""

from support import paths
from support.peers import Peer
from support.ports import free_port


class BadBroker(Peer):
    """Its log is its standard output; `events` has it parsed."""

    count = 0

    def __init__(self, case, behaviour, *options, port=None):
        BadBroker.count += 1
        self.case = case
        self.behaviour = behaviour
        self.port = port or free_port()
        super().__init__(
            case.folder, f'bad-broker-{BadBroker.count}', paths.tool(
                'bad_broker.py', '--port', self.port, '--behaviour', behaviour, *options))
        case.start(self)
        self.until_event('listening')

    @property
    def arrived(self):
        """The topics of all publications so far."""
        return [event['topic'] for event in self.all('publish')]
