#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests the two peers with each other, so that a test that uses one of them can trust it.

  check_peers.py              everything, in less than 20 s
  check_peers.py NAME...      the named checks only
  check_peers.py --list       their names

Exit status: 0 all passed, 1 one failed.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import wirefile
from syncom import LinkEnd
from topic_filter import matches

TOOLS = os.path.dirname(os.path.realpath(__file__))
HOST_SECONDS_MAX = 25
CHECKS_AT_ONCE = 6
QUICK_HOST = ('--settle', '0.1', '--watchdog', '1', '--timeout', '20')
EVERY_CHARACTER = ''.join(map(chr, range(1, 127)))
ECHO = [
    {'op': 'subscribe', 'topic': 'back', 'qos': 1},
    {'op': 'publish', 'topic': 'back', 'message': 'works', 'qos': 1},
    {'expect': 'u', 'topic': 'back', 'message': 'works', 'retained': False},
]


class Failure(Exception):
    """What a check found instead of what it wanted."""


class Skipped(Exception):
    """What a check would need and this machine does not have."""


def want(condition, what, evidence=''):
    if not condition:
        raise Failure(f'{what}\n{evidence}'.rstrip())


def program(name, *arguments):
    return [sys.executable, os.path.join(TOOLS, name), *arguments]


@contextlib.contextmanager
def bridge(wires, *options):
    """A bridge peer that runs meanwhile; gives the lines that it has written once it is over.

    They go to a file, as a pipe that nobody reads meanwhile would fill up and stop the bridge.
    """
    lines = []
    with open(wires + '.bridge', 'w+', encoding='utf-8') as output:
        with subprocess.Popen(program('peer_bridge.py', wires, *options), stdout=output) as process:
            try:
                yield lines
            finally:
                process.send_signal(signal.SIGTERM)
        output.seek(0)
        lines.extend(json.loads(line) for line in output)
    want(process.returncode == 0, f'the bridge ends with {process.returncode}')


