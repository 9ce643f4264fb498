# SPDX-License-Identifier: Apache-2.0
"""The example programs: on simulated wires, and on a pin file with a bridge and a real broker, by their
settings alone."""

import os
import time

from support import paths
from support.bridge import SupervisedBridge
from support.case import LiveTestCase
from support.mosquitto import Mosquitto
from support.sntp import TimeServer
from support.wires import HOST_LED

PASSWORD = 'example-secret-3Pz'
WATCHDOG_SECONDS = 2
CLOCK_OFFSET_SECONDS = 100_000_000
FAILED = 2


class Examples(LiveTestCase):
    """`start_example` and then look at what it prints and does."""

    def start_example(self, name, *arguments, environment=None):
        """Runs it. Its lines come at once, though it writes to a pipe."""
        self.assertTrue(os.path.exists(paths.example(name)), f'{paths.example(name)} is not built')
        return self.launch(name, paths.program('stdbuf'), '-oL', paths.example(name), *arguments,
                           environment=environment)

    def begin(self, *bridge_options, **network):
        """A broker, a bridge whose reset is played from outside, and a file of settings."""
        self.broker = Mosquitto(self)
        self.subscriber = self.broker.subscribe('#')
        self.wires = self.make_wires()
        self.bridge = SupervisedBridge(self, self.wires, *bridge_options)
        settings = {
            'wires': f'file:{self.wires}', 'settling': 0.2, 'timeout': WATCHDOG_SECONDS,
            'ssid': 'testnet', 'password': PASSWORD, 'broker': '127.0.0.1',
            'port': self.broker.port, **network}
        self.settings = self.path('link.toml')
        with open(self.settings, 'w', encoding='utf-8') as file:
            for key, value in settings.items():
                text = f'"{value}"' if isinstance(value, str) else value
                file.write(f'{key} = {text}\n')

    def kill_bridge(self):
        """As a crash; nobody tells the host."""
        os.kill(self.until(lambda: self.bridge.bridge_pid, 'a bridge'), 9)

    def test_simple_on_simulated_wires(self):
        simple = self.start_example('simple')
        simple.until_says('result 0: published after')
        simple.until_says('result 1: published after')

    def test_status_on_simulated_wires(self):
        status = self.start_example('status')
        for text in ('status 2 DEFNET', 'status 5 RUNNING', 'session 1', 'status 4 PUBOK'):
            status.until_says(text)

    def test_range_on_simulated_wires(self):
        walk = self.start_example('range')
        walk.until_says('published 0 outages 0, 0 ms, crashes 0')
        walk.until_says('time: ')

    def test_wrong_arguments_are_refused_with_the_reason(self):
        for arguments, wanted in ((['nofile.toml'], 'nofile.toml'), (['--help'], '.toml or .json'),
                                  (['timeout=abc'], '0.01 to 86400')):
            with self.subTest(arguments=arguments):
                simple = self.start_example('simple', *arguments)
                self.assertEqual(simple.wait(), FAILED, simple.tail())
                self.assertIn(wanted, simple.text)
                self.assertEqual(len(simple.err), 1)

    def test_variables_of_other_programs_do_not_matter(self):
        simple = self.start_example('simple', environment={'SYNSCOPE_OTHER': '1'})
        simple.until_says('result 0: published after')

    def test_simple_counts_and_obeys(self):
        self.begin()
        simple = self.start_example('simple', self.settings)
        for count in ('0', '1'):
            self.assertEqual(self.subscriber.until_receives('result', count).qos, 1)
            simple.until_says(f'result {count}: published after')
        for message, level in (('on', 1), ('off', 0), ('on', 1)):
            self.broker.publish('green', message, qos=1)
            self.until(lambda wanted=level: self.wires[HOST_LED] == wanted, f'green {message}')
        self.assertEqual([line for line in simple.out if line.startswith('green')],
                         ['green: on', 'green: off', 'green: on'])
        self.kill_bridge()
        self.subscriber.until_receives('result', '4')
        self.broker.publish('green', 'off', qos=1)
        self.until(lambda: self.wires[HOST_LED] == 0, 'green off after a crash')
        counts = list(dict.fromkeys(self.subscriber.payloads('result')))
        self.assertEqual(counts, [str(number) for number in range(len(counts))])
        self.assertNotIn(PASSWORD, simple.text)

    def test_status_answers_for_itself(self):
        self.begin('--default-network', 'never')
        status = self.start_example('status', self.settings)
        status.until_says('status 3 SPECNET')
        self.subscriber.until_receives('status', 'session 1')
        self.kill_bridge()
        status.until_says('status 12 NO_NET')
        status.until_says('The bridge is being reset because of NO_NET.')
        self.subscriber.until_receives('status', 'session 2')

    def test_range_tells_of_outages_and_crashes_and_the_time(self):
        server = TimeServer(self, '--offset', -CLOCK_OFFSET_SECONDS)
        self.begin(timeserver=server.address)
        walk = self.start_example('range', self.settings)
        first = self.until(lambda: self.subscriber.payloads('foo_topic_up'), 'a publication')
        self.assertEqual(first[0], '0 outages 0, 0 ms, crashes 0')
        told = int(walk.until_says('time: ').split()[1])
        self.assertLess(abs(told + CLOCK_OFFSET_SECONDS - time.time()), 60)
        self.broker.publish('foo_topic', 'are you there?', qos=1)
        walk.until_says('got are you there?')
        self.kill_bridge()
        walk.until_says('The network is gone.')
        walk.until_says('The network is back after')
        self.until(lambda: self.subscriber.payloads('foo_topic_up')[-1].endswith('crashes 1'),
                   'a publication that tells of the crash')
        self.assertRegex(self.subscriber.payloads('foo_topic_up')[-1],
                         r'^\d+ outages 1, [1-9]\d* ms, crashes 1$')
