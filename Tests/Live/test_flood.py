# SPDX-License-Identifier: Apache-2.0
"""Ten thousand messages with qos 1 for the host at once: all arrive, in order, and memory is flat."""

import os
import time

from support import paths
from support.case import LiveTestCase
from support.link import Link
from support.mosquitto import Mosquitto

COUNT = int(os.environ.get('SYNSCOPE_FLOOD', '10000'))
# Memory is compared with what it was then.
SETTLED_COUNT = COUNT // 10
GROWTH_KIB_MAX = 30 * 1024
SAMPLE_SECONDS = 0.2
# At some hundred characters a second; on a quiet machine it takes some seconds.
FLOOD_SECONDS_MAX = 60 + COUNT * 60 // 1000


class Flood(LiveTestCase):
    """From a broker that keeps everything."""

    seconds_max = FLOOD_SECONDS_MAX + 120

    def test_ten_thousand_messages_at_once(self):
        broker = Mosquitto(self, 'max_queued_messages 0')
        link = Link(self, broker.port)
        link.host.call('subscribe', topic='flood', qos=1)
        link.series.until_confirmed()
        self.until(lambda: any('flood (QoS 1)' in line for line in broker.log), 'subscribed')
        publisher = self.launch('publisher', paths.program('mosquitto_pub'), '-h', broker.address,
                                '-p', broker.port, '-q', 1, '-l', '-t', 'flood')
        publisher.process.stdin.write(b''.join(b'%d\n' % number for number in range(COUNT)))
        publisher.close_input()
        memory = {'host': [], 'bridge': []}
        heard, taken = [], 0
        start = time.monotonic()
        while len(heard) < COUNT:
            if time.monotonic() > start + FLOOD_SECONDS_MAX:
                self.fail(f'{len(heard)} messages in {FLOOD_SECONDS_MAX} s')
            # Publications go through meanwhile.
            link.series.step()
            events = link.host.events
            heard += [event['message'] for event in events[taken:] if event['event'] == 'message']
            taken = len(events)
            if len(heard) >= SETTLED_COUNT:
                memory['host'].append(resident_kib(link.host.pid))
                memory['bridge'].append(resident_kib(link.bridge.pid))
            time.sleep(SAMPLE_SECONDS)
        print(f'({COUNT} messages in {time.monotonic() - start:.1f} s, KiB: '
              + ', '.join(f'{end} {found[0]} to {max(found)}' for end, found in memory.items())
              + ') ', end='', flush=True)
        self.assertEqual(publisher.wait(), 0)
        self.assertEqual(heard, [str(number) for number in range(COUNT)])
        for end, found in memory.items():
            self.assertLess(max(found) - found[0], GROWTH_KIB_MAX, f'{end}: {found}')
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        self.assertEqual(link.host.all('crash'), [])
        self.assertEqual(len(link.host.all('session')), 1)
        self.assertEqual(len(link.host.all('network')), 1)
        link.close()


def resident_kib(pid):
    """The memory that a process has."""
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        for line in file:
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
    raise AssertionError(f'process {pid} has no memory any more')
