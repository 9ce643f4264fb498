# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""Finds out where characters begin in bits of an unknown place.

An idle link sends only zeros, and they align with anything. So the search keeps a burst: the bits
from the first 1 until so many zeros that every alignment has seen a zero character. It reads the
burst at each possible alignment and takes the one that makes most sense.
"""

BURST_LENGTH_MAX = 16_384
# Bursts that gave no answer are kept for the alignment that a later one gives.
UNDECIDED_BITS_MAX = 65_536

MESSAGE_SCORE = 1_000
GARBAGE_SCORE = -300


class Burst:
    """Bits that belong together: from the first 1 on, and before it the last zeros, which can
    belong to its character."""

    def __init__(self):
        self.bits = []
        self.samples = []
        self.leading_count = 0
        self.zeros_before = 0
        self.end_bit = 0
        self.has_begun = False


class AlignmentSearch:
    """The search in what one end sends."""

    def __init__(self, end, width, vocabulary):
        self.end = end
        self.width = width
        self.vocabulary = vocabulary
        # So many zeros hold a zero character at every alignment.
        self.silence = 2 * width - 1
        self.restart()

    def restart(self, after_silence=False):
        self.burst = Burst()
        self.undecided = []
        self.zeros_at_end = self.silence if after_silence else 0

    def take(self, bit, sample):
        """Takes a bit; true when the burst is complete and can be judged."""
        burst = self.burst
        if bit == 0:
            self.zeros_at_end = min(self.zeros_at_end + 1, self.silence)
        else:
            if not burst.has_begun:
                burst.has_begun = True
                burst.zeros_before = self.zeros_at_end
                burst.leading_count = len(burst.bits)
            self.zeros_at_end = 0
        burst.bits.append(bit)
        burst.samples.append(sample)
        if not burst.has_begun:
            if len(burst.bits) >= self.width:
                del burst.bits[0], burst.samples[0]
            return False
        return self.zeros_at_end >= self.silence or len(burst.bits) >= BURST_LENGTH_MAX

    def set_aside(self, end_bit):
        """Keeps a burst that gave no answer."""
        self.burst.end_bit = end_bit
        self.undecided.append(self.burst)
        self.burst = Burst()
        while sum(len(burst.bits) for burst in self.undecided) > UNDECIDED_BITS_MAX:
            del self.undecided[0]

    def take_all(self, end_bit):
        """Gives up all bursts, the present one last."""
        self.burst.end_bit = end_bit
        bursts = self.undecided + [self.burst]
        self.burst = Burst()
        self.undecided = []
        return bursts

    def best_place(self):
        """The place in its character of the bit behind the burst; None if two are equally good."""
        scores = [self._read(self.burst, zeros)[0] for zeros in range(self.width)]
        best = max(scores)
        if best <= 0 or scores.count(best) > 1:
            return None
        first = self._first_place(self.burst, scores.index(best))
        return (first + len(self.burst.bits)) % self.width

    def has_message(self):
        """Whether some alignment makes messages of the burst."""
        return any(self._read(self.burst, zeros)[0] >= MESSAGE_SCORE
                   for zeros in range(self.width))

    def is_clean(self, burst, first_place):
        """Whether a burst begins with a string, when the place of its first bit is known."""
        if not burst.has_begun:
            return self.zeros_at_end >= self.silence
        return self._read(burst, (first_place + burst.leading_count) % self.width)[1]

    def _first_place(self, burst, leading_zeros):
        return (leading_zeros - burst.leading_count) % self.width

    def _read(self, burst, leading_zeros):
        """How much sense a burst makes, and whether it begins with a string.

        The first string counts if a zero character was seen before it, or if it is a message that
        shows its begin.
        """
        is_clean = burst.zeros_before >= self.width + leading_zeros
        score = 0
        is_first = True
        for characters in self._strings(burst, self._first_place(burst, leading_zeros)):
            likelihood = self.vocabulary.likelihood(characters, self.end)
            if is_first and not is_clean:
                is_first = False
                if likelihood != 'message' or not self.vocabulary.shows_its_begin(characters):
                    continue
                is_clean = True
            is_first = False
            if likelihood == 'message':
                score += MESSAGE_SCORE
            elif likelihood == 'text':
                score += 1
            else:
                score += GARBAGE_SCORE
        return score, is_clean

    def _strings(self, burst, place):
        characters = bytearray()
        register = 0
        for bit in burst.bits:
            register |= bit << place
            place += 1
            if place < self.width:
                continue
            if register:
                characters.append(register)
            elif characters:
                yield bytes(characters)
                characters = bytearray()
            register = place = 0
