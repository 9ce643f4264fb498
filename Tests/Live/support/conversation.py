# SPDX-License-Identifier: Apache-2.0
"""A whole link under test: broker, bridge, a tap and a host, and what must hold of every run."""

import contextlib
import os
import signal

from support import paths
from support.bridge import BridgeProcess
from support.capture import Capture
from support.case import LiveTestCase
from support.host import WIFI_PASSWORD, HostProcess
from support.mosquitto import Mosquitto
from support.secrets import assert_unspoken

BROKER_USER = ('bridge-user', 'mqtt-secret-Xw3')


class ConversationCase(LiveTestCase):
    """`begin`, then talk, then `finish`, which ends all and looks into the captures."""

    def setUp(self):
        self.secrets = [WIFI_PASSWORD, BROKER_USER[1]]
        self.broker = Mosquitto(self, users={BROKER_USER[0]: BROKER_USER[1], 'tester': 'tester'})

    def begin(self, settings=None, taps=False, crowded=False, ready=True):
        """Wires, a bridge on them, and a host that is ready, unless that is not wanted; with `taps`
        also a passive tap that sees it all, or, `crowded`, what the ends leave of the processors.
        Files of a conversation before are gone."""
        for name in ('host.syn', 'bridge.syn', 'tap.syn'):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        self.wires = self.make_wires('wires', '--force')
        if taps:
            self.record()
        with leaving_a_processor(taps and not crowded):
            self.bridge = BridgeProcess(self, self.wires, '--verbose')
            self.host = HostProcess(
                self, self.wires, options=('--verbose',), settings={
                    'port': self.broker.port, 'mqtt_user': BROKER_USER[0],
                    'mqtt_pw': BROKER_USER[1], **(settings or {})})
        if ready:
            self.host.ready()

    def listen(self, *filters, name='subscriber'):
        """An independent subscriber, with qos 1."""
        return self.broker.subscribe(*filters, user=('tester', 'tester'), name=name)

    def say(self, topic, message='', **options):
        """An independent publisher."""
        self.broker.publish(topic, message, user=('tester', 'tester'), **options)

    def record(self):
        """A passive tap on the wires, which looks when this returns."""
        self.tap = self.launch('tap', *ahead_of_the_ends(), paths.SYNSCOPE, 'record',
                               *self.wires.words('tap'), '-o', self.path('tap.syn'))
        self.until(lambda: os.path.exists(self.path('tap.syn')), 'the capture of the tap')

    def finish(self):
        """Ends both ends in good order. Their captures are complete, replay, are the same
        conversation and tell no secret. Gives that conversation."""
        self.assertEqual(self.host.quit(), 0, self.host.tail())
        self.assertEqual(self.bridge.stop(), 0, self.bridge.tail())
        ends = {'host': Capture(self, self.host.trace), 'bridge': Capture(self, self.bridge.trace)}
        for end, capture in ends.items():
            capture.assert_complete()
            capture.assert_replays(end)
        conversation = ends['host'].frames()
        self.assertEqual(conversation, ends['bridge'].frames(), 'the captures of both ends differ')
        assert_unspoken(self, self.secrets, [self.host, self.bridge],
                        [self.host.trace, self.bridge.trace])
        return conversation

    def finish_tap(self):
        """Ends the tap in good order: its capture."""
        self.assertEqual(self.tap.stop(signal.SIGINT), 0, self.tap.tail())
        return Capture(self, self.path('tap.syn'))


def ahead_of_the_ends():
    """The words before a tap on GPIO lines: on the lab's only processor it must be there before the
    kernel, which keeps sixteen edges of a line, has no room left."""
    return ['chrt', '--fifo', '9'] if paths.IS_GPIO_LAB else []


@contextlib.contextmanager
def leaving_a_processor(wanted):
    """What is started meanwhile leaves one processor to a tap, if there are two; it shares the rest."""
    processors = os.sched_getaffinity(0)
    if wanted and len(processors) > 1:
        os.sched_setaffinity(0, processors - {max(processors)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)
