# SPDX-License-Identifier: Apache-2.0
"""Both ends as processes on wires in shared memory, and a real broker between them and the world.

Every conversation ends with the same questions (`ConversationCase.finish`): both captures are complete,
replay exactly, are the same conversation, and tell no secret.
"""

import base64
import time
import unittest

from support import paths
from support.bridge import BridgeProcess
from support.capture import Capture
from support.conversation import BROKER_USER, ConversationCase
from support.host import WIFI_PASSWORD, HostProcess
from support.secrets import assert_unspoken
from support.sntp import TimeServer

EVERY_BYTE = bytes(range(256))
FROM_1970_TO_2000 = 946_684_800
WATCHDOG_SECONDS = 2
TAP_ATTEMPTS_MAX = 3


class Publications(ConversationCase):
    """From the host to the world."""

    def test_both_qos_reach_a_subscriber_as_they_were_sent(self):
        self.begin()
        subscriber = self.listen('#')
        every_character = ''.join(map(chr, range(1, 127)))
        texts = [('a/b', 'hello'), ('a/b', ''), ('with space', ' leading and trailing '),
                 ('every/character', every_character), ('long', 'x' * 5_000)]
        for qos in (0, 1):
            for topic, message in texts:
                self.assertEqual(self.host.publish(topic, message, qos), {'confirmed': True})
        self.host.publish('last', 'of all', 1)
        subscriber.until_receives('last', 'of all')
        wanted = [(topic, message.encode(), qos, False) for qos in (0, 1)
                  for topic, message in texts]
        self.assertEqual([tuple(message) for message in subscriber.received[:-1]], wanted)
        conversation = self.finish()
        sent = [fields for sender, kind, fields in conversation if kind == 'publish']
        self.assertEqual(len(sent), 2 * len(texts) + 1)

    def test_what_waits_is_sent_in_the_order_of_the_requests(self):
        self.begin()
        subscriber = self.listen('count/#')
        requests = [self.host.request('publish', topic='count/up', message=str(number), qos=1)
                    for number in range(50)]
        for request in requests:
            self.assertEqual(self.host.returned(request)['result'], {'confirmed': True})
        self.assertEqual(subscriber.payloads('count/up'), [str(n) for n in range(50)])
        self.finish()

    def test_retained_is_kept_and_cleared_and_not_kept_unasked(self):
        self.begin()
        self.host.publish('kept/a', 'stays', 1, retain=True)
        self.host.publish('kept/b', 'goes', 0, retain=True)
        self.host.publish('kept/c', 'passes', 1, retain=False)
        self.host.publish('kept/b', '', 1, retain=True)
        late = self.listen('kept/#', name='late')
        self.say('kept/end', 'end')
        late.until_receives('kept/end', 'end')
        self.assertEqual([tuple(message) for message in late.received], [
            ('kept/a', b'stays', 1, True), ('kept/end', b'end', 0, False)])
        self.finish()


