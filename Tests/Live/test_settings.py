# SPDX-License-Identifier: Apache-2.0
"""What is said to an end before and while it runs, where it is wrong, and how an end ends."""

import os
import signal

from support import paths
from support.bridge import BridgeProcess
from support.capture import Capture
from support.case import LiveTestCase
from support.host import HostProcess

PASSWORD = 'settings-secret-5Rt'
GOOD = {'ssid': 'a', 'password': PASSWORD, 'broker': '127.0.0.1'}
LINE_BYTES_MAX = 1_048_576
FAILED = 2


class WrongSettings(LiveTestCase):
    """Refused before anything moves: where, which key, what is allowed, and no secret."""

    def refuse(self, *wanted, settings=None, arguments=(), environment=None):
        """An end that is told so ends with 2 and says all that."""
        command = [paths.SYNSCOPE, 'host', '--control', '-', *arguments]
        for key, value in (settings or {}).items():
            command += ['--set', f'{key}={value}']
        process = self.launch('host', *command, environment=environment)
        self.assertEqual(process.wait(), FAILED, process.tail())
        self.assertEqual(process.out, [])
        said = '\n'.join(process.err)
        for words in wanted:
            self.assertIn(words, said)
        self.assertNotIn(PASSWORD, said)

    def file(self, name, content):
        """A file of settings."""
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(content)
        return self.path(name)

    def test_options(self):
        wires = ['--wires', self.make_wires()]
        for key, value, *wanted in (
                ('timeout', 'abc', '0.01 to 86400', 'abc'), ('timeout', '0', '0.01 to 86400'),
                ('status_handler', 'other', '"standard"', '"application"'),
                ('character_bits', '9', '7', '8'), ('will.qos', '2', '0', '1'),
                ('ssl', 'maybe', 'true', 'false'), ('keepalive', '65536', '0 to 65535'),
                ('nosuch', '1', 'Documentation/Configuration.md'),
                ('timesever', '1', 'did you mean `timeserver`?')):
            with self.subTest(key=key, value=value):
                self.refuse(f'`{key}`', *wanted, settings={**GOOD, key: value}, arguments=wires)

    def test_secrets_are_refused_without_being_told(self):
        wires = ['--wires', self.make_wires()]
        for key in ('password', 'mqtt_pw', 'ssl_params'):
            with self.subTest(key=key):
                self.refuse(f'`{key}`', settings={**GOOD, key: f'ü{PASSWORD}'}, arguments=wires)

    def test_what_must_be_given(self):
        wires = ['--wires', self.make_wires()]
        for key in GOOD:
            with self.subTest(key=key):
                self.refuse(f'`{key}`', 'must be given', arguments=wires,
                            settings={name: GOOD[name] for name in GOOD if name != key})
        self.refuse('`will.topic`', 'must be given', arguments=wires,
                    settings={**GOOD, 'will.message': 'x'})

    def test_files_are_named_with_the_line(self):
        for name, content, *wanted in (
                ('net.toml', f'ssid = "x"\npassword = "{PASSWORD}"\nkeepalive = 70000\n',
                 'net.toml:3', '`keepalive`', '0 to 65535'),
                ('net.json', f'{{"ssid": "x",\n "password": "{PASSWORD}",\n "ssl": "maybe"}}',
                 'net.json:3', '`ssl`', 'true', 'false'),
                ('tables.toml', '[hardware]\nssid = "x"\n', 'tables.toml:2', '`ssid`'),
                ('typo.toml', 'ssid = "x"\npasword = "y"\n', 'typo.toml:2', '`pasword`'),
                ('broken.toml', f'ssid = "x"\npassword = "{PASSWORD}\n', 'broken.toml:2'),
                ('broken.json', '{"ssid": "x",\n', 'broken.json'),
                ('net.yaml', 'ssid: x\n', 'net.yaml', '.toml', '.json')):
            with self.subTest(name=name):
                self.refuse(*wanted, arguments=['--config', self.file(name, content)])
        self.refuse('nofile.toml', 'No such file', arguments=['--config', 'nofile.toml'])

    def test_the_environment_is_named(self):
        self.refuse('SYNSCOPE_PORT', '`port`', '0 to 65535', settings=GOOD,
                    arguments=['--wires', self.make_wires()], environment={'SYNSCOPE_PORT': 'abc'})

    def test_later_sources_override_earlier_ones(self):
        wires = self.make_wires()
        first = self.file('first.toml', 'ssid = "first"\nbroker = "first"\nport = 1\nfast = false\n')
        second = self.file('second.json', '{"broker": "second", "port": 2, "keepalive": 5}')
        host = HostProcess(
            self, wires, settings={'ssid': None, 'broker': None, 'port': 4},
            options=['--config', first, '--config', second],
            environment={'SYNSCOPE_PORT': '3', 'SYNSCOPE_KEEPALIVE': '6', 'SYNSCOPE_OTHER': 'x'})
        host.call('subscribe', topic='a')
        self.assertEqual(host.quit(), 0)
        told = Capture(self, host.trace).info()['extra']['host_configuration'].split('\n')
        for line in ('ssid=first', 'broker=second', 'port=4', 'fast=false', 'keepalive-s=6'):
            self.assertIn(line, told)


