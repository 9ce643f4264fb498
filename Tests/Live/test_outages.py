# SPDX-License-Identifier: Apache-2.0
"""The broker or the network goes away in every way it can, while the host publishes with qos 1.

In each of these nothing hangs, no session ends that needs not end, and every publication that the
host accepted is at the broker in the end. The captures of both ends replay exactly.
"""

import time

from support.bad_broker import BadBroker
from support.case import LiveTestCase
from support.link import Link
from support.mosquitto import Mosquitto
from support.network import CutNetwork, needs_root

# A lost broker is noticed after four ping intervals.
IMPATIENT = {'keepalive': 4, 'ping_interval': 1, 'response_time': 2}
CUT_SECONDS = 8


class OutageCase(LiveTestCase):
    """What the tests of outages share."""

    def assert_one_session(self, link):
        """The outage did not end the bridge's session, and no status was fatal."""
        self.assertEqual(link.host.all('crash'), [])
        self.assertEqual(len(link.host.all('session')), 1)

    def until_network(self, link, is_up, count=1, within=60):
        """The series goes on until the host has heard so often of the network's state."""
        link.series.until(lambda: len(link.host.all('network', up=is_up)) >= count,
                          f'network up={is_up}, {count} times', within)


class BrokerOutages(OutageCase):
    """The broker is killed, or is silent, or refuses."""

    def test_broker_is_killed_and_restarted(self):
        broker = Mosquitto(self)
        link = Link(self, broker.port)
        link.host.call('subscribe', topic='to/host', qos=1)
        link.series.until_confirmed()
        for number in range(1, 4):
            broker.kill()
            self.until_network(link, False, number)
            link.series.go_on_for(0.5)
            broker.start()
            self.until_network(link, True, number + 1)
            link.series.until_confirmed()
            # The broker has forgotten all; the bridge has not.
            self.until(lambda: any("to/host (QoS 1)" in line for line in broker.process.err),
                       'the subscription is renewed')
            broker.publish('to/host', f'after {number}', qos=1)
            link.host.expect('message', topic='to/host', message=f'after {number}')
        link.arrive(lambda: broker.arrived)
        self.assert_one_session(link)
        link.close()

    def test_broker_is_stopped_before_the_start_and_comes_late(self):
        broker = Mosquitto(self)
        broker.stop()
        link = Link(self, broker.port)
        link.series.until(lambda: len(link.host.all('crash', name='BROKER_FAIL')) >= 2,
                          'BROKER_FAIL, twice')
        self.assertTrue(link.bridge_says('connection refused'), link.bridge.tail())
        broker.start()
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        link.close()

    def test_broker_accepts_and_is_silent(self):
        broker = BadBroker(self, 'silent-after-accept')
        link = Link(self, broker.port, IMPATIENT)
        link.series.until(lambda: link.host.all('crash', name='BROKER_FAIL'), 'BROKER_FAIL')
        self.assertTrue(link.bridge_says('no CONNACK in time'), link.bridge.tail())
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        link.close()

    def test_broker_lets_in_and_is_silent(self):
        broker = BadBroker(self, 'silent-after-connack')
        link = Link(self, broker.port, IMPATIENT)
        self.until_network(link, True)
        self.until_network(link, False)
        self.until_network(link, True, 2)
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        self.assert_one_session(link)
        link.close()

    def test_broker_refuses_with_each_code(self):
        broker = BadBroker(self, 'connack-1', '--times', '2')
        arrived, port = [], broker.port
        link = Link(self, port)
        for code in range(1, 6):
            count = len(link.bridge.err) if code > 1 else 0
            if code > 1:
                # The first refusal was at the start; these are after an outage.
                broker.stop()
                arrived += broker.arrived
                broker = BadBroker(self, f'connack-{code}', '--times', '2', port=port)
            link.series.until(lambda: len(broker.all('misbehave')) == 2, f'refused with {code}')
            link.series.until_confirmed()
            refusals = link.bridge_says(f'connection-refused code={code}', count)
            self.assertEqual(len(refusals), 2, link.bridge.tail())
        self.assertEqual(len(link.host.all('crash')), 2, 'only at the start a refusal is fatal')
        link.arrive(lambda: arrived + broker.arrived)
        link.close()

    def test_a_refusing_broker_is_not_asked_much_more_than_once_a_second(self):
        good = Mosquitto(self)
        link = Link(self, good.port)
        self.until_network(link, True)
        good.stop()
        broker = BadBroker(self, 'connack-3', '--times', '1000', port=good.port)
        link.series.until(lambda: broker.all('misbehave'), 'the first refusal')
        seconds = 6
        link.series.go_on_for(seconds)
        count = len(broker.all('connect'))
        self.assertGreaterEqual(count, 3, 'it gives up')
        self.assertLessEqual(count, 1.5 * seconds + 1, f'{count} attempts in {seconds} s')
        broker.stop()
        good.start()
        link.series.until_confirmed()
        link.arrive(lambda: good.arrived)
        self.assert_one_session(link)
        link.close()


