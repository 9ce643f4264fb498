# SPDX-License-Identifier: Apache-2.0
"""One end of the SynCom link: levels in, levels out, strings on top.

Both ends are here, because they differ only while they synchronise. Nothing here knows the time or
what a string means. `step` does one poll of the peer's clock, so whoever calls it decides how fast
and how often.

  receiver and transmitter of an end, bit by bit:

      initiator drives   b0 b1 ... b7 b8 | characters      b0 b1 ... = 0x9d, LSB first, then 0
      passive drives     b0 b1 ... b7 | characters

The initiator has driven its bit 8 before it can know that the passive end has synchronised. Hence
the first bit that the passive end samples after synchronising belongs to no character.
"""

import collections

from wirefile import SCKIN, SCKOUT, SRX, STX

SYNC_PATTERN = 0x9D
SYNC_BITS = 8
SYNC_TOP_BIT = 1 << (SYNC_BITS - 1)
CHARACTER_BITS = 7
CHARACTER_MASK = (1 << CHARACTER_BITS) - 1
STRING_END = 0
STRING_CHARACTERS_MAX = 1 << 22
SEND_QUEUE_MAX = 100_000


class LinkError(Exception):
    """A string that the link cannot carry, or one without end that came over it."""


class LinkEnd:
    """One end of the link. Strings are `str` of characters 1...127.

    `received` holds what came, oldest first; `toggles` counts the peer's toggles seen, which is
    what a watchdog looks at; `synchronised` says whether characters flow already.
    """

    def __init__(self, wires, initiator):
        """Drives the levels that an end starts with: the initiator's first bit is its clock's 1."""
        self.wires = wires
        self.initiator = initiator
        if initiator:
            self.data_out, self.clock_out, self.data_in, self.clock_in = STX, SCKOUT, SRX, SCKIN
        else:
            self.data_out, self.clock_out, self.data_in, self.clock_in = SRX, SCKIN, STX, SCKOUT
        self.received = collections.deque()
        self.toggles = 0
        self.synchronised = False
        self.sync_out = SYNC_PATTERN
        self.sync_in = 0
        self.bits_to_skip = 0 if initiator else 1
        self.character_in = 0
        self.bits_in = 0
        self.string_in = bytearray()
        self.character_out = 0
        self.bits_out = 0
        self.strings_out = collections.deque()
        self.string_out = None
        self.place_out = 0
        self.when_sent = None
        self.phase = 1 if initiator else 0
        wires[self.data_out] = self._next_sync_bit() if initiator else 0
        wires[self.clock_out] = self.phase

    def send(self, string, when_sent=None):
        """Queues `string`; `when_sent()` is called when its closing zero has left the wire."""
        if not string or any(not 0 < ord(character) <= CHARACTER_MASK for character in string):
            raise LinkError(f'the link cannot carry {string!r}')
        if len(self.strings_out) >= SEND_QUEUE_MAX:
            raise LinkError(f'{SEND_QUEUE_MAX} strings wait to be sent already')
        self.strings_out.append((string.encode('ascii'), when_sent))

    @property
    def idle(self):
        """Whether neither end is inside a string, and none waits on this one."""
        return self.string_out is None and not self.strings_out and not self.string_in

    @property
    def between_characters(self):
        """Whether a whole character has come in, so that this is a good moment for other work."""
        return self.bits_in == 0

    def step(self):
        """Polls the peer's clock once; moves one bit each way if it toggled. Says whether it did.

        The clock is read before the data that it announces, and driven after.
        """
        wires = self.wires
        if (wires[self.clock_in] == self.phase) != self.initiator:
            return False
        bit = wires[self.data_in]
        was_synchronised = self.synchronised
        if was_synchronised:
            self._take_bit(bit)
            wires[self.data_out] = self._next_character_bit()
        else:
            self._take_sync_bit(bit)
            wires[self.data_out] = self._next_sync_bit()
        self.phase ^= 1
        wires[self.clock_out] = self.phase
        self.toggles += 1
        return True

    def _next_sync_bit(self):
        bit = self.sync_out & 1
        self.sync_out >>= 1
        return bit

    def _take_sync_bit(self, bit):
        self.sync_in = self.sync_in >> 1 | (SYNC_TOP_BIT if bit else 0)
        self.synchronised = self.sync_in == SYNC_PATTERN

    def _take_bit(self, bit):
        if self.bits_to_skip:
            self.bits_to_skip -= 1
            return
        if bit:
            self.character_in |= 1 << self.bits_in
        self.bits_in += 1
        if self.bits_in == CHARACTER_BITS:
            self._take_character(self.character_in)
            self.character_in = 0
            self.bits_in = 0

    def _take_character(self, character):
        if character != STRING_END:
            self.string_in.append(character)
            if len(self.string_in) > STRING_CHARACTERS_MAX:
                raise LinkError(f'a string of more than {STRING_CHARACTERS_MAX} characters came')
        elif self.string_in:
            self.received.append(self.string_in.decode('ascii'))
            self.string_in.clear()

    def _next_character_bit(self):
        if self.bits_out == 0:
            self.character_out = self._next_character()
            self.bits_out = CHARACTER_BITS
        bit = self.character_out & 1
        self.character_out >>= 1
        self.bits_out -= 1
        return bit

    def _next_character(self):
        """The next character of the string that is on its way, its zero, or an idle zero."""
        if self.when_sent is not None:
            when_sent, self.when_sent = self.when_sent, None
            when_sent()
        if self.string_out is None:
            if not self.strings_out:
                return STRING_END
            self.string_out = self.strings_out.popleft()
            self.place_out = 0
        characters, when_sent = self.string_out
        if self.place_out == len(characters):
            self.string_out = None
            self.when_sent = when_sent
            return STRING_END
        self.place_out += 1
        return characters[self.place_out - 1]