class WrongWires(LiveTestCase):
    """Files that are no wires, and wires that somebody drives."""

    def refuse(self, wires, *wanted):
        """Both ends end with 2 and say all that."""
        options = [word for key, value in GOOD.items() for word in ('--set', f'{key}={value}')]
        for end, arguments in (('host', ['--control', '-', *options]), ('bridge', [])):
            done = self.synscope(end, '--wires', wires, *arguments, text='')
            self.assertEqual(done.returncode, FAILED, done.stdout + done.stderr)
            for words in wanted:
                self.assertIn(words, done.stderr)

    def test_files_that_are_no_wires(self):
        with open(self.path('zero'), 'wb') as file:
            file.write(bytes(4096))
        with open(self.path('short'), 'wb') as file:
            file.write(b'SYNPINS1')
        for name, *wanted in (
                ('missing', 'there is no such file', 'synscope wires create'),
                ('zero', 'holds no wires', 'SYNPINS1'), ('short', 'holds no wires', '4096'),
                ('.', 'no file')):
            with self.subTest(name=name):
                self.refuse(self.path(name), name, *wanted)

    def test_an_end_that_is_taken_is_refused_and_the_holder_named(self):
        wires = self.make_wires()
        bridge = BridgeProcess(self, wires, '--simulated-broker')
        host = HostProcess(self, wires)
        host.ready()
        second = HostProcess(self, wires, trace=None, name='second-host')
        self.assertEqual(second.wait(), FAILED)
        self.assertIn(str(host.pid), '\n'.join(second.err))
        second = BridgeProcess(self, wires, trace=None, name='second-bridge', waits=False)
        self.assertEqual(second.wait(), FAILED)
        self.assertIn(str(bridge.pid), '\n'.join(second.err))
        host.publish('still', 'alive', 1)
        self.assertEqual(host.quit(), 0)
        third = HostProcess(self, wires, trace=None, name='third-host')
        third.ready()
        self.assertEqual(third.quit(), 0)

    def test_an_existing_capture_is_not_overwritten(self):
        wires = self.make_wires()
        with open(self.path('bridge.syn'), 'wb') as file:
            file.write(b'mine')
        bridge = BridgeProcess(self, wires, waits=False)
        self.assertEqual(bridge.wait(), FAILED)
        self.assertIn('bridge.syn', '\n'.join(bridge.err))
        with open(self.path('bridge.syn'), 'rb') as file:
            self.assertEqual(file.read(), b'mine')


