#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A host on a pin file: the initiator of the link, to test a bridge against.

  peer_host.py FILE                            starts the bridge and keeps it running
  peer_host.py FILE --script FILE.json         and does and expects what the script says; - is stdin

It resets and starts the bridge, sends will and init, waits for RUNNING and WIFI_UP, and starts the
bridge again whenever the watchdog or a fatal status ends the session. One JSON object for each
string and event goes to stdout. Exit status: 0 the script is done, or stopped without one; 1 an
expectation failed; 2 anything else.
"""

import argparse
import json
import signal
import sys
import time
import traceback

import host_options
import host_script
import wirefile
from eventlog import EventLog
from host_session import HostSession
from pacing import IDLE_PAUSE_SECONDS, Pacing

EXIT_DONE = 0
EXIT_DISAPPOINTED = 1
EXIT_FAILED = 2


class Stopped(Exception):
    """A signal, or the end of the time for the script."""


class HostPeer:
    """The loop that keeps link, session and script going."""

    def __init__(self, wires, options, steps, log):
        self.session = HostSession(wires, options, log)
        self.script = host_script.HostScript(steps, self.session, log).run() if steps else None
        self.pacing = Pacing(options.idle_pause)
        self.work = self.session.run()
        self.give_up_at = self.session.now + options.timeout if steps else float('inf')

    def run(self):
        """Until the script is done; for ever without one."""
        session = self.session
        while True:
            moved = session.step()
            if moved:
                self.pacing.moved()
                if not session.link.between_characters:
                    continue
            session.now = time.monotonic()
            next(self.work)
            if self.script and self._script_is_done():
                return
            if session.now > self.give_up_at:
                raise Stopped('the time for the script is over')
            if not moved:
                self.pacing.waited()
            elif session.link and session.link.idle:
                self.pacing.idled()

    def _script_is_done(self):
        try:
            next(self.script)
        except StopIteration:
            return True
        return False


def read_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=host_script.__doc__)
    parser.add_argument('file', help='the pin file')
    parser.add_argument('--create', action='store_true', help='make the pin file first')
    parser.add_argument('--wait', type=float, default=10, metavar='S',
                        help='for so long, if the pin file is not there yet (10)')
    parser.add_argument('--script', metavar='FILE.json', help='see below')
    parser.add_argument('--timeout', type=float, default=120, metavar='S',
                        help='for the whole script (120)')
    parser.add_argument('--watchdog', type=float, default=10, metavar='S',
                        help='without a toggle until the bridge is reset (10)')
    parser.add_argument('--settle', type=float, default=1, metavar='S',
                        help='between the release of reset and synchronising (1); twice as long '
                             'after every start without an answer')
    parser.add_argument('--specnet-answer', default='1', metavar='TEXT',
                        help='to the first SPECNET of a start (1); at a second one it resets')
    parser.add_argument('--idle-pause', type=float, default=IDLE_PAUSE_SECONDS, metavar='S',
                        help='after a character in which nobody spoke; 0 burns the processor')
    host_options.add_options(parser)
    options = parser.parse_args()
    options.init_fields = lambda start: host_options.init_fields(options, start)
    return options


def read_script(path):
    if path is None:
        return []
    if path == '-':
        return json.load(sys.stdin)
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def stop(number, _):
    raise Stopped(signal.Signals(number).name)


def main():
    options = read_options()
    log = EventLog('host')
    try:
        if options.create:
            wirefile.create(options.file)
        wires = wirefile.open_within(options.file, options.wait)
        peer = HostPeer(wires, options, read_script(options.script), log)
    except (wirefile.WireFileError, host_script.ScriptError, OSError, ValueError) as error:
        print(f'peer_host: {error}', file=sys.stderr)
        return EXIT_FAILED
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        peer.run()
        log.write('done')
        return EXIT_DONE
    except host_script.Disappointed as error:
        log.write('disappointed', reason=str(error))
        return EXIT_DISAPPOINTED
    except Stopped as error:
        log.write('stopped', reason=str(error))
        return EXIT_FAILED if options.script else EXIT_DONE
    except Exception:  # A fault of this program must not look like a failed expectation.
        traceback.print_exc()
        return EXIT_FAILED
    finally:
        peer.session.rest()


if __name__ == '__main__':
    sys.exit(main())
