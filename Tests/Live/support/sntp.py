# SPDX-License-Identifier: Apache-2.0
"""A time server of a test's own."""

import json

from support import paths
from support.process import Process

SNTP_PORT = 123


class TimeServer(Process):
    """`tools/sntp_server.py`; an SNTP client asks port 123 unless it can be told another, so each
    server of a test has an address of loopback of its own."""

    def __init__(self, case, *options, host='127.0.0.1', port=SNTP_PORT, name='sntp'):
        super().__init__(case.folder, name, paths.tool(
            'sntp_server.py', '--port', port, '--host', host, *options))
        case.start(self)
        self.until_says('"listening"')

    @property
    def events(self):
        """What it has logged."""
        return [json.loads(line) for line in list(self.out)]
