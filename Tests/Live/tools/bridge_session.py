# SPDX-License-Identifier: Apache-2.0
"""One life of the bridge, from the release of its reset to the next one.

`tick` does what goes on beside the commands: strings in, messages from the broker, Wi-Fi. `run` is
a generator that obeys the commands one at a time, and yields whenever it must wait. A reset drops
the session, generator and all.
"""

import collections
import time

import commands
import vocabulary as words
from broker_session import FAILED, UP
from misbehaviour import GARBAGE_PAUSE_SECONDS
from syncom import LinkError

COMMANDS_MAX = 100_000
LINK_STRINGS_MAX = 50
REFERENCE_TIME_AGE_SECONDS = 2


class BridgeSession:
    """What the bridge does between two resets; `script` may make it do more."""

    def __init__(self, link, broker, options, fault, log):
        self.link = link
        self.broker = broker
        self.options = options
        self.fault = fault
        self.log = log
        self.commands = collections.deque()
        self.strings_received = 0
        self.running_since = None
        self.said_online = False
        self.outage_until = None
        self.outage_at = None
        self.frozen = False
        self.now = time.monotonic()
        self.work = self.run()

    @property
    def online(self):
        """Whether the broker can be reached."""
        return self.broker.state == UP

    def poll(self):
        """Everything that is due now."""
        self.now = time.monotonic()
        try:
            self.tick()
            next(self.work, None)
        except LinkError as error:
            self.freeze(str(error))

    def freeze(self, reason):
        """Toggles no more until the reset."""
        self.log.write('frozen', reason=reason)
        self.frozen = True

    def send(self, string, when_sent=None):
        """Queues a string for the host."""
        self.log.sent(string)
        self.link.send(string, when_sent)

    def status(self, number, *text):
        """Queues a status for the host."""
        self.send(words.join(words.STATUS, number, *text))

    def outage(self, seconds):
        """Loses Wi-Fi for so long."""
        self.log.write('outage', seconds=seconds)
        self.outage_until = self.now + seconds

    def tick(self):
        """What goes on whatever the commands do."""
        while self.link.received:
            self._take_string(self.link.received.popleft())
        self.broker.poll(self.now)
        if self.running_since is None:
            return
        if self.outage_at is not None and self.now >= self.outage_at:
            self.outage_at = None
            self.outage(self.fault.outage_for)
        self._follow_network()
        while self.broker.incoming and len(self.link.strings_out) < LINK_STRINGS_MAX:
            self._deliver(self.broker.incoming.popleft())

    def _take_string(self, string):
        self.log.received(string)
        self.strings_received += 1
        if len(self.commands) < COMMANDS_MAX:
            self.commands.append(string)
        if self.strings_received == self.fault.freeze_after:
            self.freeze(f'after {self.strings_received} strings')

    def _follow_network(self):
        if self.outage_until is not None:
            over = self.now >= self.outage_until
            self.broker.radio(over)
            if over:
                self.outage_until = None
        if self.online != self.said_online:
            self.said_online = self.online
            self.log.write('network', online=self.online, reason=self.broker.reason)
            self.status(words.WIFI_UP if self.online else words.WIFI_DOWN)

    def _deliver(self, incoming):
        """Hands on a message, and acknowledges it once the host has it."""
        topic, message = (part.decode('latin-1') for part in (incoming.topic, incoming.message))
        if not (words.is_carried(topic) and words.is_carried(message)):
            self.log.write('dropped', topic=topic, characters=len(message))
            incoming.acknowledge()
            return
        string = words.join(words.MESSAGE, topic, message, incoming.retained)
        if self.fault.reference_quirks:
            incoming.acknowledge()
            self.send(string)
        else:
            self.send(string, incoming.acknowledge)

    def run(self):
        """The start sequence, then commands for ever; a bad command ends it."""
        string = ''
        try:
            while not self.link.synchronised:
                yield
            self.log.write('synchronised')
            will = None
            string = yield from self._next_command()
            command, *fields = words.split(string)
            if command == words.WILL:
                will = commands.publication(fields, self.fault.reference_quirks)
                self.status(words.WILLOK)
                string = yield from self._next_command()
                command, *fields = words.split(string)
            if command != words.INIT:
                raise commands.BadCommand(f'{command!r} where init was due')
            network = commands.network(fields)
            if not (yield from self._connect(network, will)):
                return
            while True:
                string = yield from self._next_command()
                yield from self._obey(string)
        except commands.BadCommand as error:
            self.log.write('refused', reason=str(error))
            known = words.split(string)[0] in words.COMMANDS
            if self.fault.reference_quirks and known and self.running_since is not None:
                return
            self.status(words.UNKNOWN, 'Unknown command:', string)

    def _connect(self, network, will):
        """From `init` to RUNNING; says whether it came that far."""
        if self.fault.garbage == 'start':
            yield from self._garbage()
            return False
        if network['use_default_net']:
            self.status(words.DEFNET)
        for _ in range(self.fault.specnet_times):
            self.status(words.SPECNET)
            yield from self._next_command()
        yield from self._sleep(self.options.wifi_settle)
        self.status(words.BROKER_CHECK)
        if not (yield from self._reach_broker(commands.settings(network, self.options), will)):
            self.log.write('no broker', reason=self.broker.reason)
            self.status(words.BROKER_FAIL)
            return False
        self.status(words.BROKER_OK)
        self.status(words.RUNNING)
        self.status(words.WIFI_UP)
        self.said_online = True
        self.running_since = self.now
        if self.fault.outage_after is not None:
            self.outage_at = self.now + self.fault.outage_after
        if self.fault.garbage == 'running':
            yield from self._garbage()
        return True

    def _reach_broker(self, settings, will):
        if self.fault.fail_broker:
            return False
        self.broker.begin(settings, will)
        while not self.online and self.broker.state != FAILED:
            yield
        return self.online

    def _obey(self, string):
        command, *fields = words.split(string)
        if command == words.PUBLISH:
            publication = commands.publication(fields, self.fault.reference_quirks)
            yield from self._publish(publication)
        elif command == words.SUBSCRIBE:
            commands.count(fields, words.SUBSCRIBE_FIELDS)
            self.broker.subscribe(fields[0], commands.qos(fields[1]))
        elif command == words.TIME:
            commands.count(fields, 0)
            yield from self._sleep(self.options.time_delay)
            self.send(words.join(words.TIME, self._time()))
        elif command == words.MEMORY:
            commands.count(fields, 0)
            self.send(words.join(words.MEMORY, *self.options.memory))
        else:
            raise commands.BadCommand(f'{command!r}')

    def _publish(self, publication):
        """Waits for the network, and with qos 1 for the broker, and holds up what is behind."""
        while not self.online:
            yield
        self.broker.publish(publication)
        while not publication.done:
            yield
        if not self.fault.no_puback:
            self.status(words.PUBOK)

    def _time(self):
        if self.options.time is not None:
            return self.options.time
        age = REFERENCE_TIME_AGE_SECONDS if self.fault.reference_quirks else 0
        return int(time.time()) - words.SECONDS_1970_TO_2000 - age

    def _garbage(self):
        for string in self.fault.garbage_strings():
            self.send(string)
            yield from self._sleep(GARBAGE_PAUSE_SECONDS)

    def _next_command(self):
        while not self.commands:
            yield
        return self.commands.popleft()

    def _sleep(self, seconds):
        end = self.now + seconds
        while self.now < end:
            yield
