# SPDX-License-Identifier: Apache-2.0
"""The ways in which the bridge peer can be told to misbehave, for the tests of a host."""

import random

import vocabulary as words

ALL_STARTS = 1_000_000
GARBAGE_STRINGS = 20
GARBAGE_CHARACTERS_MAX = 40
GARBAGE_PAUSE_SECONDS = 0.05


def add_options(parser):
    """The options, which all hold for the first `--faulty-starts` starts only."""
    group = parser.add_argument_group('misbehaviour')
    group.add_argument('--faulty-starts', type=int, default=ALL_STARTS, metavar='N',
                       help='misbehave in the first N starts only, then be a good bridge')
    group.add_argument('--freeze-after', type=int, metavar='N',
                       help='toggle no more after N strings from the host, until reset')
    group.add_argument('--no-puback', action='store_true', help='never answer a publication')
    group.add_argument('--status3', nargs='?', type=int, const=1, default=0, metavar='TIMES',
                       help='ask for the specified network, once or TIMES')
    group.add_argument('--fail-broker', action='store_true',
                       help='say that there is no broker (t 8) and wait to be reset')
    group.add_argument('--wifi-outage-after', type=float, metavar='S',
                       help='lose Wi-Fi (t 10) S seconds after RUNNING')
    group.add_argument('--wifi-outage-for', type=float, default=2, metavar='S',
                       help='and have it back (t 9) after so long (2)')
    group.add_argument('--garbage', choices=('start', 'running'),
                       help='say random strings, instead of the statuses or after RUNNING')
    group.add_argument('--seed', type=int, default=1, help='of the garbage')
    group.add_argument('--slow-boot', type=float, default=0, metavar='S',
                       help='do not answer at all for S seconds after the reset')
    group.add_argument('--reference-quirks', action='store_true',
                       help='as the reference: any non-empty retain field is true, what follows '
                            'the known fields of init is ignored, qos 1 messages are acknowledged '
                            'before the host has them, time is 2 s old, and a malformed field '
                            'kills whatever obeys commands, while the link goes on')


class Misbehaviour:
    """What is asked of one start of the bridge; in a start that is not faulty, nothing."""

    def __init__(self, options, start):
        """`start` counts from 0."""
        faulty = start < options.faulty_starts
        self.freeze_after = options.freeze_after if faulty else None
        self.no_puback = faulty and options.no_puback
        self.specnet_times = options.status3 if faulty else 0
        self.fail_broker = faulty and options.fail_broker
        self.outage_after = options.wifi_outage_after if faulty else None
        self.outage_for = options.wifi_outage_for
        self.garbage = options.garbage if faulty else None
        self.slow_boot = options.slow_boot if faulty else 0
        self.reference_quirks = options.reference_quirks
        self.random = random.Random(options.seed + start)

    def garbage_strings(self):
        """Strings of any characters that the link carries, none of them a meant answer."""
        for _ in range(GARBAGE_STRINGS):
            length = self.random.randint(1, GARBAGE_CHARACTERS_MAX)
            yield ''.join(chr(self.random.randint(1, ord(words.SEPARATOR))) for _ in range(length))
