# SPDX-License-Identifier: Apache-2.0
"""What a broker must not send, and what the link cannot carry.

Each is handled as MQTT 3.1.1 or the design says: told, the connection rebuilt where it must be and
only there, the host not disturbed beyond that, and publications arrive afterwards.
"""

import base64

from support.bad_broker import BadBroker
from support.bridge import BridgeProcess
from support.capture import Capture
from support.case import LiveTestCase
from support.link import Link
from support.mosquitto import Mosquitto
from support.peers import PeerHost

# What a broker swallows is missed after twice the response time.
SETTINGS = {'keepalive': 8, 'ping_interval': 1, 'response_time': 1, 'max_repubs': 1}
TOPIC = 'in/test'


class MalformedInput(LiveTestCase):
    """One bad broker each, which does it once, as soon as the host has subscribed."""

    def meet(self, behaviour, words, rebuilds):
        """A link meets a broker that behaves so. `words` are what the bridge tells of it, and
        `rebuilds` says whether the connection must be made anew. Gives the link, ended."""
        broker = BadBroker(self, behaviour, '--topic', TOPIC)
        link = Link(self, broker.port, SETTINGS)
        link.host.call('subscribe', topic='in/#', qos=1)
        link.series.until(lambda: broker.all('misbehave'), f'the broker does {behaviour}')
        link.until_bridge_says(words)
        if rebuilds:
            link.series.until(lambda: len(link.host.all('network', up=True)) >= 2,
                              'the connection is rebuilt')
        link.series.until_confirmed()
        link.series.go_on_for(0.5)
        link.arrive(lambda: broker.arrived)
        # The host has heard of the outage, if there was one, and of nothing else.
        count = 1 if rebuilds else 0
        self.assertEqual(link.host.all('crash'), [])
        self.assertEqual(len(link.host.all('session')), 1)
        self.assertEqual(len(link.host.all('status', name='WIFI_DOWN')), count)
        self.assertEqual(len(link.host.all('status', name='WIFI_UP')), 1 + count)
        self.assertEqual(len(broker.all('connect')), 1 + count)
        self.assertEqual(broker.all('fault'), [])
        link.close()
        # The journal has it too, for whoever comes later.
        journal = Capture(self, link.bridge.trace).ask('decode', '--journal', 'all').stdout
        self.assertIn(words, journal)
        return link

    def test_truncated_packet(self):
        self.meet('truncated-packet', 'connection-lost why="closed by the peer"', True)

    def test_oversized_length(self):
        # All that follows belongs to the message, acknowledgements too.
        self.meet('oversized-length', 'connection-lost why="no acknowledgement in time"', True)

    def test_remaining_length_of_five_bytes(self):
        self.meet('five-byte-length', 'connection-lost why="the broker\'s bytes', True)

    def test_topic_longer_than_its_packet(self):
        self.meet('topic-beyond-packet', 'connection-lost why="the broker\'s bytes', True)

    def test_acknowledgement_of_an_unknown_publication(self):
        self.meet('puback-unknown-id', 'acknowledgement-unexpected', False)

    def test_acknowledgement_of_an_unknown_subscription(self):
        self.meet('suback-unknown-id', 'acknowledgement-unexpected', False)

    def test_short_acknowledgement_of_a_subscription(self):
        self.meet('short-suback', 'connection-lost why="the broker\'s bytes', True)

    def test_acknowledgement_of_a_cancellation_with_a_payload(self):
        self.meet('unsuback-payload', 'connection-lost why="the broker\'s bytes', True)

    def test_ping_response_with_a_payload(self):
        self.meet('pingresp-payload', 'connection-lost why="the broker\'s bytes', True)

    def test_message_of_qos_2(self):
        self.meet('qos2-publish', 'connection-lost why="a message of qos 2"', True)

    def test_message_of_qos_3(self):
        self.meet('qos3-publish', 'connection-lost why="the broker\'s bytes', True)

    def test_topic_with_a_null_character(self):
        self.meet('topic-zero', 'connection-lost why="the broker\'s bytes', True)

    def test_topic_that_is_not_utf8(self):
        self.meet('topic-not-utf8', 'connection-lost why="the broker\'s bytes', True)

    def test_payload_of_a_megabyte(self):
        link = self.meet('huge-payload', 'too long', False)
        self.assertEqual(link.host.all('message'), [])

    def test_payload_that_the_link_cannot_carry_is_escaped(self):
        link = self.meet('payload-uncarriable', 'PUBLISH in/', False)
        message = link.host.all('message')[0]
        self.assertEqual(base64.b64decode(message['messageBase64']), b'a\x00b\x7fc\xc8d')

    def test_topic_that_the_link_cannot_carry_is_escaped(self):
        link = self.meet('topic-uncarriable', 'PUBLISH ', False)
        message = link.host.all('message')[0]
        topic = base64.b64decode(message['topicBase64'])
        self.assertEqual(topic[-3:], b'\x7f\xc3\x88')


