# SPDX-License-Identifier: Apache-2.0
"""The bridge is killed, or frozen, again and again, while messages go both ways.

The host's watchdog notices, resets it, and its supervisor starts it anew. No publication with qos 1
that the host accepted is lost, and with `clean_session` off no message with qos 1 for the host.
SYNSCOPE_CRASHES says how often each; `Scripts/soak` sets it.
"""

import os
import signal
import time

from support import paths
from support.capture import Capture
from support.case import LiveTestCase
from support.link import Link
from support.mosquitto import Mosquitto
from support.series import missing

CRASHES = int(os.environ.get('SYNSCOPE_CRASHES', '5'))
# A short watchdog.
SETTINGS = {'timeout': 1, 'clean_session': False, 'response_time': 2}
RECOVERY_SECONDS_MAX = 60
# Between two messages to the host.
MESSAGE_SECONDS = 0.05
# So many are on their way at most: this is no flood.
MESSAGES_UNDER_WAY_MAX = 20
# Exit statuses of replay.
SAME, COULD_NOT_TELL = 0, 2


class Messages:
    """Numbered messages to the host, by one client that stays connected."""

    def __init__(self, case, broker, host, topic):
        self.host = host
        self.heard = set()
        self.event_count = 0
        self.topic = topic
        self.publisher = case.launch(
            'publisher', paths.program('mosquitto_pub'), '-h', broker.address, '-p', broker.port,
            '-q', 1, '-l', '-t', topic)
        self.count = 0
        self.next_at = 0

    def step(self):
        """Takes what the host has heard, and says one, if it is time."""
        self.listen()
        if (time.monotonic() >= self.next_at
                and self.count - len(self.heard) < MESSAGES_UNDER_WAY_MAX):
            self.count += 1
            self.publisher.write(str(self.count))
            self.next_at = time.monotonic() + MESSAGE_SECONDS

    def listen(self):
        """Takes what the host has heard."""
        events = self.host.events
        self.heard |= {event.get('message') for event in events[self.event_count:]
                       if event['event'] == 'message' and event.get('topic') == self.topic}
        self.event_count = len(events)

    def finish(self):
        """Waits until all are at the broker, and then at the host, at least once."""
        self.publisher.close_input()
        self.publisher.wait()
        said = [str(number) for number in range(1, self.count + 1)]

        def have_arrived():
            self.listen()
            return not missing(said, self.heard)
        self.host.until(have_arrived, f'all of {len(said)} messages arrive at the host')


class Crashes(LiveTestCase):
    """Each way of crashing in turn."""

    seconds_max = 120 + 2 * CRASHES * RECOVERY_SECONDS_MAX

    def test_bridge_is_killed_and_frozen_during_traffic(self):
        broker = Mosquitto(self, 'max_queued_messages 0')
        subscriber = broker.subscribe('#')
        link = Link(self, broker.port, SETTINGS, supervised=True)
        link.host.call('subscribe', topic='to/host', qos=1)
        link.series.until_confirmed()
        self.until(lambda: any('to/host (QoS 1)' in line for line in broker.log), 'subscribed')
        messages = Messages(self, broker, link.host, 'to/host')

        def go_on_until(condition, what):
            def look():
                messages.step()
                return condition()
            link.series.until(look, what, RECOVERY_SECONDS_MAX)

        for number in range(2 * CRASHES):
            victim = self.until(lambda: link.bridge.bridge_pid, 'there is a bridge')
            sessions = len(link.host.all('session'))
            # At a moment of its own each time.
            end = time.monotonic() + 0.2 + 0.13 * (number % 5)
            go_on_until(lambda: time.monotonic() > end, 'time passes')
            how = signal.SIGKILL if number % 2 == 0 else signal.SIGSTOP
            os.kill(victim, how)
            go_on_until(lambda: len(link.host.all('session')) > sessions,
                        f'the host recovers from {how.name}, number {number + 1}')
            count = len(link.series.accepted)
            go_on_until(lambda: len(link.series.accepted) > count, 'a publication is confirmed')

        messages.finish()
        link.arrive(lambda: [message.topic for message in subscriber.received])
        self.assertGreaterEqual(len(link.host.all('crash')), 2 * CRASHES)
        link.close(replays=False)
        link.assert_replays('host', link.host.trace)
        # The last life of the bridge ended in good order.
        lives = link.bridge.traces
        self.assertGreater(len(lives), 2 * CRASHES)
        link.assert_replays('bridge', lives[-1])
        # The others replay up to their last commit, if they lived long enough to make one.
        for path in lives[:-1]:
            done = Capture(self, path).ask('replay', '--end', 'bridge', status=None)
            self.assertIn(done.returncode, (SAME, COULD_NOT_TELL),
                          f'{path}: {done.stdout}{done.stderr}')
