# SPDX-License-Identifier: Apache-2.0
"""The broker speaks TLS: what the bridge accepts, what it refuses, and in what words it says so.

A refused broker is tried again, and as soon as it has the right certificate all goes on.
"""

import time

from support.bridge import BridgeProcess
from support.capture import Capture
from support.case import LiveTestCase
from support.certificates import certificate, listener
from support.link import Link
from support.mosquitto import Mosquitto
from support.peers import PeerHost

# What is wrong with a server's certificate, and what the bridge says of it.
REFUSED = {
    'stranger': 'from an unknown authority',
    'selfsigned': 'signed by itself',
    'expired': 'expired on',
    'future': 'is valid from',
    'othername': 'is for another name',
}


def literal(**parameters):
    """The literal of a Python dictionary."""
    return repr(parameters)


def trusting(**more):
    """The host's settings for a broker of our authority."""
    return {'broker': 'localhost', 'ssl': True,
            'ssl_params': literal(ca=certificate('ca.pem'), **more)}


class BadCertificates(LiveTestCase):
    """Certificates that must be refused."""

    def test_bad_certificates_at_the_start_and_then_a_good_one(self):
        broker = Mosquitto(self, listener=listener('stranger'))
        link = Link(self, broker.port, trusting())
        for name, words in REFUSED.items():
            if name != 'stranger':
                self.renew(broker, name)
            since = len(link.bridge.err)
            link.until_bridge_says(words, since, count=2)
            self.assertFalse(link.bridge_says('CONNECT client', 0), 'MQTT was spoken')
        self.assertEqual(link.host.all('session'), [])
        self.assertEqual({crash['name'] for crash in link.host.all('crash')}, {'BROKER_FAIL'})
        self.renew(broker, 'server')
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        self.assertEqual(len(link.host.all('session')), 1)
        link.close()

    def test_certificate_goes_bad_while_the_bridge_runs(self):
        broker = Mosquitto(self, listener=listener('server'))
        link = Link(self, broker.port, trusting())
        link.series.until_confirmed()
        self.renew(broker, 'expired')
        since, start = len(link.bridge.err), time.monotonic()
        told = link.until_bridge_says('expired on', since, count=4)
        seconds = time.monotonic() - start
        self.assertLessEqual(len(told), 1.5 * seconds + 1, f'attempts in {seconds} s')
        self.renew(broker, 'server')
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        self.assertEqual(link.host.all('crash'), [])
        link.close()

    def test_broker_without_tls(self):
        broker = Mosquitto(self)
        link = Link(self, broker.port, trusting())
        told = link.until_bridge_says(f'localhost:{broker.port}: ', count=2)
        self.assertTrue(all('does not speak TLS' in line or 'does this port speak TLS' in line
                            for line in told), told)
        self.renew(broker, 'server')
        link.series.until_confirmed()
        link.arrive(lambda: broker.arrived)
        link.close()

    def renew(self, broker, name):
        """The broker has another certificate from now on."""
        broker.stop()
        broker.listener = listener(name)
        broker.start()