class Messages(ConversationCase):
    """From the world to the host."""

    def test_wildcards_choose_what_reaches_the_host(self):
        self.begin()
        self.say('room/1/old', 'kept', retain=True, qos=1)
        for topic_filter, qos in (('room/+/temp', 0), ('room/1/#', 1), ('exact', 1)):
            self.host.call('subscribe', topic=topic_filter, qos=qos)
        self.host.expect('message', topic='room/1/old', message='kept', retained=True)
        self.until_subscribed('exact')
        for topic, message in (('room/1/temp', '20'), ('room/2/temp', '21'), ('room/2/x', 'no'),
                               ('room/1/a/b/c', 'deep'), ('room/1', 'parent'), ('exactly', 'no'),
                               ('room/2/temp/x', 'no'), ('$SYS/room', 'no'), ('exact', 'end')):
            self.say(topic, message, qos=1)
        self.host.expect('message', topic='exact', message='end')
        self.assertEqual(
            [(event['topic'], event['message'], event['retained'])
             for event in self.host.all('message')],
            [('room/1/old', 'kept', True), ('room/1/temp', '20', False),
             ('room/2/temp', '21', False), ('room/1/a/b/c', 'deep', False),
             ('room/1', 'parent', False), ('exact', 'end', False)])
        self.host.call('unsubscribe', topic='room/1/#')
        self.say('room/1/temp', '22')
        self.say('room/1/y', 'no')
        self.say('exact', 'end again')
        self.host.expect('message', topic='room/1/temp', message='22')
        self.host.expect('message', topic='exact', message='end again')
        self.assertEqual(self.host.all('message', topic='room/1/y'), [])
        self.finish()

    def test_bytes_that_the_link_cannot_carry_arrive_in_base64(self):
        self.begin()
        self.host.call('subscribe', topic='#', qos=1)
        self.until_subscribed('#')
        self.say('bytes/all', EVERY_BYTE, qos=1)
        self.say('bytes/text', 'Grüße, 世界 \\ 🙂', qos=1)
        self.say('bytes/zero', b'a\0b')
        self.say('bytes/separator', b'a\x7fb')
        self.say('bytes/backslash', 'a\\b\\C3')
        self.say('bytes/lines', 'one\ntwo\r\n\t"three"')
        self.say('bytes/none', '')
        self.say('straße/ü', 'topic')
        self.say('straße/ü', 'ü')
        self.say('end', 'end', qos=1)
        self.host.expect('message', topic='end')
        found = [(bytes_of(event, 'topic'), bytes_of(event, 'message'))
                 for event in self.host.all('message')]
        self.assertEqual(found, [
            (b'bytes/all', EVERY_BYTE), (b'bytes/text', 'Grüße, 世界 \\ 🙂'.encode()),
            (b'bytes/zero', b'a\0b'), (b'bytes/separator', b'a\x7fb'),
            (b'bytes/backslash', b'a\\b\\C3'), (b'bytes/lines', b'one\ntwo\r\n\t"three"'),
            (b'bytes/none', b''), ('straße/ü'.encode(), b'topic'),
            ('straße/ü'.encode(), 'ü'.encode()), (b'end', b'end')])
        plain = self.host.all('message', topic='bytes/lines')[0]
        self.assertEqual(plain['message'], 'one\ntwo\r\n\t"three"')
        self.assertIn('messageBase64', self.host.all('message', topic='bytes/all')[0])
        self.assertIn('topicBase64', self.host.all('message', message='topic')[0])
        self.finish()

    def until_subscribed(self, topic_filter):
        """The bridge has told the broker."""
        self.broker.until_logs(f'{topic_filter} (QoS')


class Services(ConversationCase):
    """What else a host asks its bridge for."""

    def test_time_and_memory(self):
        offset = 86_400
        server = TimeServer(self, '--offset', offset, '--delay', 100)
        self.begin({'timeserver': server.address})
        for y2k, epoch in ((False, 0), (True, FROM_1970_TO_2000)):
            earliest = time.time() + offset - epoch
            seconds = self.host.call('time', y2k=y2k)['seconds']
            latest = time.time() + offset - epoch
            self.assertGreaterEqual(seconds, earliest - 1)
            self.assertLessEqual(seconds, latest + 1)
        self.assertEqual(server.count('request'), 2)
        memory = self.host.call('memory')
        self.assertGreater(memory['free'], 0)
        self.assertGreater(memory['allocated'], 0)
        self.finish()

    def test_time_is_asked_for_again_until_it_is_known(self):
        server = TimeServer(self, '--behaviour', 'unsynchronised')
        self.begin({'timeserver': server.address})
        request = self.host.request('time', pause=1)
        self.until(lambda: server.count('request') >= 2, 'a second question')
        server.stop()
        port = server.address.rpartition(':')[2]
        self.launch('sntp-good', *[word if word != '0' else port for word in server.command[:4]],
                    '--host', '127.0.0.1')
        seconds = self.host.returned(request)['result']['seconds']
        self.assertLess(abs(seconds - time.time()), 2)
        self.finish()

    def test_requests_in_error_are_answered_and_disturb_nothing(self):
        self.begin()
        for kind, op, members in (
                ('unsendable', 'publish', {'topic': 'a', 'message': 'ü'}),
                ('unsendable', 'publish', {'topic': 'ü', 'message': 'a'}),
                ('unsendable', 'publish', {'topic': 'a', 'message': 'a\x7fb'}),
                ('wildcardInTopic', 'publish', {'topic': 'a/+', 'message': 'b'}),
                ('wildcardInTopic', 'publish', {'topic': '#', 'message': 'b'}),
                ('malformedFilter', 'subscribe', {'topic': 'a/#/b'}),
                ('malformedFilter', 'subscribe', {'topic': 'a+'}),
                ('notSubscribed', 'unsubscribe', {'topic': 'never'}),
                ('notAsked', 'answer', {'answer': 'proceed'}),
                ('tooLong', 'publish', {'topic': 'a', 'message': 'x' * 20_000})):
            with self.subTest(kind=kind, members=str(members)[:40]):
                self.assertEqual(self.host.fail(op, **members)['kind'], kind)
        self.assertEqual(self.host.publish('still', 'alive', 1), {'confirmed': True})
        self.assertEqual(len(self.host.all('session')), 1)
        self.finish()

    def test_an_unknown_command_costs_a_reset_and_says_why(self):
        self.begin()
        self.host.call('command', fields=['zz', 'a', 'b'])
        unknown = self.host.expect('status', name='UNKNOWN')
        self.assertEqual(unknown['offending'], 'zz\x7fa\x7fb')
        self.assertIn('Unknown command', unknown['text'])
        self.host.expect('crash', name='UNKNOWN')
        self.host.expect('session', number=2)
        self.host.ready()
        self.assertEqual(self.host.publish('still', 'alive', 1), {'confirmed': True})
        self.finish()

    def test_the_application_restarts_the_bridge(self):
        self.begin()
        self.host.call('subscribe', topic='again', qos=1)
        self.host.call('restart')
        self.host.expect('session', number=2)
        self.host.ready()
        self.assertEqual(self.host.publish('again', 'here', 1), {'confirmed': True})
        self.host.expect('message', topic='again', message='here')
        self.finish()


