# SPDX-License-Identifier: Apache-2.0
"""A real broker, and what an independent client sees and says there."""

import os
import re
import signal

from support import paths
from support.ports import free_port, until_listening
from support.process import Process, ProcessError, run

START_SECONDS = 30
STARTS_MAX = 5
MARK = '=>'
RECEIVED = re.compile(r"Received PUBLISH from \S+ \(d\d, q\d, r\d, m\d+, '([^']*)'")


class Mosquitto:
    """A broker of its own for one test, on a port of loopback. `process` is the one that runs now;
    `log` has the lines of all of them."""

    def __init__(self, case, *settings, users=None, listener=(), name='mosquitto', network=None,
                 port=None):
        """`settings` are lines for its configuration, `listener` lines for its one listener;
        `users` are names and passwords, and then nobody else may connect. With a `network` it runs
        inside. With a `port` it has that one."""
        self.case = case
        self.address = network.there if network else '127.0.0.1'
        self.inside = network.inside if network else []
        self.name = name
        self.settings = list(settings)
        self.listener = list(listener)
        self.lives = []
        if users:
            self.settings += ['allow_anonymous false', f'password_file {self._passwords(users)}']
        else:
            self.settings.append('allow_anonymous true')
        for _ in range(STARTS_MAX):
            self.port = port or free_port()
            try:
                self.start()
                return
            except ProcessError as error:
                failure = error
        raise failure

    @property
    def process(self):
        return self.lives[-1]

    @property
    def log(self):
        return [line for life in self.lives for line in life.err]

    def start(self):
        """Also after `kill` or `stop`, on the same port."""
        configuration = self.case.path(f'{self.name}.conf')
        with open(configuration, 'w', encoding='utf-8') as file:
            file.write('\n'.join([
                f'listener {self.port} {self.address}', *self.listener, 'user root',
                'log_dest stderr', 'log_type all', 'connection_messages true', *self.settings, '']))
        life = self.case.launch(f'{self.name}-{len(self.lives) + 1}', *self.inside,
                                paths.program('mosquitto'), '-c', configuration)
        self.lives.append(life)
        if not until_listening(self.port, START_SECONDS, lambda: life.is_running, self.address):
            life.kill()
            raise life.error('does not listen')
        return self

    def stop(self):
        """Orderly; what it has persistent it writes."""
        self.process.stop(signal.SIGTERM)

    def kill(self):
        """As a crash."""
        self.process.kill()

    @property
    def arrived(self):
        """The topics of all publications that it has logged as received, in any of its lives."""
        return RECEIVED.findall('\n'.join(self.log))

    def until_logs(self, text, within=60):
        """Waits for a line of its log."""
        return self.process.until_says(text, within)

    def subscribe(self, *filters, qos=1, user=None, name='subscriber'):
        """An independent subscriber, which is subscribed when this returns."""
        return Subscriber(self, filters, qos, user, name)

    def publish(self, topic, message='', qos=0, retain=False, user=None, lines=None):
        """As an independent client; `message` text or bytes; `lines` are messages, one each."""
        command = [*self.inside, paths.program('mosquitto_pub'), '-h', self.address, '-p', self.port,
                   '-q', qos, '-t', topic, *credentials(user)]
        if retain:
            command.append('-r')
        if lines is not None:
            done = run([*command, '-l'], text=''.join(f'{line}\n' for line in lines), within=120)
        elif message in ('', b''):
            done = run([*command, '-n'])
        else:
            raw = message.encode() if isinstance(message, str) else message
            path = self.case.path('message-to-publish')
            with open(path, 'wb') as file:
                file.write(raw)
            done = run([*command, '-f', path])
        self.case.assertEqual(done.returncode, 0, f'mosquitto_pub: {done.stderr}')

    def _passwords(self, users):
        path = self.case.path(f'{self.name}.passwords')
        for number, (user, password) in enumerate(users.items()):
            command = [paths.program('mosquitto_passwd'), '-b', *(['-c'] if number == 0 else [])]
            done = run([*command, path, user, password])
            self.case.assertEqual(done.returncode, 0, done.stderr)
        os.chmod(path, 0o600)
        return path


def credentials(user):
    """`user` is a name and a password, or None."""
    return ['-u', user[0], '-P', user[1]] if user else []


class Received(tuple):
    """One message that a subscriber got: topic, payload (bytes), qos, retained."""

    topic = property(lambda self: self[0])
    payload = property(lambda self: self[1])
    qos = property(lambda self: self[2])
    retained = property(lambda self: self[3])


class Subscriber(Process):
    """`mosquitto_sub`; `received` is all that it got, in order."""

    def __init__(self, broker, filters, qos, user, name):
        # Its debug lines, which tell of the SUBACK, wait in a buffer unless it is told otherwise.
        command = [*broker.inside, paths.program('stdbuf'), '-oL', paths.program('mosquitto_sub'),
                   '-d', '-h', broker.address, '-p', broker.port, '-q', qos,
                   '-F', f'{MARK} %q %r %x %t', *credentials(user)]
        for topic_filter in filters:
            command += ['-t', topic_filter]
        super().__init__(broker.case.folder, name, command)
        broker.case.start(self)
        self.until_says('Subscribed (mid')

    @property
    def received(self):
        """All so far, oldest first."""
        found = []
        for line in list(self.out):
            if line.startswith(MARK + ' '):
                qos, retained, payload, topic = line[len(MARK) + 1:].split(' ', 3)
                found.append(
                    Received((topic, bytes.fromhex(payload), int(qos), retained == '1')))
        return found

    def payloads(self, topic):
        """Of one topic, as text, in order."""
        return [message.payload.decode('utf-8', 'backslashreplace') for message in self.received
                if message.topic == topic]

    def until_receives(self, topic, payload, within=60):
        """Waits for a message, and returns it."""
        raw = payload.encode() if isinstance(payload, str) else payload
        return self.until(
            lambda: next((message for message in self.received
                          if message.topic == topic and message.payload == raw), None),
            f'{topic} {raw!r}', within)