class GoodCertificates(LiveTestCase):
    """Certificates that must be accepted, and what is to be known of them."""

    def assert_works(self, broker, settings):
        """A link with these settings connects, and its publications arrive."""
        link = Link(self, broker.port, settings)
        link.series.until_confirmed(within=30)
        link.arrive(lambda: broker.arrived)
        self.assertEqual(link.host.all('crash'), [])
        link.close()
        return link

    def test_certificate_of_the_authority_by_name(self):
        self.assert_works(Mosquitto(self, listener=listener('server')), trusting())

    def test_certificate_of_the_authority_by_address(self):
        self.assert_works(Mosquitto(self, listener=listener('server')),
                          {**trusting(), 'broker': '127.0.0.1'})

    def test_certificate_of_another_name_that_was_named(self):
        self.assert_works(Mosquitto(self, listener=listener('othername')),
                          trusting(server_hostname='broker.invalid'))

    def test_stranger_unverified_only_when_asked(self):
        self.assert_works(
            Mosquitto(self, listener=listener('stranger')),
            {'broker': 'localhost', 'ssl': True, 'ssl_params': literal(cert_reqs=0)})

    def test_certificate_of_the_client(self):
        broker = Mosquitto(self, listener=listener(
            'server', f'cafile {certificate("ca.pem")}', 'require_certificate true'))
        self.assert_works(broker, trusting(
            certfile=certificate('client.pem'), keyfile=certificate('client.key')))
        self.assertTrue(any('CONNACK to' in line for line in broker.log))

    def test_certificate_of_the_client_is_missing_or_wrong(self):
        broker = Mosquitto(self, listener=listener(
            'server', f'cafile {certificate("ca.pem")}', 'require_certificate true'))
        stranger = {'certfile': certificate('stranger.pem'),
                    'keyfile': certificate('stranger.key')}
        mixed = {'certfile': certificate('client.pem'), 'keyfile': certificate('server.key')}
        nowhere = {'certfile': self.path('no.pem'), 'keyfile': self.path('no.key')}
        cases = {
            'missing': ({}, 'the broker wants a certificate of the client'),
            'stranger': (stranger, "the broker refuses the client's certificate"),
            'mixed': (mixed, 'does not belong to the first certificate'),
            'nowhere': (nowhere, 'no.pem: cannot be read'),
        }
        for name, (parameters, words) in cases.items():
            with self.subTest(name):
                link = Link(self, broker.port, trusting(**parameters), name=f'-{name}')
                link.until_bridge_says(words, within=30)
                self.assertEqual(link.host.all('session'), [])
                self.assertEqual(link.host.stop(), 0)
                self.assertEqual(link.bridge.stop(), 0)
        self.assertEqual(broker.arrived, [])


class RefusedParameters(LiveTestCase):
    """Parameters of TLS that the bridge does not understand: UNKNOWN, and the reason."""

    # A host of ours sends these: they are dictionaries of constants.
    CASES = {
        'unknown-key': ("{'ciphers': 'secret-5Tb'}", 'Unknown key in ssl_params:'),
        'wrong-type': ("{'ca': 50505}", 'Wrong value in ssl_params:'),
        'wrong-value': ("{'cert_reqs': 70707}", 'Wrong value in ssl_params:'),
    }
    # And refuses to send these.
    NO_LITERALS = {
        'code': "{'ca': open('/etc/passwd').read()}",
        'no-dictionary': "['secret-5Tb']",
        'unfinished': "{'ca': 'secret-5Tb",
    }

    def test_unknown_keys_and_wrong_values(self):
        broker = Mosquitto(self)
        for name, (text, reason) in self.CASES.items():
            with self.subTest(name):
                link = Link(self, broker.port, {'ssl': True, 'ssl_params': text}, name=f'-{name}')
                status = link.host.expect('status', status=6, within=30)
                self.assertEqual((status['name'], status['text']), ('UNKNOWN', reason))
                link.host.expect('crash', name='UNKNOWN')
                self.assertEqual(link.host.stop(), 0)
                self.assertEqual(link.bridge.stop(), 0)
                self.assertNotIn(text, link.bridge.text + link.host.text, 'it is a secret')
                link.assert_replays('host', link.host.trace)
                link.assert_replays('bridge', link.bridge.trace)
        self.assertFalse(any('New client connected' in line for line in broker.log))

    def test_no_dictionaries_of_constants(self):
        for name, text in self.NO_LITERALS.items():
            with self.subTest(name):
                wires = self.make_wires(f'wires-{name}')
                bridge = BridgeProcess(self, wires, '--verbose', name=f'bridge-{name}',
                                       trace=f'bridge-{name}.syn')
                peer = PeerHost(self, wires, None, '--ssl', '1', '--ssl-params', text,
                                name=f'peer-{name}')
                fields = peer.until_string('t', '6', within=30)
                self.assertRegex(fields[2], '^Unreadable ssl_params at byte [0-9]+:$')
                self.assertEqual(fields[3:], ['init'])
                peer.stop()
                self.assertEqual(bridge.stop(), 0)
                self.assertNotIn(text, bridge.text, 'it is a secret')
                Capture(self, bridge.trace).assert_replays('bridge')