@needs_root
class NetworkOutages(OutageCase):
    """The network goes, and nothing is closed. The broker is inside, the bridge outside."""

    def test_packets_vanish(self):
        network = CutNetwork(self)
        broker = Mosquitto(self, network=network)
        subscriber = broker.subscribe('#')
        address = {'broker': network.there}
        patient = Link(self, broker.port, address, name='-patient')
        impatient = Link(self, broker.port, {**address, **IMPATIENT}, name='-impatient')
        for link in (patient, impatient):
            self.until_network(link, True)
            link.series.until_confirmed()
        network.drop()
        end = time.monotonic() + CUT_SECONDS
        while time.monotonic() < end:
            for link in (patient, impatient):
                link.series.go_on_for(0.05)
        # Longer than its keepalive: this one has noticed.
        self.until_network(impatient, False)
        network.let_pass()
        for link in (patient, impatient):
            link.series.until_confirmed()
        self.until_network(impatient, True, 2)
        # 8 s are no outage for a connection with a keepalive of 60 s.
        self.assertEqual(patient.host.all('network', up=False), [])
        for link in (patient, impatient):
            link.arrive(lambda: [message.topic for message in subscriber.received])
            self.assert_one_session(link)
            link.close()

    def test_carrier_goes_and_comes_back(self):
        network = CutNetwork(self)
        broker = Mosquitto(self, network=network)
        subscriber = broker.subscribe('#')
        link = Link(self, broker.port, {'broker': network.there},
                    bridge_options=['--default-network', f'interface:{network.interface}'])
        self.until_network(link, True)
        link.series.until_confirmed()
        for number in (1, 2):
            network.carrier_down()
            # The keepalive is 60 s: the interface has told, not the silence.
            self.until_network(link, False, number, within=20)
            link.series.go_on_for(1)
            network.carrier_up()
            self.until_network(link, True, number + 1)
            link.series.until_confirmed()
        link.arrive(lambda: [message.topic for message in subscriber.received])
        self.assert_one_session(link)
        link.close()

    def test_carrier_goes_unwatched_for_longer_than_keepalive(self):
        network = CutNetwork(self)
        broker = Mosquitto(self, network=network)
        subscriber = broker.subscribe('#')
        link = Link(self, broker.port, {'broker': network.there, **IMPATIENT})
        self.until_network(link, True)
        link.series.until_confirmed()
        network.carrier_down()
        self.until_network(link, False, within=30)
        network.carrier_up()
        self.until_network(link, True, 2)
        link.series.until_confirmed()
        link.arrive(lambda: [message.topic for message in subscriber.received])
        self.assert_one_session(link)
        link.close()


@needs_root
class NameOutages(OutageCase):
    """The broker's name is not known."""

    NAME = 'broker.invalid'

    def test_name_is_not_known_and_then_is(self):
        broker = Mosquitto(self)
        hosts = self.path('hosts')
        write(hosts, '127.0.0.1 localhost\n')
        link = Link(self, broker.port, {'broker': self.NAME}, hosts=hosts)
        link.series.until(lambda: len(link.host.all('crash', name='BROKER_FAIL')) >= 2,
                          'BROKER_FAIL, twice')
        told = link.bridge_says(self.NAME)
        self.assertTrue(any('no host has the name' in line or 'could not be looked up' in line
                            or 'is still being looked up' in line for line in told), told)
        # The look-up did not hold up the link.
        self.assertEqual(link.host.all('crash', name='ESP_FAIL'), [])
        self.assertEqual(link.host.all('crash', name='NO_NET'), [])
        write(hosts, f'127.0.0.1 localhost {self.NAME}\n')
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        link.close()


def write(path, text):
    """In place: what is mounted is the file, not its name."""
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
