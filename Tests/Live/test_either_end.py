# SPDX-License-Identifier: Apache-2.0
"""Each end alone, with a peer on the other side that was written from the description of the link and
not from our sources."""

import os
import signal
import time

from support.bridge import BridgeProcess, SupervisedBridge
from support.capture import Capture
from support.case import LiveTestCase
from support.host import WIFI_PASSWORD, HostProcess
from support.mosquitto import Mosquitto
from support.peers import PeerBridge, PeerHost
from support.ports import free_port
from support.secrets import assert_unspoken
from support.sntp import TimeServer

START = ['DEFNET', 'BROKER_CHECK', 'BROKER_OK', 'RUNNING', 'WIFI_UP']
WATCHDOG_SECONDS = 2


class OurHost(LiveTestCase):
    """`synscope host` with `tools/peer_bridge.py`."""

    def begin(self, *peer_options, script=None, settings=None):
        """Both, and does not wait until they run."""
        self.wires = self.make_wires()
        self.peer = PeerBridge(self, self.wires, *peer_options, script=script)
        self.host = HostProcess(self, self.wires, settings=settings)

    def finish(self):
        """In good order, and the capture replays and tells no secret."""
        self.assertEqual(self.host.quit(), 0, self.host.tail())
        capture = Capture(self, self.host.trace)
        capture.assert_complete()
        capture.assert_replays('host')
        assert_unspoken(self, [WIFI_PASSWORD], [self.host], [self.host.trace])

    def statuses(self):
        """The names of all statuses that the application was told, in order."""
        return [event['name'] for event in self.host.all('status')]

    def test_it_starts_a_bridge_with_will_and_all_settings(self):
        self.begin(settings={
            'will.topic': 'w/t', 'will.message': 'gone', 'will.qos': 1, 'will.retain': True,
            'ssid': 'a net', 'broker': 'broker.example', 'mqtt_user': 'me', 'mqtt_pw': 'pw',
            'port': 1234, 'ssl': True, 'ssl_params': "{'cert_reqs': 0}", 'fast': False,
            'keepalive': 33, 'debug': True, 'clean_session': False, 'max_repubs': 3,
            'response_time': 7, 'ping_interval': 9, 'timeserver': 'time.example',
            'use_default_net': False})
        self.host.ready()
        strings = [line['fields'] for line in self.peer.all('received')]
        self.assertEqual(strings[0], ['w', 'w/t', 'gone', '1', '1'])
        self.assertEqual(strings[1][:18], [
            'init', 'a net', WIFI_PASSWORD, 'broker.example', 'me', 'pw', "{'cert_reqs': 0}", '0',
            '1234', '1', '0', '33', '1', '0', '3', '7', '9', 'time.example'])
        self.assertEqual(self.statuses(), ['WILLOK', *START[1:]])
        self.host.expect('session', number=1)
        self.host.expect('network', up=True)
        self.finish()

    def test_publications_and_messages_pass(self):
        self.begin(script=[
            {'op': 'message', 'topic': 'other/topic', 'message': 'unasked', 'after': 1},
            {'op': 'message', 'topic': 'in/kept', 'message': 'kept', 'retained': True},
            {'op': 'message', 'topic': 'in/n', 'message': 'n {n}', 'count': 200}])
        self.host.call('subscribe', topic='in/#', qos=1)
        self.host.call('subscribe', topic='back/+', qos=0)
        self.host.ready()
        self.assertEqual(self.statuses(), START)
        for qos in (0, 1):
            self.host.publish('back/a', f'qos {qos}', qos, retain=bool(qos))
            self.host.expect('message', topic='back/a', message=f'qos {qos}')
        self.assertEqual(self.peer.strings('s'), [['s', 'in/#', '1'], ['s', 'back/+', '0']])
        self.assertEqual(self.peer.strings('p'), [
            ['p', 'back/a', 'qos 0', '', '0'], ['p', 'back/a', 'qos 1', '1', '1']])
        self.host.expect('message', topic='in/kept', message='kept', retained=True)
        self.host.expect('message', topic='in/n', message='n 199')
        self.assertEqual([event['message'] for event in self.host.all('message', topic='in/n')],
                         [f'n {number}' for number in range(200)])
        self.assertEqual(self.host.all('message', topic='other/topic'), [])
        self.finish()

    def test_time_and_memory(self):
        self.begin('--memory', 27168, 10688, '--time', 1000, '--time-delay', 1)
        self.assertEqual(self.host.call('memory'), {'free': 27168, 'allocated': 10688})
        self.assertEqual(self.host.call('time', y2k=True), {'seconds': 1000})
        self.assertEqual(self.host.call('time'), {'seconds': 946_685_800})
        self.finish()

    def test_a_failed_time_is_asked_for_again(self):
        self.begin('--time', 0, settings={'timeout': WATCHDOG_SECONDS})
        request = self.host.request('time', pause=1)
        self.until(lambda: len(self.peer.strings('i')) >= 2, 'a second question')
        self.assertEqual(self.host.all('returned', id=request), [])
        self.peer.kill()
        self.peer = PeerBridge(self, self.wires, '--time', 1000, name='peer-bridge-2')
        self.assertEqual(self.host.returned(request)['result'], {'seconds': 946_685_800})
        self.finish()

    def test_an_unknown_command_ends_the_session(self):
        self.begin()
        self.host.ready()
        self.host.call('command', fields=['zz', 'secret?'])
        unknown = self.host.expect('status', name='UNKNOWN')
        self.assertEqual(unknown['text'], 'Unknown command:')
        self.assertEqual(unknown['offending'], 'zz\x7fsecret?')
        self.host.expect('crash', name='UNKNOWN')
        self.host.expect('session', number=2)
        self.finish()

    def test_the_specified_network_is_granted_once(self):
        self.begin('--status3')
        self.host.ready()
        self.assertEqual(self.statuses(), ['DEFNET', 'SPECNET', *START[1:]])
        self.assertEqual(self.host.all('crash'), [])
        self.finish()

    def test_a_second_question_for_the_network_is_answered_with_a_reset(self):
        self.begin('--status3', 2, '--faulty-starts', 1, settings={'refusal_delay': 1})
        self.host.ready()
        second = self.host.all('status', name='SPECNET')[1]
        crash = self.host.all('crash')[0]
        self.assertGreaterEqual(crash['time'] - second['time'], 1_000_000_000)
        self.finish()

    def test_an_application_answers_for_itself(self):
        self.begin('--status3', '--faulty-starts', 1, settings={'status_handler': 'application'})
        self.host.expect('status', name='SPECNET', awaitsAnswer=True)
        self.host.call('answer', answer='reset')
        self.until(lambda: len(self.peer.all('boot', start=2)) == 1, 'a second start')
        self.host.ready()
        self.finish()

    def test_a_bridge_without_a_broker_is_reset_until_it_has_one(self):
        self.begin('--fail-broker', '--faulty-starts', 2)
        self.host.ready()
        self.assertEqual([event['name'] for event in self.host.all('crash')], ['BROKER_FAIL'] * 2)
        self.assertEqual(self.statuses()[-5:], START)
        self.finish()

    def test_garbage_instead_of_a_start_is_detected(self):
        self.begin('--garbage', 'start', '--faulty-starts', 1)
        self.host.ready()
        self.assertEqual([event['name'] for event in self.host.all('crash')], ['ESP_FAIL'])
        self.finish()

    def test_garbage_from_a_running_bridge_is_detected(self):
        self.begin('--garbage', 'running', '--faulty-starts', 1)
        self.host.expect('session', number=2)
        self.host.ready()
        self.assertEqual([event['name'] for event in self.host.all('crash')], ['NO_NET'])
        self.host.publish('still', 'alive', 1)
        self.finish()

    def test_a_bridge_that_boots_for_long_is_given_longer_each_time(self):
        self.begin('--slow-boot', 2, settings={'timeout': 1})
        self.host.ready()
        boots = [line['t'] for line in self.peer.all('boot')]
        self.assertGreaterEqual(len(boots), 4, boots)
        self.assertGreater(boots[-1] - boots[-2], boots[2] - boots[1] + 0.3, boots)
        self.finish()

    def test_the_watchdog_resets_a_frozen_bridge_and_nothing_is_lost(self):
        self.begin('--freeze-after', 4, '--faulty-starts', 1,
                   settings={'timeout': WATCHDOG_SECONDS})
        self.host.call('subscribe', topic='back', qos=1)
        requests = [self.host.request('publish', topic='back', message=f'{number}', qos=1)
                    for number in range(5)]
        for request in requests:
            self.assertEqual(self.host.returned(request)['result'], {'confirmed': True})
        self.assertEqual([event['name'] for event in self.host.all('crash')], ['NO_NET'])
        self.assertEqual(self.peer.strings('s'), [['s', 'back', '1']] * 2)
        # The one that the bridge had when it froze comes a second time.
        self.assertEqual([fields[2] for fields in self.peer.strings('p')],
                         ['0', '1', '1', '2', '3', '4'])
        self.host.expect('message', topic='back', message='4')
        self.finish()

    def test_a_publication_with_qos_0_is_not_repeated_and_called_unconfirmed(self):
        self.begin('--freeze-after', 2, '--faulty-starts', 1,
                   settings={'timeout': WATCHDOG_SECONDS})
        self.assertEqual(self.host.publish('a', 'b', 0), {'confirmed': False})
        self.host.ready()
        self.host.publish('a', 'c', 0)
        self.assertEqual([fields[2] for fields in self.peer.strings('p')], ['b', 'c'])
        self.finish()

    def test_a_killed_bridge_is_replaced_and_qos_1_arrives(self):
        self.begin(settings={'timeout': WATCHDOG_SECONDS})
        self.host.publish('a', 'first', 1)
        self.peer.kill()
        request = self.host.request('publish', topic='a', message='second', qos=1)
        self.host.expect('crash')
        self.peer = PeerBridge(self, self.wires, name='peer-bridge-2')
        self.assertEqual(self.host.returned(request)['result'], {'confirmed': True})
        self.assertEqual([fields[2] for fields in self.peer.strings('p')], ['second'])
        self.finish()

    def test_a_publication_without_its_answer_costs_a_reset(self):
        # (max_repubs + 1) x response_time and the 30 s that Protocol.md grants on top.
        self.begin('--no-puback', '--faulty-starts', 1,
                   settings={'max_repubs': 0, 'response_time': 1})
        self.host.ready()
        begun = time.monotonic()
        self.assertEqual(self.host.publish('a', 'b', 1, within=120), {'confirmed': True})
        self.assertGreater(time.monotonic() - begun, 30)
        self.assertEqual([event['name'] for event in self.host.all('crash')], ['NO_NET'])
        self.assertEqual(len(self.peer.strings('p')), 2)
        self.finish()

    def test_an_outage_of_the_network_holds_publications_up_and_no_more(self):
        self.begin('--wifi-outage-after', 1, '--wifi-outage-for', 2)
        self.host.ready()
        down = self.host.expect('network', up=False)
        self.assertEqual(self.host.publish('a', 'meanwhile', 1), {'confirmed': True})
        states = [event['up'] for event in self.host.all('network')]
        self.assertEqual(states, [True, False, True])
        self.assertGreater(self.host.all('network')[2]['time'] - down['time'], 1_000_000_000)
        self.assertEqual(self.host.all('crash'), [])
        self.finish()

    def test_it_tolerates_the_faults_of_the_reference(self):
        self.begin('--reference-quirks')
        self.host.call('subscribe', topic='back/#')
        self.host.publish('back/a', 'not kept', 1, retain=False)
        self.host.publish('back/a', 'kept', 1, retain=True)
        self.host.expect('message', message='kept')
        self.host.call('restart')
        self.host.expect('session', number=2)
        self.host.publish('back/a', 'after', 1)
        self.host.expect('message', message='after')
        self.finish()