class AwkwardMessages(LiveTestCase):
    """What a good broker delivers, and what does not fit the link."""

    def test_payload_of_a_megabyte_is_dropped_and_the_next_arrives(self):
        broker = Mosquitto(self)
        link = Link(self, broker.port)
        link.host.call('subscribe', topic=TOPIC, qos=1)
        link.series.until_confirmed()
        self.until(lambda: any(f'{TOPIC} (QoS 1)' in line for line in broker.log), 'subscribed')
        for qos in (0, 1):
            broker.publish(TOPIC, b'x' * 1_000_000, qos=qos)
            broker.publish(TOPIC, f'after {qos}', qos=qos)
            link.host.expect('message', topic=TOPIC, message=f'after {qos}')
        link.until_bridge_says('too long', count=2)
        link.arrive(lambda: broker.arrived)
        self.assertEqual(len(link.host.all('message')), 2)
        self.assertEqual(len(link.host.all('network')), 1)
        link.close()

    def test_any_bytes_arrive_at_a_host_that_reads_escapes(self):
        broker = Mosquitto(self)
        link = Link(self, broker.port)
        link.host.call('subscribe', topic='in/#', qos=1)
        link.series.until_confirmed()
        self.until(lambda: any('in/# (QoS 1)' in line for line in broker.log), 'subscribed')
        content = bytes(range(256))
        broker.publish('in/bytes', content, qos=1)
        broker.publish('in/gr\u00fc\u00dfe', 'plain', qos=1)
        link.series.until(lambda: len(link.host.all('message')) == 2, 'two messages')
        first, second = link.host.all('message')
        self.assertEqual(first['topic'], 'in/bytes')
        self.assertEqual(base64.b64decode(first['messageBase64']), content)
        self.assertEqual(base64.b64decode(second['topicBase64']).decode(), 'in/gr\u00fc\u00dfe')
        self.assertEqual(second['message'], 'plain')
        link.arrive(lambda: broker.arrived)
        link.close()

    def test_other_bytes_are_dropped_whole_for_a_host_that_reads_none(self):
        broker = Mosquitto(self)
        wires = self.make_wires()
        bridge = BridgeProcess(self, wires, '--verbose')
        peer = PeerHost(self, wires, [
            {'op': 'subscribe', 'topic': 'in/#', 'qos': 1},
            {'expect': 'u', 'topic': 'in/a', 'message': 'last', 'within': 60},
        ], '--port', str(broker.port))
        self.until(lambda: any('in/# (QoS 1)' in line for line in broker.log), 'subscribed')
        broker.publish('in/a', b'a\x7fb', qos=1)
        broker.publish('in/\u00fc', 'b', qos=0)
        broker.publish('in/a', 'last', qos=1)
        peer.succeed()
        peer_heard = peer.strings('u')
        self.assertEqual([fields[:3] for fields in peer_heard], [['u', 'in/a', 'last']])
        self.assertEqual(bridge.stop(), 0)
        dropped = [line for line in bridge.err if 'cannot carry' in line]
        self.assertEqual(len(dropped), 2, bridge.tail())
        Capture(self, bridge.trace).assert_replays('bridge')
