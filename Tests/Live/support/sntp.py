# SPDX-License-Identifier: Apache-2.0
"""A time server of a test's own."""

import json

from support import paths
from support.process import Process


class TimeServer(Process):
    """`tools/sntp_server.py` on a free port; `address` is what a host's `timeserver` names."""

    def __init__(self, case, *options, host='127.0.0.1', name='sntp'):
        super().__init__(case.folder, name, paths.tool(
            'sntp_server.py', '--port', 0, '--host', host, *options))
        case.start(self)
        self.until_says('"listening"')
        self.address = f'{host}:{self.events[0]["port"]}'

    @property
    def events(self):
        """What it has logged."""
        return [json.loads(line) for line in list(self.out)]

    def count(self, event):
        """How often."""
        return sum(found['event'] == event for found in self.events)
