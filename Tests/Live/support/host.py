# SPDX-License-Identifier: Apache-2.0
"""Our host as a process, whose application is the test: `synscope host --control -`."""

import json

from support import paths
from support.process import WITHIN_SECONDS, Process

WIFI_PASSWORD = 'wifi-secret-7Kq'
SETTINGS = {
    'ssid': 'testnet', 'password': WIFI_PASSWORD, 'broker': '127.0.0.1', 'settling': 0.2,
    'timeserver': '127.0.0.1',
}


class HostProcess(Process):
    """`call` for what returns, `expect` for what happens; `events` is everything so far."""

    def __init__(self, case, wires, trace='host.syn', settings=None, options=(), name='host',
                 environment=None):
        """`settings` override the harmless ones; None takes a setting away."""
        self.case = case
        self.trace = case.path(trace) if trace else None
        command = [paths.HOST, 'host', '--control', '-']
        if wires is not None:
            command += wires.words('host')
        if trace:
            command += ['--trace', self.trace]
        for key, value in {**SETTINGS, **(settings or {})}.items():
            if value is not None:
                command += ['--set', f'{key}={text_of(value)}']
        self.request_count = 0
        self.claimed = set()
        self.parsed = []
        super().__init__(case.folder, name, [*command, *options], environment)
        case.start(self)

    @property
    def events(self):
        """All events so far, oldest first."""
        for line in self.out[len(self.parsed):]:
            self.parsed.append(json.loads(line))
        return self.parsed

    def all(self, event, **members):
        """The events so far that have these members."""
        return [found for found in list(self.events) if fits(found, event, members)]

    def request(self, op, **members):
        """Asks for something, and gives the id of the request."""
        self.request_count += 1
        self.write(json.dumps({'op': op, 'id': self.request_count, **members}))
        return self.request_count

    def expect(self, event, within=WITHIN_SECONDS, **members):
        """Waits for the oldest such event that nobody has expected yet, and takes it."""
        def look():
            for number, found in enumerate(self.events):
                if number not in self.claimed and fits(found, event, members):
                    self.claimed.add(number)
                    return found
            return None
        return self.until(look, f'{event} {members}', within)

    def returned(self, request, within=WITHIN_SECONDS):
        """Waits for the return of a request: the whole event."""
        return self.expect('returned', within, id=request)

    def call(self, op, within=WITHIN_SECONDS, **members):
        """Asks and waits: the result. Fails on an error."""
        event = self.returned(self.request(op, **members), within)
        if 'error' in event:
            raise self.error(f'{op} {members}: {event["error"]}')
        return event['result']

    def fail(self, op, within=WITHIN_SECONDS, **members):
        """Asks for what must fail: the error."""
        event = self.returned(self.request(op, **members), within)
        if 'error' not in event:
            raise self.error(f'{op} {members} did not fail: {event}')
        return event['error']

    def publish(self, topic, message, qos=0, retain=False, within=WITHIN_SECONDS):
        """Publishes, and waits until it is reported."""
        return self.call('publish', within, topic=topic, message=message, qos=qos, retain=retain)

    def ready(self, within=WITHIN_SECONDS):
        """Waits until publications flow."""
        return self.call('ready', within)

    def quit(self, within=WITHIN_SECONDS):
        """Ends it in good order. Gives the exit status."""
        self.write(json.dumps({'op': 'quit'}))
        return self.wait(within)


def fits(found, event, members):
    """Whether an event is of this kind and has all these members."""
    return found['event'] == event and all(
        name in found and found[name] == value for name, value in members.items())


def text_of(value):
    """A setting as an option has it."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return str(value)