def host(wires, steps, *options, status=0):
    """Runs a host peer to its end; its lines. Wants this exit status."""
    done = subprocess.run(
        program('peer_host.py', wires, *QUICK_HOST, '--script', '-', *options),
        input=json.dumps(steps), capture_output=True, text=True, timeout=HOST_SECONDS_MAX,
        check=False)
    want(done.returncode == status, f'the host ends with {done.returncode}, not {status}',
         '\n'.join(done.stdout.splitlines()[-12:]) + done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def events(lines, event):
    return [line for line in lines if line['event'] == event]


def statuses(lines):
    return [line['status'] for line in events(lines, 'status')]


def converse(wires, steps, bridge_options=(), host_options=(), status=0):
    """One host with one bridge: the lines of both."""
    with bridge(wires, *bridge_options) as bridge_lines:
        host_lines = host(wires, steps, *host_options, status=status)
    return host_lines, bridge_lines


def check_bits_are_numbered_as_specified(_):
    """Both ends on a plain list of levels, bit by bit."""
    wires = [0] * 16
    initiator = LinkEnd(wires, initiator=True)
    want(wires[wirefile.STX] == 1 and wires[wirefile.SCKOUT] == 1, 'first bit and clock are 1')
    passive = LinkEnd(wires, initiator=False)
    initiator.send('a')
    passive.send('a')
    driven = {initiator: [wires[wirefile.STX]], passive: []}
    for _ in range(40):
        want(passive.step(), 'the passive end may go on')
        driven[passive].append(wires[wirefile.SRX])
        want(not passive.step(), 'and then waits')
        want(initiator.step(), 'the initiator may go on')
        driven[initiator].append(wires[wirefile.STX])
    pattern, letter = [1, 0, 1, 1, 1, 0, 0, 1], [1, 0, 0, 0, 0, 1, 1]
    want(driven[passive][:15] == pattern + letter, 'the first character follows the pattern')
    want(driven[initiator][:16] == pattern + [0] + letter, 'or one zero bit after it')
    want(list(initiator.received) == ['a'], 'the initiator reads a', initiator.received)
    want(list(passive.received) == ['a'], 'the passive end reads a', passive.received)


def check_filters(_):
    for topic_filter, topic, wanted in (
            ('a/+/c', 'a/b/c', True), ('a/+', 'a/b/c', False), ('a/#', 'a', True),
            ('#', '$SYS/x', False), ('+/x', '$SYS/x', False), ('a/b', 'a/b', True),
            ('a', 'a/b', False),
            ('a/+', 'a/', True), ('+', 'a', True), ('a/b/c', 'a/b', False)):
        want(matches(topic_filter, topic) == wanted, f'{topic_filter} and {topic}: {wanted}')


def check_conversation(wires):
    """Everything that a good session has, with strings long and strange."""
    steps = [
        {'op': 'publish', 'topic': 'kept/a', 'message': 'old', 'retain': True},
        {'op': 'subscribe', 'topic': 'kept/+', 'qos': 1},
        {'expect': 'u', 'topic': 'kept/a', 'message': 'old', 'retained': True},
        {'op': 'publish', 'topic': 'kept/b', 'message': 'new {n}', 'qos': 1, 'count': 20},
        {'expect': 'u', 'topic': 'kept/b', 'message': 'new {n}', 'retained': False, 'count': 20},
        {'op': 'publish', 'topic': 'kept/c', 'message': EVERY_CHARACTER},
        {'expect': 'u', 'topic': 'kept/c', 'message': EVERY_CHARACTER},
        {'op': 'publish', 'topic': 'kept/d', 'message': 'x' * 2000},
        {'expect': 'u', 'topic': 'kept/d', 'message': 'x' * 2000},
        {'op': 'publish', 'topic': 'other', 'message': 'unseen'},
        {'refuse': 'u', 'topic': 'other', 'for': 0.2},
        {'op': 'time', 'tolerance': 3},
        {'op': 'memory'},
    ]
    lines, _ = converse(wires, steps, (), ('--will', 'last', 'words', 'True', '1'))
    want(statuses(lines)[:6] == [7, 2, 1, 0, 5, 9], 'the order of the start', statuses(lines))


def check_specnet_is_answered(wires):
    lines, _ = converse(wires, ECHO, ('--status3',))
    want(statuses(lines)[:6] == [2, 3, 1, 0, 5, 9], 'SPECNET is in its place', statuses(lines))


def check_second_specnet_resets(wires):
    lines, _ = converse(wires, ECHO, ('--status3', '2', '--faulty-starts', '1'))
    want(len(events(lines, 'start')) == 2, 'one more start', events(lines, 'start'))


def check_frozen_bridge_is_reset(wires):
    """It freezes inside a publication, which is sent again."""
    lines, _ = converse(wires, ECHO, ('--freeze-after', '3', '--faulty-starts', '1'))
    want([line['status'] for line in events(lines, 'session end')] == [12], 'NO_NET once')
    want(events(lines, 'publication interrupted'), 'the publication was sent again')


def check_missing_broker_is_tried_again(wires):
    lines, _ = converse(wires, ECHO, ('--fail-broker', '--faulty-starts', '1'))
    want(statuses(lines)[:3] == [2, 1, 8], 'BROKER_FAIL in its place', statuses(lines))


def check_outage_holds_up_publications(wires):
    steps = [
        {'op': 'subscribe', 'topic': 'back'},
        {'expect': 't', 'status': 10},
        {'op': 'publish', 'topic': 'back', 'message': 'late', 'qos': 1},
        {'expect': 'u', 'topic': 'back', 'message': 'late'},
    ]
    lines, _ = converse(wires, steps, ('--wifi-outage-after', '0.3', '--wifi-outage-for', '0.5'))
    want(statuses(lines)[-3:] == [10, 9, 4], 'down, up, done', statuses(lines))
    want(len(events(lines, 'start')) == 1, 'no reset')


def check_unknown_command_is_fatal(wires):
    steps = [{'op': 'raw', 'fields': ['zz', 'a', 'b']}, {'op': 'ready', 'starts': 2}] + ECHO
    lines, _ = converse(wires, steps)
    want(['t', '6', 'Unknown command:', 'zz', 'a', 'b'] in
         [line['fields'] for line in events(lines, 'received')], 'the offending string comes back')


def check_garbage_is_noticed(wires):
    for phase in ('start', 'running'):
        lines, _ = converse(wires, [{'op': 'ready', 'starts': 2}] + ECHO,
                            ('--garbage', phase, '--faulty-starts', '1'))
        reasons = [line['reason'] for line in events(lines, 'session end')]
        want(len(reasons) == 1 and 'garbage' in reasons[0], f'garbage at {phase}', reasons)


def check_slow_boot_is_waited_for(wires):
    lines, _ = converse(wires, ECHO, ('--slow-boot', '1.3'))
    settles = [line['settle'] for line in events(lines, 'start')]
    want(settles[0] < settles[-1], 'the settling time grows', settles)


def check_withheld_puback_disappoints(wires):
    steps = [{'op': 'publish', 'topic': 'a', 'message': 'b', 'qos': 1, 'within': 0.5}]
    converse(wires, steps, ('--no-puback',), status=1)


def check_failed_expectation_is_told(wires):
    converse(wires, [{'expect': 'u', 'topic': 'never', 'within': 0.2}], status=1)
    converse(wires, ECHO + [{'refuse': 't', 'status': 4, 'for': 0.1}], status=1)


def check_bad_script_is_refused(wires):
    host(wires, [{'op': 'dance'}], status=2)


def check_quirks_of_the_reference(wires):
    """`0` retains, and a bad field kills what obeys commands while the link goes on."""
    steps = [
        {'op': 'publish', 'topic': 'q', 'message': 'kept by mistake'},
        {'op': 'subscribe', 'topic': 'q'},
        {'expect': 'u', 'topic': 'q', 'retained': True},
        {'op': 'raw', 'fields': ['s', 'q', 'True']},
        {'op': 'raw', 'fields': ['m']},
        {'refuse': 'm', 'for': 1},
        {'refuse': 't', 'status': 6, 'for': 0},
    ]
    lines, _ = converse(wires, steps, ('--reference-quirks',), ('--extra-field', 'more'))
    want(len(events(lines, 'start')) == 1, 'no reset')


def check_bridge_script(wires):
    script = wires + '.script'
    with open(script, 'w', encoding='utf-8') as file:
        json.dump([
            {'after': 0.1, 'op': 'message', 'topic': 'm', 'message': '{n}', 'count': 500},
            {'op': 'freeze'},
            {'op': 'outage', 'seconds': 0.2},
            {'after': 0.3, 'op': 'raw', 'fields': ['u', 'end', '', 'True']},
        ], file)
    steps = [
        {'expect': 'u', 'topic': 'end', 'message': '', 'retained': True},
        {'op': 'ready', 'starts': 2},
    ]
    lines, _ = converse(wires, steps, ('--script', script))
    want(statuses(lines).count(10) == 1, 'one outage', statuses(lines))


def listens(port):
    with socket.socket() as attempt:
        return attempt.connect_ex(('127.0.0.1', port)) == 0


@contextlib.contextmanager
def mosquitto(folder):
    """A real broker on a free port of loopback; gives the port."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    configuration = os.path.join(folder, 'mosquitto.conf')
    with open(configuration, 'w', encoding='utf-8') as file:
        file.write(f'listener {port} 127.0.0.1\nallow_anonymous true\n')
    with subprocess.Popen(['mosquitto', '-c', configuration], stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 5
            while not listens(port):
                want(time.monotonic() < end, 'mosquitto listens')
                time.sleep(0.02)
            yield port
        finally:
            process.terminate()


def check_real_broker(wires):
    """Through mosquitto: qos 1 both ways, retained, the will after a reset, a session resumed."""
    if not shutil.which('mosquitto'):
        raise Skipped('there is no mosquitto')
    steps = [
        {'op': 'subscribe', 'topic': 'a/#', 'qos': 1},
        {'op': 'subscribe', 'topic': 'will', 'qos': 1},
        {'op': 'wait', 'seconds': 0.2},
        {'op': 'publish', 'topic': 'a/b', 'message': '{n}', 'qos': 1, 'count': 20},
        {'expect': 'u', 'topic': 'a/b', 'message': '{n}', 'retained': False, 'count': 20},
        {'op': 'restart'},
        {'op': 'ready', 'starts': 2},
        {'expect': 'u', 'topic': 'will', 'message': 'gone', 'retained': True},
    ]
    with mosquitto(os.path.dirname(wires)) as port:
        lines, _ = converse(wires, steps, ('--broker', 'init'), (
            '--port', str(port), '--clean-session', '0', '--resume',
            '--will', 'will', 'gone', 'True', '1'))
    want(len(events(lines, 'start')) == 2, 'two starts')


def checks():
    return {name.removeprefix('check_'): check for name, check in globals().items()
            if name.startswith('check_')}


def passes(name):
    """Runs one check on wires of its own, says how it went, and whether it passed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        wires = os.path.join(folder, 'wires')
        wirefile.create(wires)
        try:
            checks()[name](wires)
            verdict, reason = 'ok  ', ''
        except Skipped as error:
            verdict, reason = 'skip', f': {error}'
        except (Failure, subprocess.TimeoutExpired) as error:
            verdict, reason = 'FAIL', f': {error}'
    print(f'{verdict} {time.monotonic() - began:5.1f} s  {name}{reason}', flush=True)
    return verdict != 'FAIL'


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('names', nargs='*', metavar='NAME')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    if options.list:
        print('\n'.join(checks()))
        return 0
    unknown = set(options.names) - set(checks())
    if unknown:
        parser.error(f'no such check: {", ".join(sorted(unknown))}')
    wanted = options.names or checks()
    with concurrent.futures.ThreadPoolExecutor(CHECKS_AT_ONCE) as pool:
        failed = list(pool.map(passes, wanted)).count(False)
    print(f'{len(wanted) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
