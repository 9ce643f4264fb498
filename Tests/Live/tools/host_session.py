# SPDX-License-Identifier: Apache-2.0
"""The host: start sequence, watchdog, subscriptions, and what it does about every fatal end.

`run` is a generator that lives as long as the process: it starts the bridge, serves the link, and
when a session ends badly it starts the bridge again. It yields whenever it must wait.
"""

import collections
import time

import vocabulary as words
import wirefile
from syncom import LinkEnd, LinkError

RESET_SECONDS = 0.1
SETTLE_SECONDS_MAX = 16
SETTLE_GROWTH = 2
UNCLAIMED_STRINGS_MAX = 100_000
FATAL_STATUSES = (words.UNKNOWN, words.BROKER_FAIL)
ANSWER_FIELDS = {
    words.TIME: 1, words.MEMORY: words.MEMORY_FIELDS, words.MESSAGE: words.MESSAGE_FIELDS,
}


class SessionEnd(Exception):
    """A fatal end of the session; the message says why, `number` is the host's own status."""

    def __init__(self, reason, number=None):
        super().__init__(reason)
        self.number = number


class HostSession:
    """The host's end. A script looks at `ready`, `starts`, `pubok_count` and `unclaimed`."""

    def __init__(self, wires, options, log):
        self.wires = wires
        self.options = options
        self.log = log
        self.link = None
        self.now = time.monotonic()
        self.settle = options.settle
        self.starts = 0
        self.pubok_count = 0
        self.subscriptions = {}
        self.unclaimed = collections.deque(maxlen=UNCLAIMED_STRINGS_MAX)
        self.frozen_until = None
        self.restart_wanted = False
        self._forget()

    @property
    def ready(self):
        """Whether the bridge runs, has its subscriptions again, and has Wi-Fi."""
        return self.started and self.wifi_up

    def send(self, string):
        """Queues a string for the bridge."""
        self.log.sent(string)
        self.link.send(string)

    def subscribe(self, topic, qos):
        """Now, and again after every start."""
        self.subscriptions[topic] = qos
        if self.ready:
            self.send(words.join(words.SUBSCRIBE, topic, qos))

    def step(self):
        """Moves the link if it may move. None when there is none to move."""
        if self.link is None or self.frozen_until is not None:
            return None
        return self.link.step()

    def run(self):
        """For ever."""
        while True:
            try:
                yield from self._start()
                while True:
                    self._serve()
                    yield
            except (SessionEnd, LinkError) as end:
                self.log.write('session end', reason=str(end), status=getattr(end, 'number', None))
                self._stop()

    def rest(self):
        """Both outputs to 0."""
        self.wires[wirefile.STX] = 0
        self.wires[wirefile.SCKOUT] = 0

    def _forget(self):
        self.started = False
        self.running = False
        self.wifi_up = False
        self.last_toggles = 0
        self.last_toggle_at = self.now
        self.answers = collections.deque()

    def _stop(self):
        self.link = None
        self._forget()
        self.rest()

    def _start(self):
        """Reset, settle, synchronise, will, init, RUNNING and WIFI_UP, subscriptions."""
        self.starts += 1
        self.restart_wanted = False
        self.log.write('start', start=self.starts, settle=self.settle)
        link = LinkEnd(self.wires, initiator=True)
        self.wires[wirefile.RESET] = 0
        yield from self._sleep(RESET_SECONDS)
        self.wires[wirefile.RESET] = 1
        yield from self._sleep(self.settle)
        self._forget()
        self.link = link
        while not link.synchronised:
            self._watch()
            yield
        self.settle = self.options.settle
        self.log.write('synchronised')
        yield from self._initialise()
        for topic, qos in self.subscriptions.items():
            self.send(words.join(words.SUBSCRIBE, topic, qos))
        self.started = True
        self.log.write('ready', start=self.starts)

    def _initialise(self):
        """Will and init, until the bridge says RUNNING and WIFI_UP."""
        if self.options.will:
            self.send(words.join(words.WILL, *self.options.will))
            while words.WILLOK not in self.answers:
                self._serve()
                yield
        self.send(words.join(words.INIT, *self.options.init_fields(self.starts)))
        specnet_answered = False
        while not (self.running and self.wifi_up):
            self._serve()
            while self.answers:
                specnet_answered |= self._answer(self.answers.popleft(), specnet_answered)
            yield

    def _answer(self, status, specnet_answered):
        """What a status during the start asks for. Says whether it was a SPECNET."""
        if status == words.WIFI_DOWN:
            raise SessionEnd('WIFI_DOWN during the start')
        if status != words.SPECNET:
            return False
        if specnet_answered:
            raise SessionEnd('a second SPECNET', words.NO_NET)
        self.send(self.options.specnet_answer)
        return True

    def _serve(self):
        self._watch()
        while self.link.received:
            self._take(self.link.received.popleft())

    def _watch(self):
        """The watchdog; and what a script asks for."""
        if self.restart_wanted:
            raise SessionEnd('the script wants a restart')
        if self.frozen_until is not None and self.now >= self.frozen_until:
            self.frozen_until = None
            self.last_toggle_at = self.now
        if self.link.toggles != self.last_toggles or self.frozen_until is not None:
            self.last_toggles = self.link.toggles
            self.last_toggle_at = self.now
        elif self.now - self.last_toggle_at > self.options.watchdog:
            if not self.link.synchronised:
                self.settle = min(self.settle * SETTLE_GROWTH, SETTLE_SECONDS_MAX)
            number = words.NO_NET if self.running else words.ESP_FAIL
            raise SessionEnd(f'no toggle for {self.options.watchdog} s', number)

    def _take(self, string):
        self.log.received(string)
        self.unclaimed.append(words.split(string))
        command, *fields = words.split(string)
        if command == words.STATUS:
            self._take_status(fields)
        elif ANSWER_FIELDS.get(command) != len(fields):
            raise SessionEnd(f'garbage: {string!r}')

    def _take_status(self, fields):
        numbers = {str(number): number for number in words.STATUSES_ON_WIRE}
        status = numbers.get(fields[0] if fields else '')
        if status is None:
            raise SessionEnd(f'garbage: a status with the fields {fields!r}')
        self.log.write('status', status=status, name=words.STATUS_NAMES[status])
        if status in FATAL_STATUSES:
            raise SessionEnd(f'the bridge says {words.STATUS_NAMES[status]}', status)
        if status == words.PUBOK:
            self.pubok_count += 1
        elif status == words.RUNNING:
            self.running = True
        elif status in (words.WIFI_UP, words.WIFI_DOWN):
            self.wifi_up = status == words.WIFI_UP
        if not self.running:
            self.answers.append(status)

    def _sleep(self, seconds):
        end = self.now + seconds
        while self.now < end:
            yield
