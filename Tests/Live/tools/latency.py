#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a publication takes from the application of our host to a subscriber, and what a link
costs that has nothing to do.

Host and bridge run as two processes on a pin file, with mosquitto behind them, all on this machine. The
application (this program) writes a request, waits until it has returned, and goes on. Each message
holds the moment of its request, so the subscriber (this program too, with a client of its own) knows
how long it took. mosquitto sends at once (set_tcp_nodelay). Give it a quiet machine with two processors.

The result is text, and with --json also a file: for qos 0 and 1 the percentiles of the way to the
subscriber, and of the time until the request returned; each end's share of one processor when idle.
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import mqtt_packets as mqtt  # noqa: E402
from support import paths  # noqa: E402
from support.ports import free_port, until_listening  # noqa: E402

TOPIC = 'latency/test'
BRIDGE_SECONDS = 0.5
ANSWER_SECONDS_MAX = 60
SETTLING_SECONDS = 2
# The aims.
P99_SECONDS_WANTED = 0.005
IDLE_SHARE_WANTED = 0.03


class Subscriber:
    """A client that notes when each message came, by its number."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()
        settings = types.SimpleNamespace(client_id='latency', user='', password='', keepalive=0)
        self.socket.sendall(mqtt.connect(settings, None, True))
        self.take(mqtt.CONNACK)
        self.socket.sendall(mqtt.subscribe(TOPIC, 0, 1))
        self.take(mqtt.SUBACK)
        self.seconds = {}
        self.came = threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()

    def packet(self):
        while (found := mqtt.take_packet(self.buffer)) is None:
            received = self.socket.recv(65_536)
            if not received:
                raise SystemExit('latency: the broker has closed')
            self.buffer += received
        return found

    def take(self, kind):
        found = self.packet()[0]
        if found != kind:
            raise SystemExit(f'latency: a packet of type {found}, not {kind}')

    def listen(self):
        while True:
            kind, flags, body = self.packet()
            now = time.monotonic_ns()
            if kind != mqtt.PUBLISH:
                continue
            number, sent = mqtt.read_publish(flags, body)[2].decode().split()
            with self.came:
                self.seconds[int(number)] = (now - int(sent)) / 1e9
                self.came.notify_all()

    def wait(self, number):
        """Until this message has come."""
        with self.came:
            if not self.came.wait_for(lambda: number in self.seconds, ANSWER_SECONDS_MAX):
                raise SystemExit(f'latency: message {number} did not come')


class Application:
    """The host, and its control."""

    def __init__(self, wires, port, options):
        command = [paths.SYNSCOPE, 'host', '--quiet', '--wires', wires, '--control', '-']
        for setting in ('ssid=any', 'password=', 'broker=127.0.0.1', f'port={port}',
                        'settling=0.2'):
            command += ['--set', setting]
        self.process = subprocess.Popen(
            [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            bufsize=1)
        self.number = 0

    def call(self, op, **members):
        """Asks, and waits for the return: how long that took."""
        self.number += 1
        start = time.monotonic_ns()
        self.process.stdin.write(json.dumps({'op': op, 'id': self.number, **members}) + '\n')
        for line in self.process.stdout:
            event = json.loads(line)
            if event['event'] == 'returned' and event['id'] == self.number:
                if 'error' in event:
                    raise SystemExit(f'latency: {op}: {event["error"]["text"]}')
                return (time.monotonic_ns() - start) / 1e9
        raise SystemExit('latency: the host has ended')


def percentile(values, share):
    """The nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def summary(values):
    """n, p50, p99 and the rest, in milliseconds; p99 only of a hundred and more."""
    found = {'n': len(values)}
    for share in (50, 90, 99):
        if len(values) >= 100 or share == 50:
            found[f'p{share}_ms'] = round(percentile(values, share) * 1e3, 3)
    found['max_ms'] = round(max(values) * 1e3, 3)
    return found


def processor_seconds(pid):
    """What a process has used so far."""
    with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as file:
        fields = file.read().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def measure_latency(application, subscriber, qos, count, first):
    """The ways to the subscriber, and the times until the return."""
    returns = []
    for number in range(first, first + count):
        message = f'{number} {time.monotonic_ns()}'
        returns.append(application.call(
            'publish', topic=TOPIC, message=message, qos=qos))
        subscriber.wait(number)
    ways = [subscriber.seconds[number] for number in range(first, first + count)]
    return {'to_subscriber': summary(ways), 'to_return': summary(returns)}


def measure_idle(pids, seconds):
    """Each process's share of one processor while nothing is asked of it."""
    time.sleep(SETTLING_SECONDS)
    before = {name: processor_seconds(pid) for name, pid in pids.items()}
    start = time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - start
    return {name: round((processor_seconds(pid) - before[name]) / elapsed, 4)
            for name, pid in pids.items()}