class Control(LiveTestCase):
    """Lines that are no requests; all wires are simulated."""

    def test_each_wrong_line_is_answered_and_the_next_one_obeyed(self):
        host = HostProcess(self, None)
        wrong = [
            ('notJSON', None, 'hello'), ('notJSON', None, '{"op":"memory","id":1'),
            ('notJSON', None, '[1]'), ('unknownOperation', 7, '{"op":"answr","id":7}'),
            ('unknownMember', 8, '{"op":"memory","id":8,"topic":"a"}'),
            ('missing', 9, '{"op":"publish","id":9,"topic":"a"}'),
            ('missing', None, '{"op":"memory"}'), ('missing', 10, '{"id":10}'),
            ('invalid', 11, '{"op":"publish","id":11,"topic":"a","message":"b","qos":2}'),
            ('invalid', 12, '{"op":"publish","id":12,"topic":5,"message":"b"}'),
            ('invalid', None, '{"op":"memory","id":-1}'),
            ('invalid', None, '{"op":"memory","id":1.5}')]
        for kind, number, line in wrong:
            with self.subTest(line=line):
                host.write(line)
                error = host.expect('error')
                self.assertEqual((error['kind'], error.get('id')), (kind, number))
                self.assertTrue(error['text'])
        host.write('   \t ')
        host.write('{"op":"memory","id":1,"id":1}')
        host.expect('error')
        host.write('{"op":"publish","id":13,"topic":"a","message":"'
                   + 'x' * LINE_BYTES_MAX + '"}')
        host.expect('error', kind='tooLong')
        host.process.stdin.write(b'{"op":"publish","id":14,"topic":"\xff","message":""}\n')
        host.process.stdin.flush()
        host.expect('error', kind='notJSON')
        host.ready()
        self.assertEqual(host.publish('still', 'alive', 1), {'confirmed': True})
        self.assertEqual(len(host.all('error')), len(wrong) + 3)
        self.assertEqual(host.quit(), 0)

    def test_requests_that_wait_are_not_held_up_by_each_other(self):
        host = HostProcess(self, None)
        publication = host.request('publish', topic='a', message='b', qos=1)
        subscription = host.request('subscribe', topic='c')
        host.returned(publication)
        events = host.all('returned')
        self.assertEqual([event['id'] for event in events], [subscription, publication])
        self.assertEqual(host.quit(), 0)


class TheEnd(LiveTestCase):
    """However an end ends, its capture is complete and its wires are at rest."""

    def converse(self):
        """Both ends, with something said."""
        self.wires = self.make_wires()
        self.bridge = BridgeProcess(self, self.wires, '--simulated-broker')
        self.host = HostProcess(self, self.wires)
        self.host.publish('a', 'b', 1)

    def assert_ended(self, end):
        """Complete, exact, and the wires of this end are at rest."""
        capture = Capture(self, {'host': self.host, 'bridge': self.bridge}[end].trace)
        capture.assert_complete()
        capture.assert_replays(end)
        signals = (1, 2, 11) if end == 'host' else (3, 4)
        self.assertEqual([self.wires[number] for number in signals], [0] * len(signals))
        self.assertEqual(self.wires[0], 1, 'reset is released')

    def test_quit(self):
        self.converse()
        last = self.host.request('quit')
        self.assertEqual(self.host.wait(), 0)
        self.assertEqual(self.host.events[-1]['id'], last)
        self.assertEqual(self.host.events[-1]['result'], {})
        self.assert_ended('host')

    def test_the_end_of_the_input_lets_what_is_open_return(self):
        self.converse()
        request = self.host.request('publish', topic='a', message='last', qos=1)
        self.host.close_input()
        self.assertEqual(self.host.wait(), 0)
        self.assertEqual(self.host.all('returned', id=request)[0]['result'], {'confirmed': True})
        self.assert_ended('host')

    def test_a_reader_that_leaves_ends_the_host(self):
        wires = self.make_wires()
        BridgeProcess(self, wires, '--simulated-broker')
        read, write = os.pipe()
        command = [paths.SYNSCOPE, 'host', '--control', '-', '--wires', str(wires), '--trace',
                   self.path('host.syn')]
        for key, value in GOOD.items():
            command += ['--set', f'{key}={value}']
        host = self.launch('host', 'sh', '-c', f'exec "$@" >/dev/fd/{write}', 'sh', *command,
                           pass_fds=[write])
        os.close(write)
        os.read(read, 1)
        os.close(read)
        self.assertEqual(host.wait(), 0)
        Capture(self, self.path('host.syn')).assert_complete()

    def test_sigint_and_sigterm(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                self.converse()
                self.assertEqual(self.host.stop(number), 0, self.host.tail())
                self.assert_ended('host')
                self.assertEqual(self.bridge.stop(number), 0, self.bridge.tail())
                self.assert_ended('bridge')
                os.remove(self.host.trace)
                os.remove(self.bridge.trace)
                os.remove(str(self.wires))

    def test_a_bridge_without_a_host_ends_too(self):
        self.wires = self.make_wires()
        bridge = BridgeProcess(self, self.wires)
        self.assertEqual(bridge.stop(signal.SIGINT), 0)
        Capture(self, bridge.trace).assert_complete()

    def test_a_host_without_a_bridge_ends_too(self):
        self.wires = self.make_wires()
        self.host = HostProcess(self, self.wires)
        self.host.request('publish', topic='a', message='b', qos=1)
        self.host.until_says('call publish')
        self.assertEqual(self.host.stop(signal.SIGINT, within=90), 0)
        Capture(self, self.host.trace).assert_complete()
