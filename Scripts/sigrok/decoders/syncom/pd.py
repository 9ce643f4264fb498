# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

import sigrokdecode as srd

from .handshake import handshake_orders
from .lane import BRIDGE, HOST, WHOLE
from .link import Link
from .secrets import Secrets
from .vocabulary import VOCABULARIES, joined

'''
OUTPUT_PYTHON format:

Packet:
[<ptype>, <pdata>]

<ptype> and <pdata>:
 - 'STRING': (<end>, <characters>, <condition>, <samples>). What an end sent between two zeros: the
   end is 0 for the host and 1 for the bridge, the characters are bytes without the zero, and
   passwords are as they were on the wires. The condition is 'whole', 'headless' (its begin is
   missing), 'damaged' (edges are missing inside) or 'unfinished' (a reset or a stop cut it off).
   The samples are those at which the characters begin, and one more at which the last one ends. The
   packet runs from the clock edge of the first bit to that of the last bit of the closing zero.
 - 'RESET': the number of the session that it begins, counted by resets.
 - 'SYNC': the number of the session. Both ends have found the pattern.
 - 'WATCHDOG': None. The bridge did not toggle until the host left.
 - 'STOP': 0 or 1, the end whose wires fell.
 - 'GAP': None. The rules of the link are broken: edges are missing.
 - 'JOINED': None. The capture begins on a running link.
 - 'ALIGNED': None. From here on it is known where characters begin.
 - 'NO-SYNC': None. The ends exchange bits and the pattern does not come.
'''

ENDS = ('Host', 'Bridge')

(ANN_HOST_BIT, ANN_BRIDGE_BIT, ANN_HOST_CHARACTER, ANN_BRIDGE_CHARACTER, ANN_HOST_STRING,
 ANN_BRIDGE_STRING, ANN_HOST_PART, ANN_BRIDGE_PART, ANN_RESET, ANN_SYNC, ANN_WATCHDOG, ANN_STOP,
 ANN_GAP, ANN_PLACE) = range(14)

EVENTS = {
    'reset': ANN_RESET, 'sync': ANN_SYNC, 'watchdog': ANN_WATCHDOG, 'stop': ANN_STOP,
    'gap': ANN_GAP, 'joined': ANN_PLACE, 'aligned': ANN_PLACE, 'no-sync': ANN_PLACE,
}

PARTS = {'headless': 'its begin is missing', 'damaged': 'edges are missing inside',
         'unfinished': 'cut off'}


class ChannelError(Exception):
    pass


