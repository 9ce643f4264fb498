# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""One direction of the link: bits become characters, characters become strings."""

from .alignment import AlignmentSearch

HOST, BRIDGE = 0, 1

PATTERN = 0x9D
# A host gives up when it has exchanged so many bits without finding the pattern.
SYNCHRONISATION_BITS_MAX = 64
# The characters of a string that are kept.
LENGTH_MAX = 1 << 20

# How much of a string is there.
WHOLE, HEADLESS, DAMAGED, UNFINISHED = 'whole', 'headless', 'damaged', 'unfinished'

# What one more bit completes.
NOTHING, SYNCHRONISED, COMPLETE = range(3)


class String:
    """The characters between two zeros, and where they were on the wire."""

    __slots__ = ('end', 'start', 'stop', 'characters', 'starts', 'condition')

    def __init__(self, end, start, stop, characters, starts, condition):
        self.end = end
        self.start = start
        self.stop = stop
        self.characters = characters
        # The sample at which each character begins, and then the one at which the last one ends.
        self.starts = starts
        self.condition = condition


class Lane:
    """What one end sends."""

    def __init__(self, end, width, vocabulary):
        self.end = end
        self.width = width
        self.search = AlignmentSearch(end, width, vocabulary)
        self.bit_count = 0
        self.last_bit = 0
        self.restart()

    def restart(self):
        """The pattern comes next."""
        self.is_searching = False
        self.is_headless = False
        self.is_synchronised = False
        self.skips = 0
        self.bit_count = 0
        self._forget()

    def _forget(self):
        self.register = 0
        self.count = 0
        self.start = 0
        self.characters = bytearray()
        self.starts = []

    def align(self, place):
        """Characters come next; the next bit has this place in its character."""
        self.is_searching = False
        self.is_synchronised = True
        self.skips = 0
        self._forget()
        self.count = place

    def begin_search(self):
        """Nothing is known of where characters begin."""
        self.align(0)
        self.is_searching = True
        self.search.restart()

    @property
    def is_readable(self):
        return self.is_synchronised and not self.is_searching

    @property
    def is_overdue(self):
        return not self.is_synchronised and self.bit_count > SYNCHRONISATION_BITS_MAX

    def take(self, bit, sample):
        """Takes a bit that belongs to the pattern, or whose place in its character is known."""
        self.bit_count += 1
        self.last_bit = sample
        if self.skips or not self.is_synchronised:
            return self._take_before_characters(bit)
        count = self.count
        if count == 0:
            self.start = sample
        if bit:
            self.register |= 1 << count
        count += 1
        if count < self.width:
            self.count = count
            return NOTHING
        self.count = 0
        character = self.register
        if character:
            self.register = 0
            if len(self.characters) < LENGTH_MAX:
                self.characters.append(character)
                self.starts.append(self.start)
        elif self.characters:
            return COMPLETE
        return NOTHING

    def _take_before_characters(self, bit):
        if self.skips:
            self.skips -= 1
            return NOTHING
        self.register = self.register >> 1 | bit << 7
        if self.register != PATTERN:
            return NOTHING
        self.synchronise()
        return SYNCHRONISED

    def synchronise(self):
        """The pattern is complete. The host finds it only when its own next bit is out."""
        self.align(0)
        self.skips = 1 if self.end == HOST else 0

    def complete(self):
        """The string that the last bit completed."""
        condition = HEADLESS if self.is_headless else WHOLE
        self.is_headless = False
        return self._string(self.starts[0], self.last_bit, condition, self.start)

    def abandon(self, sample, condition):
        """The string in progress, given up; None when there is none."""
        if self.is_searching or not self.is_synchronised:
            return None
        if not self.characters and not self.register:
            self._forget_characters()
            return None
        start = self.starts[0] if self.characters else self.start
        last = self.start if self.count else self.last_bit
        string = self._string(start, max(start, sample), condition, last)
        self.register = 0
        return string

    def _string(self, start, stop, condition, last):
        string = String(self.end, start, stop, bytes(self.characters), self.starts + [last],
                        condition)
        self._forget_characters()
        return string

    def _forget_characters(self):
        self.characters = bytearray()
        self.starts = []

    def forget_from(self, sample):
        """What came from this sample on belongs to no string."""
        self.register = 0
        while self.starts and self.starts[-1] >= sample:
            self.starts.pop()
            self.characters.pop()

    def take_searching(self, bit, sample):
        """Takes a bit of unknown place; true when there is something to judge."""
        self.bit_count += 1
        self.last_bit = sample
        return self.search.take(bit, sample)

    def end_search(self, next_place):
        """Receives the kept bits again, now that the place of the next one is known.

        Returns the strings among them.
        """
        end = self.bit_count
        strings = []
        previous_end = None
        for burst in self.search.take_all(end):
            first = burst.end_bit - len(burst.bits)
            begin = 0
            if first != previous_end:
                place = (next_place - (end - first)) % self.width
                is_clean = self.search.is_clean(burst, place)
                self.align(place)
                if not is_clean and place:
                    # A character of which not all was seen is no character.
                    begin = min(self.width - place, len(burst.bits))
                    first += begin
                    self.align(0 if begin < len(burst.bits) else next_place)
                self.is_headless = not is_clean
                self.start = burst.samples[begin] if begin < len(burst.bits) else self.last_bit
            self.bit_count = first
            previous_end = burst.end_bit
            for bit, sample in zip(burst.bits[begin:], burst.samples[begin:]):
                if self.take(bit, sample) == COMPLETE:
                    strings.append(self.complete())
        self.is_searching = False
        return strings
