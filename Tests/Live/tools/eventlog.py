# SPDX-License-Identifier: Apache-2.0
"""What a peer saw and did: one JSON object a line on stdout, at once, with the monotonic time.

Every control character is escaped, so that a line is a line and a separator can be seen.
"""

import json
import sys
import time

from vocabulary import split


class EventLog:
    """Writes the lines of one end, `host` or `bridge`."""

    def __init__(self, end, stream=sys.stdout):
        self.end = end
        self.stream = stream

    def write(self, event, **details):
        """One line: time in seconds, the end, the event, then its details."""
        line = {'t': round(time.monotonic(), 6), 'end': self.end, 'event': event, **details}
        print(json.dumps(line), file=self.stream, flush=True)

    def received(self, string):
        """A string came over the link."""
        self.write('received', string=string, fields=split(string))

    def sent(self, string):
        """A string was queued for the link."""
        self.write('sent', string=string, fields=split(string))