class Decoder(srd.Decoder):
    api_version = 3
    id = 'syncom'
    name = 'SynCom'
    longname = 'SynCom self-clocked link'
    desc = 'Five-wire link without a bit rate between a host and a bridge.'
    license = 'apache-2.0'
    inputs = ['logic']
    outputs = ['syncom']
    tags = ['Embedded/industrial']
    channels = (
        {'id': 'stx', 'name': 'stx', 'desc': "Host's data (bridge: mrx)"},
        {'id': 'sckout', 'name': 'sckout', 'desc': "Host's clock (bridge: mckin)"},
        {'id': 'srx', 'name': 'srx', 'desc': "Bridge's data (bridge: mtx)"},
        {'id': 'sckin', 'name': 'sckin', 'desc': "Bridge's clock (bridge: mckout)"},
    )
    optional_channels = (
        {'id': 'reset', 'name': 'reset', 'desc': 'Host resets bridge, active low'},
    )
    options = (
        {'id': 'character_bits', 'desc': 'Bits in a character', 'default': 7, 'values': (7, 8)},
        {'id': 'format', 'desc': 'Characters as', 'default': 'text',
         'values': ('text', 'hex', 'dec')},
        {'id': 'detail', 'desc': 'Finest row; fewer rows are faster', 'default': 'bits',
         'values': ('bits', 'characters', 'strings')},
        {'id': 'vocabulary', 'desc': 'What strings are', 'default': 'bridge',
         'values': ('bridge', 'json')},
        {'id': 'secrets', 'desc': 'Passwords', 'default': 'mask', 'values': ('mask', 'show')},
    )
    annotations = (
        ('host-bit', 'Host bit'),
        ('bridge-bit', 'Bridge bit'),
        ('host-character', 'Host character'),
        ('bridge-character', 'Bridge character'),
        ('host-string', 'Host string'),
        ('bridge-string', 'Bridge string'),
        ('host-part', 'Part of a host string'),
        ('bridge-part', 'Part of a bridge string'),
        ('reset', 'Reset'),
        ('sync', 'Synchronisation'),
        ('watchdog', 'Watchdog'),
        ('stop', 'Stop'),
        ('gap', 'Gap'),
        ('place', 'Place of characters'),
    )
    annotation_rows = (
        ('host-bits', 'Host bits', (ANN_HOST_BIT,)),
        ('host-characters', 'Host characters', (ANN_HOST_CHARACTER,)),
        ('host-strings', 'Host strings', (ANN_HOST_STRING, ANN_HOST_PART)),
        ('bridge-bits', 'Bridge bits', (ANN_BRIDGE_BIT,)),
        ('bridge-characters', 'Bridge characters', (ANN_BRIDGE_CHARACTER,)),
        ('bridge-strings', 'Bridge strings', (ANN_BRIDGE_STRING, ANN_BRIDGE_PART)),
        ('events', 'Events', (ANN_RESET, ANN_SYNC, ANN_WATCHDOG, ANN_STOP, ANN_GAP, ANN_PLACE)),
    )

    def __init__(self):
        self.reset()

    def reset(self):
        self.samplerate = None
        self.secrets = Secrets()

    def metadata(self, key, value):
        if key == srd.SRD_CONF_SAMPLERATE:
            self.samplerate = value

    def start(self):
        self.out_ann = self.register(srd.OUTPUT_ANN)
        self.out_python = self.register(srd.OUTPUT_PYTHON)
        self.wants_bits = self.options['detail'] == 'bits'
        self.wants_characters = self.options['detail'] != 'strings'
        self.masks = self.options['secrets'] == 'mask'
        self.bit_annotations = tuple([end, [digit]] for end in (HOST, BRIDGE) for digit in '01')

    def decode(self):
        if not all(self.has_channel(index) for index in range(4)):
            raise ChannelError('Both clocks and both data wires are needed.')
        count = 5 if self.has_channel(4) else 4
        pins = self.wait({'skip': 0})
        link = Link(self.options['character_bits'], VOCABULARIES[self.options['vocabulary']](),
                    pins[:count], self.samplerate, self)
        # Clocks alone would do on a link in good order. Data edges tell one that is not, and in
        # which order several edges of one sample were made.
        conditions = [{index: 'e'} for index in range(count)]
        orders = handshake_orders()
        wait = self.wait
        take = link.take
        while True:
            pins = wait(conditions)
            wires, orders = orders[self.matched]
            take(wires, pins, self.samplenum)

    # What the link tells.

    def on_bit(self, end, bit, start, stop):
        self.put(start, stop, self.out_ann, self.bit_annotations[2 * end + bit])

    def on_string(self, string):
        end = string.end
        shown = self.secrets.mask(string.characters, end) if self.masks else string.characters
        if self.wants_characters:
            for place, character in enumerate(shown):
                self.put(string.starts[place], string.starts[place + 1], self.out_ann,
                         [ANN_HOST_CHARACTER + end, [self._character(character)]])
        text = self._text(shown)
        if string.condition == WHOLE:
            data = [ANN_HOST_STRING + end, [ENDS[end] + ': ' + text, text]]
        else:
            data = [ANN_HOST_PART + end, ['%s: %s (%s)' % (
                ENDS[end], text, PARTS[string.condition]), text]]
        self.put(string.start, string.stop, self.out_ann, data)
        self.put(string.start, string.stop, self.out_python,
                 ['STRING', (end, string.characters, string.condition, string.starts)])

    def on_event(self, kind, start, stop, details):
        value = details.get('session', details.get('end'))
        self.put(start, stop, self.out_ann,
                 [EVENTS[kind], self._event_texts(kind, start, stop, value)])
        self.put(start, stop, self.out_python, [kind.upper(), value])

    def _event_texts(self, kind, start, stop, value):
        if kind == 'reset':
            return ['Reset, session %d' % value, 'Reset', 'R']
        if kind == 'sync':
            return ['Synchronised, session %d' % value, 'Sync', 'S']
        if kind == 'watchdog':
            seconds = (stop - start) / self.samplerate
            return ['Watchdog: %.3f s without a toggle of the bridge' % seconds, 'Watchdog', 'W']
        if kind == 'stop':
            return ['%s stops: its wires fall' % ENDS[value], 'Stop']
        if kind == 'gap':
            return ['Gap: edges are missing', 'Gap', 'G']
        if kind == 'joined':
            return ['Joined a running link', 'Joined']
        if kind == 'aligned':
            return ['Characters begin here', 'Aligned']
        return ['No synchronisation: pattern overdue', 'No sync']

    def _character(self, character):
        style = self.options['format']
        if style == 'hex':
            return '%02x' % character
        if style == 'dec':
            return '%d' % character
        return joined(bytes((character,)))

    def _text(self, characters):
        style = self.options['format']
        if style == 'hex':
            return characters.hex(' ')
        if style == 'dec':
            return ' '.join(map(str, characters))
        return joined(characters)