class OurBridge(LiveTestCase):
    """`synscope bridge` and a real broker with `tools/peer_host.py`."""

    def begin(self, script, *peer_options, bridge_options=(), port=None):
        """A broker with a subscriber to all, the bridge, and the peer with its script."""
        self.broker = Mosquitto(self)
        self.subscriber = self.broker.subscribe('#')
        self.wires = self.make_wires()
        self.bridge = BridgeProcess(self, self.wires, '--verbose', *bridge_options)
        self.peer = PeerHost(
            self, self.wires, script, '--broker', '127.0.0.1', '--port', port or self.broker.port,
            '--password', WIFI_PASSWORD, *peer_options)

    def finish(self):
        """The script came true; the bridge ends in good order, replays and tells no secret."""
        self.peer.succeed()
        self.assertEqual(self.bridge.stop(), 0, self.bridge.tail())
        capture = Capture(self, self.bridge.trace)
        capture.assert_complete()
        capture.assert_replays('bridge')
        assert_unspoken(self, [WIFI_PASSWORD], [self.bridge], [self.bridge.trace])

    def statuses(self):
        """The names of all statuses that the peer was told, in order."""
        return [line['name'] for line in self.peer.all('status')]

    def test_it_starts_and_publishes(self):
        self.begin([
            {'op': 'publish', 'topic': 'q0', 'message': 'zero', 'qos': 0},
            {'op': 'publish', 'topic': 'q1', 'message': 'one {n}', 'qos': 1, 'count': 20},
            {'op': 'publish', 'topic': 'kept', 'message': 'stays', 'qos': 1, 'retain': True}],
            '--will', 'w', 'gone', 'False', '0')
        self.subscriber.until_receives('kept', 'stays')
        self.finish()
        self.assertEqual(self.statuses()[:6], ['WILLOK', *START])
        self.assertEqual([message.topic for message in self.subscriber.received[:3]],
                         ['q0', 'q1', 'q1'])
        self.assertEqual(self.subscriber.payloads('q1'), [f'one {n}' for n in range(20)])
        late = self.broker.subscribe('kept', 'q1', name='late')
        self.assertTrue(late.until_receives('kept', 'stays').retained)
        self.assertEqual(late.payloads('q1'), [])

    def test_messages_time_and_memory(self):
        server = TimeServer(self)
        self.begin([
            {'op': 'subscribe', 'topic': 'in/+', 'qos': 1},
            {'op': 'publish', 'topic': 'in/echo', 'message': 'echo', 'qos': 1},
            {'expect': 'u', 'topic': 'in/echo', 'message': 'echo', 'retained': False, 'within': 30},
            {'op': 'publish', 'topic': 'out/go', 'message': 'go', 'qos': 1},
            {'expect': 'u', 'topic': 'in/a', 'message': '{n}', 'count': 50, 'within': 30},
            {'op': 'memory', 'within': 30},
            {'op': 'time', 'within': 30, 'tolerance': 2}],
            '--timeserver', server.address)
        self.subscriber.until_receives('out/go', 'go')
        self.broker.publish('in/a', qos=1, lines=range(50))
        self.finish()
        self.assertEqual(server.count('request'), 1)

    def test_the_will_is_published_when_it_is_killed(self):
        self.begin([{'op': 'publish', 'topic': 'a', 'message': 'b', 'qos': 1},
                    {'op': 'wait', 'seconds': 60}],
                   '--will', 'w/t', 'gone', 'True', '1')
        self.subscriber.until_receives('a', 'b')
        self.bridge.kill()
        self.assertEqual(self.subscriber.until_receives('w/t', 'gone').qos, 1)

    def test_every_spelling_of_retain(self):
        spellings = {'': False, '0': False, 'False': False, '1': True, 'True': True}
        script = []
        for number, spelling in enumerate(spellings):
            script += [{'op': 'raw', 'fields': ['p', f'r/{number}', 'x', spelling, '1']},
                       {'expect': 't', 'status': 4, 'within': 30}]
        self.begin(script)
        self.subscriber.until_receives('r/4', 'x')
        late = self.broker.subscribe('r/#', name='late')
        self.broker.publish('r/end', 'end', qos=1)
        late.until_receives('r/end', 'end')
        self.assertEqual(
            [message.topic for message in late.received if message.retained],
            [f'r/{number}' for number, kept in enumerate(spellings.values()) if kept])
        self.finish()

    def test_what_it_does_not_understand_it_answers_with_unknown(self):
        wrong = {'Unknown command:': ['zz'], 'Malformed field 4': ['p', 'a', 'b', '', '2'],
                 'Malformed field 3': ['p', 'a', 'b', 'yes', '1'],
                 'Not a topic:': ['p', 'a/+', 'b', '', '0'],
                 'Not a topic filter:': ['s', 'a/#/b', '0'], 'Malformed field 2': ['s', 'a', 'True']}
        script = []
        for number, fields in enumerate(wrong.values()):
            script += [{'op': 'raw', 'fields': fields},
                       {'expect': 't', 'status': 6, 'within': 30},
                       {'op': 'ready', 'starts': number + 2, 'within': 30}]
        self.begin([*script, {'op': 'publish', 'topic': 'end', 'message': 'end', 'qos': 1}])
        self.finish()
        told = [fields[2] for fields in self.peer.strings('t', '6')]
        self.assertEqual(len(told), len(wrong))
        for text, wanted in zip(told, wrong):
            self.assertTrue(text.startswith(wanted), f'{text!r}, not {wanted!r}')
        self.assertEqual(self.subscriber.payloads('end'), ['end'])

    def test_it_asks_for_the_specified_network_and_waits_for_the_answer(self):
        self.begin([{'op': 'publish', 'topic': 'a', 'message': 'b', 'qos': 1}],
                   bridge_options=['--default-network', 'never'])
        self.finish()
        self.assertIn('SPECNET', self.statuses())
        self.assertEqual(self.statuses()[-2:], ['WIFI_UP', 'PUBOK'])
        self.assertLess(self.statuses().index('SPECNET'), self.statuses().index('BROKER_CHECK'))

    def test_without_a_broker_it_says_so_and_waits_to_be_reset(self):
        port = free_port()
        self.begin([{'op': 'publish', 'topic': 'a', 'message': 'b', 'qos': 1}], port=port)
        self.peer.until_event('status', name='BROKER_FAIL')
        self.assertEqual(self.statuses()[:3], ['DEFNET', 'BROKER_CHECK', 'BROKER_FAIL'])
        self.peer.stop()

    def test_a_broker_that_comes_later_is_found_after_a_reset(self):
        self.broker = Mosquitto(self)
        self.broker.kill()
        self.wires = self.make_wires()
        self.bridge = BridgeProcess(self, self.wires, '--verbose')
        self.peer = PeerHost(
            self, self.wires, [{'op': 'publish', 'topic': 'a', 'message': 'b', 'qos': 1}],
            '--port', self.broker.port, '--password', WIFI_PASSWORD)
        self.peer.until_event('status', name='BROKER_FAIL', count=2)
        self.broker.start()
        self.finish()
        self.broker.until_logs("'a', ... (1 bytes)")

    def test_a_restart_begins_anew(self):
        self.begin([
            {'op': 'subscribe', 'topic': 'in', 'qos': 1},
            {'op': 'publish', 'topic': 'in', 'message': 'one', 'qos': 1},
            {'expect': 'u', 'topic': 'in', 'message': 'one', 'within': 30},
            {'op': 'restart'}, {'op': 'ready', 'starts': 2, 'within': 30},
            {'op': 'publish', 'topic': 'in', 'message': 'two', 'qos': 1},
            {'expect': 'u', 'topic': 'in', 'message': 'two', 'within': 30},
            {'refuse': 'u', 'for': 1}])
        self.finish()

    def test_a_silent_host_does_not_cost_the_broker(self):
        self.begin([
            {'op': 'publish', 'topic': 'a', 'message': 'one', 'qos': 1},
            {'op': 'freeze', 'seconds': 4},
            {'op': 'publish', 'topic': 'a', 'message': 'two', 'qos': 1}],
            '--keepalive', 2, '--will', 'w', 'gone', 'False', '0')
        self.subscriber.until_receives('a', 'two')
        self.assertEqual(self.subscriber.payloads('w'), [])
        self.finish()
        self.assertEqual(len(self.peer.all('start')), 1)

    def test_a_killed_bridge_loses_no_publication_with_qos_1(self):
        self.broker = Mosquitto(self)
        subscriber = self.broker.subscribe('n')
        self.wires = self.make_wires()
        bridge = SupervisedBridge(self, self.wires)
        self.peer = PeerHost(
            self, self.wires,
            [{'op': 'publish', 'topic': 'n', 'message': '{n}', 'qos': 1, 'count': 60,
              'interval': 0.02, 'within': 60}],
            '--port', self.broker.port, '--watchdog', WATCHDOG_SECONDS)
        subscriber.until_receives('n', '10')
        self.until(lambda: bridge.bridge_pid, 'a bridge to kill')
        os.kill(bridge.bridge_pid, signal.SIGKILL)
        self.peer.succeed()
        subscriber.until_receives('n', '59')
        self.assertEqual(list(dict.fromkeys(subscriber.payloads('n'))),
                         [str(number) for number in range(60)])
        self.assertEqual(bridge.stop(), 0)
        self.assertGreaterEqual(len(self.peer.all('start')), 2)
        lives = [Capture(self, trace) for trace in bridge.traces]
        self.assertGreater(lives[-1].info()['edges'], 0)
        for life in lives:
            # Less than a second of a killed one is lost, and a short life as a whole.
            if life.info()['edges']:
                life.assert_replays('bridge')