class Secrets(ConversationCase):
    """What goes wrong is told, and no secret with it."""

    def test_a_broker_that_refuses_the_password(self):
        self.secrets.append('wrong-secret-Lq8')
        self.begin({'mqtt_pw': 'wrong-secret-Lq8'}, ready=False)
        self.host.expect('crash', name='BROKER_FAIL')
        self.bridge.until_says('CONNACK code=5')
        self.finish()

    def test_parameters_of_tls_that_no_bridge_knows(self):
        self.secrets.append('tls-secret-Vm1')
        self.begin({'ssl': True, 'ssl_params': "{'password': 'tls-secret-Vm1'}"}, ready=False)
        unknown = self.host.expect('status', name='UNKNOWN')
        self.assertIn('Unknown key in ssl_params', unknown['text'])
        self.assertNotIn(WIFI_PASSWORD, unknown['offending'])
        self.host.expect('crash', name='UNKNOWN')
        self.finish()

    def test_debug_and_verbose_tell_none_either(self):
        self.begin({'debug': True, 'verbose': True})
        self.host.publish('a', 'b', 1)
        self.finish()


class Ends(ConversationCase):
    """How it ends, and what a third process sees meanwhile."""

    def test_the_will_of_a_killed_bridge_is_published_and_its_successor_goes_on(self):
        self.begin({
            'will.topic': 'will/host', 'will.message': 'the bridge is gone', 'will.qos': 1,
            'will.retain': True, 'timeout': WATCHDOG_SECONDS})
        subscriber = self.listen('#')
        self.host.publish('before', '1', 1)
        self.bridge.kill()
        will = subscriber.until_receives('will/host', 'the bridge is gone')
        self.assertEqual(will.qos, 1)
        meanwhile = self.host.request('publish', topic='meanwhile', message='2', qos=1)
        self.host.expect('crash', name='NO_NET')
        killed = Capture(self, self.bridge.trace)
        self.assertFalse(killed.info()['finished'])
        killed.assert_replays('bridge')
        self.bridge = BridgeProcess(self, self.wires, '--verbose', trace='bridge-2.syn',
                                    name='bridge-2')
        self.host.expect('session', number=2)
        self.assertEqual(self.host.returned(meanwhile)['result'], {'confirmed': True})
        subscriber.until_receives('meanwhile', '2')
        late = self.listen('will/#', name='late')
        self.assertTrue(late.until_receives('will/host', 'the bridge is gone').retained)
        self.assertEqual(self.host.quit(), 0)
        self.assertEqual(self.bridge.stop(), 0)
        Capture(self, self.host.trace).assert_replays('host')
        Capture(self, self.bridge.trace).assert_replays('bridge')
        assert_unspoken(self, self.secrets, [self.host, self.bridge],
                        [self.host.trace, killed.path, self.bridge.trace])

    def test_a_host_that_quits_leaves_its_bridge_connected(self):
        self.begin({'will.topic': 'will/host', 'will.message': 'gone', 'keepalive': 1})
        subscriber = self.listen('#')
        self.assertEqual(self.host.quit(), 0)
        self.broker.until_logs('Received PINGREQ')
        time.sleep(3)
        self.assertEqual(subscriber.payloads('will/host'), [])
        self.host = HostProcess(self, self.wires, settings={
            'port': self.broker.port, 'mqtt_user': BROKER_USER[0], 'mqtt_pw': BROKER_USER[1]},
            trace='host-2.syn', name='host-2')
        self.host.ready()
        self.host.publish('next', 'host', 1)
        subscriber.until_receives('next', 'host')
        self.assertEqual(self.host.quit(), 0)
        self.assertEqual(self.bridge.stop(), 0)
        Capture(self, self.host.trace).assert_replays('host')
        Capture(self, self.bridge.trace).assert_replays('bridge')

    def test_a_tap_sees_the_same_conversation(self):
        # A tap needs a processor for itself. Where that was taken away there is a gap, and the
        # conversation is held again.
        for attempt in range(TAP_ATTEMPTS_MAX):
            conversation, tap = self.converse_tapped(f'in{attempt}')
            gaps = tap.gaps()
            if not gaps:
                self.assertEqual(tap.frames(), conversation)
                return
        self.skipTest(f'in {TAP_ATTEMPTS_MAX} attempts no processor for the tap, {len(gaps)} gaps')

    @unittest.skipIf(paths.IS_GPIO_LAB, 'GPIO lines have no counts')
    def test_what_a_tap_tells_is_true_and_where_it_saw_nothing_there_is_a_gap(self):
        conversation, tap = self.converse_tapped('in', crowded=True)
        self.assert_edges_are_missing_in_gaps_only(tap, Capture(self, self.host.trace))
        # What a gap has cut is told as a fragment, and is no frame.
        whole = [frame for frame in tap.frames() if frame[1] != 'fragment']
        rest = iter(conversation)
        self.assertTrue(all(frame in rest for frame in whole), f'{whole}\n{conversation}')

    def assert_edges_are_missing_in_gaps_only(self, tap, end):
        """Of each clock the tap has as many toggles between two gaps as the end that recorded itself.
        That end has one time for all that it does when it wakes up, and does it a little later; what
        the other end does it notices later, or together with what it does itself. So what it has at
        the first and the last of its times may belong behind a border."""
        seen, known, gaps = tap.edges(), end.edges(), tap.gaps()
        starts = [0] + [stop for _, stop in gaps]
        # An end that has closed its capture brings its wires to rest.
        stops = [start for start, _ in gaps] + [max(map(max, filter(None, known.values())))]
        for clock in ('sckout', 'sckin'):
            for start, stop in zip(starts, stops):
                told = sum(start < time <= stop for time in seen[clock])
                times = sorted({time for time in known[clock] if start < time <= stop})
                before = max((time for time in known[clock] if time <= start), default=start)
                after = min((time for time in known[clock] if time > stop), default=stop)
                due = [time for time in known[clock] if time in times[:-1]]
                if clock == 'sckin':
                    due = [time for time in due if time != times[0]]
                possible = [time for time in known[clock] if before <= time <= after]
                self.assertGreaterEqual(told, len(due), (clock, start, stop))
                self.assertLessEqual(told, len(possible), (clock, start, stop))

    def converse_tapped(self, topic, crowded=False):
        """What both ends have of it, and the capture of the tap. If it is `crowded`, the tap has no
        processor for itself, and is frozen for a while."""
        self.begin(taps=True, crowded=crowded)
        self.host.call('subscribe', topic=topic, qos=1)
        self.broker.until_logs(f'{topic} (QoS')
        frozen = []
        for number in range(5):
            if crowded and number == 2:
                self.tap.freeze()
                frozen.append(time.monotonic_ns())
            self.say(topic, f'{number}', qos=1)
            self.host.expect('message', topic=topic, message=f'{number}')
            self.host.publish('out/a', f'{number}', number % 2)
            if crowded and number == 2:
                frozen.append(time.monotonic_ns())
                self.tap.thaw()
        conversation = self.finish()
        tap = self.finish_tap()
        if crowded:
            # It can have run for a moment longer.
            midst = sum(frozen) / 2
            self.assertTrue(any(start < midst < stop for start, stop in tap.gaps()), frozen)
        tap.assert_complete()
        assert_unspoken(self, self.secrets, [self.tap], [tap.path])
        return conversation, tap


def bytes_of(event, member):
    """A text of an event, or what stands in its place, as bytes."""
    if member in event:
        return event[member].encode()
    return base64.b64decode(event[member + 'Base64'], validate=True)
