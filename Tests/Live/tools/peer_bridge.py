#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A bridge on a pin file: the passive end of the link, to test a host against.

  peer_bridge.py FILE                        answers by itself; publications come back to whoever
                                             has subscribed
  peer_bridge.py FILE --broker HOST:PORT     with a real broker (no TLS)
  peer_bridge.py FILE --broker init          with the broker that the host's init names

It plays its own reset circuit: while reset is 0 its wires are 0 and everything is forgotten, when
reset rises it starts anew. One JSON object for each string and event goes to stdout. It runs until
SIGTERM or SIGINT, or until its --script exits. Exit status: 0 stopped, 2 wrong call or file.
"""

import argparse
import json
import signal
import sys
import time

import bridge_script
import misbehaviour
import wirefile
from bridge_session import BridgeSession
from eventlog import EventLog
from loopback_broker import LoopbackBroker
from mqtt_broker import MQTTBroker
from pacing import IDLE_PAUSE_SECONDS, SLEEP_SECONDS, Pacing
from syncom import LinkEnd, LinkError

HEARTBEAT_SECONDS = 0.5


class BridgePeer:
    """The bridge as a device: power, reset, pins, and the session that runs between resets."""

    def __init__(self, wires, options, steps, log):
        self.wires = wires
        self.options = options
        self.log = log
        self.pacing = Pacing(options.idle_pause)
        self.session = None
        self.starts = 0
        self.power_on = True
        self.boot_ends = None
        self.beat_at = 0.0
        self.script = bridge_script.run(steps, self._running_session)

    def run(self):
        """For ever: reset, boot, session."""
        while True:
            if not self.wires[wirefile.RESET]:
                self._hold()
            elif self.session is None:
                self._boot()
            else:
                self._work()

    def stop(self):
        """Power off: the pull-downs take the wires."""
        self._rest()
        if self.session:
            self.session.broker.close()
            self.session = None

    def _rest(self):
        self.wires[wirefile.SRX] = 0
        self.wires[wirefile.SCKIN] = 0
        self.wires[wirefile.BROKER_LED] = 1

    def _hold(self):
        """While reset is low. A power-on that no host has used yet does not count as a start."""
        if self.session or self.boot_ends is not None:
            self.log.write('reset')
            synchronised = self.session and self.session.link.synchronised
            if self.power_on and not synchronised:
                self.starts -= 1
        self.power_on = False
        self.stop()
        self.boot_ends = None
        time.sleep(SLEEP_SECONDS)

    def _boot(self):
        now = time.monotonic()
        if self.boot_ends is None:
            self._rest()
            self.fault = misbehaviour.Misbehaviour(self.options, self.starts)
            self.starts += 1
            self.boot_ends = now + self.fault.slow_boot
            self.log.write('boot', start=self.starts)
        if now < self.boot_ends:
            time.sleep(SLEEP_SECONDS)
            return
        link = LinkEnd(self.wires, initiator=False)
        broker = MQTTBroker() if self.options.broker else LoopbackBroker()
        self.session = BridgeSession(link, broker, self.options, self.fault, self.log)
        self.boot_ends = None

    def _work(self):
        session, link = self.session, self.session.link
        if session.frozen:
            time.sleep(SLEEP_SECONDS)
            return
        try:
            moved = link.step()
        except LinkError as error:
            session.freeze(str(error))
            return
        if moved:
            self.pacing.moved()
            if not link.between_characters:
                return
        session.poll()
        next(self.script, None)
        self._blink(session)
        if not moved:
            self.pacing.waited()
        elif link.idle:
            self.pacing.idled()

    def _blink(self, session):
        if session.now >= self.beat_at:
            self.beat_at = session.now + HEARTBEAT_SECONDS
            self.wires[wirefile.HEARTBEAT] ^= 1
        self.wires[wirefile.BROKER_LED] = 0 if session.online else 1

    def _running_session(self):
        running = self.session and self.session.running_since is not None
        return self.session if running and not self.session.frozen else None


def read_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=bridge_script.__doc__)
    parser.add_argument('file', help='the pin file, as wirefile.py or another tester made it')
    parser.add_argument('--create', action='store_true', help='make the pin file first')
    parser.add_argument('--wait', type=float, default=10, metavar='S',
                        help='for so long, if the pin file is not there yet (10)')
    parser.add_argument('--broker', metavar='HOST:PORT', help='or the word init')
    parser.add_argument('--client-id', default='peerbridge', help='for the broker')
    parser.add_argument('--script', metavar='FILE.json', help='see below')
    parser.add_argument('--time', type=int, metavar='SECONDS',
                        help='answer to i, since 2000 (the true time); 0 is a failure')
    parser.add_argument('--time-delay', type=float, default=0, metavar='S',
                        help='time until that answer (0)')
    parser.add_argument('--memory', type=int, nargs=2, default=(27168, 10688),
                        metavar=('FREE', 'ALLOCATED'), help='answer to m')
    parser.add_argument('--wifi-settle', type=float, default=0, metavar='S',
                        help='time between t 2 and t 1 (0; the reference 5)')
    parser.add_argument('--idle-pause', type=float, default=IDLE_PAUSE_SECONDS, metavar='S',
                        help='after a character in which nobody spoke; 0 burns the processor')
    misbehaviour.add_options(parser)
    options = parser.parse_args()
    if options.broker not in (None, 'init') and not options.broker.rpartition(':')[2].isdigit():
        parser.error(f'--broker wants HOST:PORT, not {options.broker!r}')
    return options


def main():
    options = read_options()
    try:
        if options.create:
            wirefile.create(options.file)
        wires = wirefile.open_within(options.file, options.wait)
        steps = []
        if options.script:
            with open(options.script, encoding='utf-8') as file:
                steps = json.load(file)
        bridge_script.check(steps)
    except (wirefile.WireFileError, bridge_script.ScriptError, OSError, ValueError) as error:
        print(f'peer_bridge: {error}', file=sys.stderr)
        return 2
    peer = BridgePeer(wires, options, steps, EventLog('bridge'))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        peer.run()
    finally:
        peer.stop()
    return 0


if __name__ == '__main__':
    sys.exit(main())