def measure(options, folder, processes):
    """Everything, in a folder of its own. Appends to `processes` what has to be ended."""
    def start(*command, complaints=subprocess.DEVNULL):
        process = subprocess.Popen([str(word) for word in command], stderr=complaints,
                                   stdin=subprocess.DEVNULL)
        processes.append(process)
        return process

    port, wires = free_port(), os.path.join(folder, 'wires')
    configuration = os.path.join(folder, 'mosquitto.conf')
    with open(configuration, 'w', encoding='utf-8') as file:
        file.write(f'listener {port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n'
                   'log_type error\nuser root\n')
    broker = start(paths.program('mosquitto'), '-c', configuration)
    if not until_listening(port, ANSWER_SECONDS_MAX, lambda: broker.poll() is None):
        raise SystemExit('latency: mosquitto does not start')
    subprocess.run([paths.SYNSCOPE, 'wires', 'create', wires], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    traces = [['--trace', os.path.join(folder, f'{end}.syn')] if options.trace else []
              for end in ('bridge', 'host')]
    complaints = os.path.join(folder, 'bridge.err')
    with open(complaints, 'wb') as file:
        bridge = start(paths.SYNSCOPE, 'bridge', '--quiet', '--wires', wires, *traces[0],
                       complaints=file)
    # One that cannot run says so at once.
    with contextlib.suppress(subprocess.TimeoutExpired):
        bridge.wait(BRIDGE_SECONDS)
        with open(complaints, encoding='utf-8', errors='replace') as file:
            raise SystemExit(f'latency: the bridge has ended: {file.read().strip()}')
    application = Application(wires, port, traces[1])
    processes.append(application.process)
    subscriber = Subscriber(port)
    application.call('ready')

    result = {'traced': options.trace, 'processors': os.cpu_count(),
              'load_before': round(os.getloadavg()[0], 2)}
    number = 0
    for qos in (0, 1):
        measure_latency(application, subscriber, qos, options.warm_up, number)
        number += options.warm_up
        result[f'qos{qos}'] = measure_latency(
            application, subscriber, qos, options.count, number)
        number += options.count
    if options.idle > 0:
        result['idle_share'] = measure_idle(
            {'host': application.process.pid, 'bridge': bridge.pid}, options.idle)
        result['idle_seconds'] = options.idle
    return result


def told(result):
    """The result for people."""
    lines = [f'{"":24}{"n":>6}{"p50":>10}{"p90":>10}{"p99":>10}{"max":>10}   ms']
    for qos in (0, 1):
        for name, words in (('to_subscriber', 'subscriber'), ('to_return', 'return')):
            found = result[f'qos{qos}'][name]
            numbers = ''.join(f'{found.get(key, "-"):>10}'
                              for key in ('p50_ms', 'p90_ms', 'p99_ms', 'max_ms'))
            lines.append(f'qos {qos} to its {words:<11}{found["n"]:>10}{numbers}')
    if 'idle_share' in result:
        shares = ', '.join(f'{end} {share * 100:.1f} %'
                           for end, share in result['idle_share'].items())
        lines.append(f'idle for {result["idle_seconds"]} s, of one processor: {shares}')
    lines.append(f'{result["processors"]} processors, load before {result["load_before"]}, '
                 + ('with traces' if result['traced'] else 'without traces'))
    return '\n'.join(lines)


def too_slow(result):
    """What misses the aims, in words."""
    found = []
    for qos in (0, 1):
        p99 = result[f'qos{qos}']['to_subscriber'].get('p99_ms')
        if p99 is not None and p99 > P99_SECONDS_WANTED * 1e3:
            found.append(f'qos {qos}: p99 {p99} ms, wanted {P99_SECONDS_WANTED * 1e3:.0f} ms')
    for end, share in result.get('idle_share', {}).items():
        if share > IDLE_SHARE_WANTED:
            found.append(f'idle {end}: {share * 100:.1f} %, wanted {IDLE_SHARE_WANTED * 100:.0f} %')
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--count', type=int, default=500, metavar='N',
                        help='publications of each qos (%(default)s)')
    parser.add_argument('--warm-up', type=int, default=20, metavar='N',
                        help='publications of each qos before that (%(default)s)')
    parser.add_argument('--idle', type=float, default=10, metavar='S',
                        help='how long the idle link is looked at (%(default)s); 0: not at all')
    parser.add_argument('--trace', action='store_true', help='both ends record themselves')
    parser.add_argument('--json', metavar='FILE', help='the result as JSON; - is standard output')
    parser.add_argument('--check', action='store_true',
                        help='end with 1 when p99 to the subscriber is above '
                        f'{P99_SECONDS_WANTED * 1e3:.0f} ms, or an idle end takes more than '
                        f'{IDLE_SHARE_WANTED * 100:.0f} %% of a processor')
    options = parser.parse_args()
    if options.count < 1 or options.warm_up < 0:
        parser.error('how many?')

    processes = []
    place = paths.SHARED_MEMORY if os.access(paths.SHARED_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='synscope-latency-', dir=place) as folder:
        try:
            result = measure(options, folder, processes)
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in reversed(processes):
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
    if options.json == '-':
        print(json.dumps(result))
    else:
        print(told(result))
        if options.json:
            with open(options.json, 'w', encoding='utf-8') as file:
                json.dump(result, file, indent=2)
                file.write('\n')
    misses = too_slow(result)
    for miss in misses:
        print(f'latency: {miss}', file=sys.stderr)
    return 1 if options.check and misses else 0


if __name__ == '__main__':
    sys.exit(main())
