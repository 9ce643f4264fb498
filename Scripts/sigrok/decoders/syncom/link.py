# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""Edges become bits, and bits become strings and events.

A running link in good order takes the short way through `Link.take`. Everything else, which is
starts, stops, edges out of order and captures that begin in the middle, takes the long way.
"""

from .alignment import AlignmentSearch
from .handshake import (AFTER, BRIDGE_TURN, BROKEN, NEXT, RESET, SCKIN, SCKOUT, SRX, STX, UNKNOWN)
from .lane import (BRIDGE, COMPLETE, DAMAGED, HOST, PATTERN, SYNCHRONISED, UNFINISHED, WHOLE, Lane)

RUNNING, STARTING, DISORDERED = range(3)

# So many edges in good order end a disorder.
ORDERLY_EDGES_MIN = 8
# A lawful stop and the new start are at most so many edges.
LAWFUL_EDGES_MAX = 12
# Edges of the host in a start to which the bridge has not answered.
UNANSWERED_EDGES_MAX = 8
# Where no reset was recorded, both patterns are looked for in so many bits behind a disorder.
PATTERN_BITS_MAX = 32
# A shorter silence before a reset is the time of a host that acts, not of a watchdog.
WATCHDOG_SILENCE_MIN = 0.1


class Disorder:
    """Edges that broke the order, until it is clear what they were."""

    def __init__(self, start, is_broken=False):
        self.start = start
        self.stop = start
        self.is_broken = is_broken
        self.waited_for_bridge = False
        self.first_wire = None
        self.first_sample = start
        self.edge_count = 0
        self.orderly_edges = 0
        self.toggles = []


class Link:
    """Both directions. Tells what it finds to a listener:

    * `on_bit(end, bit, start, stop)`
    * `on_string(string)`
    * `on_event(kind, start, stop, details)`: `reset`, `sync`, `watchdog`, `stop`, `gap`, `joined`,
      `aligned`, `no-sync`
    """

    def __init__(self, width, vocabulary, levels, sample_rate, listener):
        self.levels = list(levels)
        self.has_reset = len(self.levels) > RESET
        self.listener = listener
        self.wants_bits = listener.wants_bits
        self.width = width
        self.vocabulary = vocabulary
        self.silence_min = int(sample_rate * WATCHDOG_SILENCE_MIN) if sample_rate else None
        self.lanes = (Lane(HOST, width, vocabulary), Lane(BRIDGE, width, vocabulary))
        self.mode = DISORDERED
        self.disorder = Disorder(0)
        self.state = UNKNOWN
        # The short way is open.
        self.is_orderly = False
        self.turn = 0
        self.session = 0
        self.previous = 0
        self.last_toggle = [None, None]
        self.data_moved = [0, 0]
        self.on_bit = listener.on_bit
        self.last_bit = [None, None]
        self.is_established = False
        self.unanswered_edges = 0
        self.reset_start = None
        self.last_message_end = 0
        self.synchronised = 0
        self.registers = [0, 0]
        self.pattern_bits = 0
        self.host_pattern_is_new = False
        self.watches_pauses = not self.has_reset and self.silence_min is not None
        self.last_clock = 0
        self.last_value = [0, 0]
        self.pause_start = None
        self.break_start = None
        self.pending_gap = None
        for lane in self.lanes:
            lane.begin_search()

    # The short way.

    def take(self, wires, pins, sample):
        """Takes the edges of one sample, in their order."""
        levels = self.levels
        for wire in wires:
            level = pins[wire]
            following = NEXT[self.turn][wire] if self.is_orderly and wire != RESET else BROKEN
            levels[wire] = level
            if following == BROKEN:
                self._take_slowly(wire, level, sample)
            else:
                self.turn = following
                if wire == SCKOUT:
                    self._receive(0, levels[STX], sample)
                elif wire == SCKIN:
                    self._receive(1, levels[SRX], sample)
                else:
                    self.data_moved[wire >> 1] = sample
            self.previous = sample

    def _receive(self, end, bit, sample):
        if self.watches_pauses:
            if sample - self.last_clock >= self.silence_min:
                self.is_orderly = False
                self._take_running_toggle(end, bit, sample)
                self.last_toggle[end] = sample
                return
            self.last_clock = sample
            self.last_value[end] = bit
        self.last_toggle[end] = sample
        if self.wants_bits:
            last = self.last_bit[end]
            if last:
                self.on_bit(end, last[1], last[0], sample)
            self.last_bit[end] = sample, bit
        lane = self.lanes[end]
        if bit or lane.count or lane.characters or lane.skips:
            outcome = lane.take(bit, sample)
            if outcome:
                self._handle(outcome, end)
        else:
            # Most bits of an idle link: the first zero of a character.
            lane.bit_count += 1
            lane.last_bit = lane.start = sample
            lane.count = 1

    def _show_bit(self, end, bit, sample):
        """A bit lasts until its end's next toggle, so it is told then."""
        last = self.last_bit[end]
        if last:
            self.listener.on_bit(end, last[1], last[0], sample)
        self.last_bit[end] = sample, bit

    def _close_bits(self, sample):
        for end in (HOST, BRIDGE):
            last = self.last_bit[end]
            if last and self.wants_bits:
                self.listener.on_bit(end, last[1], last[0], max(last[0], sample))
                self.last_bit[end] = None

    # The long way.

    def _take_slowly(self, wire, level, sample):
        if wire == RESET:
            if level:
                self._release_reset(sample)
            else:
                self._pull_reset(sample)
            return
        if wire == STX or wire == SRX:
            self.data_moved[wire >> 1] = sample
        if self.mode == RUNNING:
            self._take_running(wire, level, sample)
        elif self.mode == STARTING:
            self._take_starting(wire, level, sample)
        else:
            self._take_unsettled(wire, level, sample)
        if wire == SCKOUT or wire == SCKIN:
            self.last_toggle[wire >> 1] = sample

    def _take_running(self, wire, level, sample):
        following = NEXT[self.turn][wire]
        if following == BROKEN:
            self._begin_disorder(wire, level, sample)
            return
        self.turn = following
        if wire == STX or wire == SRX:
            return
        self._take_running_toggle(wire >> 1, self.levels[wire - 1], sample)

    def _take_running_toggle(self, end, bit, sample):
        if self.wants_bits:
            self._show_bit(end, bit, sample)
        self._search(end, bit, sample)
        if not self._look_for_patterns(end, bit, sample) and (
                self.lanes[0].is_overdue or self.lanes[1].is_overdue):
            self.listener.on_event('no-sync', sample, sample, {})
            for lane in self.lanes:
                if lane.is_overdue:
                    lane.begin_search()

    def _begin_disorder(self, wire, level, sample):
        self.disorder = Disorder(self.previous, is_broken=True)
        self.disorder.stop = sample
        self.disorder.waited_for_bridge = self.turn >= BRIDGE_TURN
        self.disorder.first_wire = wire
        self.disorder.first_sample = sample
        self.break_start = self.disorder
        self.mode = DISORDERED
        self.is_orderly = False
        self.state = self.turn
        self.pattern_bits = 0
        self._close_bits(self.previous)
        self._take_unsettled(wire, level, sample)

    def _take_unsettled(self, wire, level, sample):
        disorder = self.disorder
        disorder.edge_count += 1
        following = NEXT[self.state][wire] if self.state != UNKNOWN else BROKEN
        if following == BROKEN:
            if self.state != UNKNOWN and self.is_established:
                disorder.is_broken = True
                disorder.stop = sample
            disorder.orderly_edges = 0
            disorder.toggles = []
            following = AFTER[wire]
            self.pattern_bits = 0
        else:
            disorder.orderly_edges += 1
        self.state = following
        if wire == SCKOUT or wire == SCKIN:
            disorder.toggles.append((wire >> 1, self.levels[wire - 1], sample))
        if disorder.orderly_edges >= ORDERLY_EDGES_MIN:
            self._settle()

    def _settle(self):
        """The order is good again: what was before is a gap, or the begin of the capture."""
        disorder = self.disorder
        if disorder.is_broken:
            self._abandon(disorder.start, DAMAGED)
            self.pending_gap = disorder.start, disorder.stop
        elif self.session == 0 and disorder.toggles:
            sample = disorder.toggles[0][2]
            self.listener.on_event('joined', sample, sample, {})
        self.turn = self.state
        self.mode = RUNNING
        self.is_established = True
        for lane in self.lanes:
            lane.begin_search()
        toggles, disorder.toggles = disorder.toggles, []
        for end, bit, sample in toggles:
            if self.wants_bits:
                self._show_bit(end, bit, sample)
            self._search(end, bit, sample)
            self._look_for_patterns(end, bit, sample)

    def _tell_gap(self):
        if self.pending_gap:
            self.listener.on_event('gap', *self.pending_gap, {})
            self.pending_gap = None

    # Without a reset wire.

    def _look_for_patterns(self, end, bit, sample):
        """A new start of which no reset was recorded: both patterns, one behind the other.

        They are looked for behind a disorder and behind a pause, since a host waits for a bridge
        that boots. The bridge's is complete with the toggle that answers the host's last one.
        """
        if self.silence_min is not None and sample - self.last_clock >= self.silence_min:
            if self.pattern_bits >= PATTERN_BITS_MAX:
                # The host's first bit, perhaps the bridge's too, comes before the pause.
                self.registers = [value << 7 for value in self.last_value]
                self.host_pattern_is_new = False
                self.pause_start = self.last_toggle[HOST] or 0
            self.pattern_bits = 1
        self.last_clock = sample
        self.last_value[end] = bit
        if self.pattern_bits >= PATTERN_BITS_MAX:
            return False
        if self.pattern_bits == 0:
            self.registers = [0, 0]
            self.host_pattern_is_new = False
            self.pause_start = None
        self.pattern_bits += 1
        self.registers[end] = self.registers[end] >> 1 | bit << 7
        is_complete = self.registers[end] == PATTERN
        if end == HOST:
            self.host_pattern_is_new = is_complete
        elif is_complete and self.host_pattern_is_new and (
                self.lanes[HOST].is_searching or not self.has_reset):
            self._restart_by_pattern(sample)
            return True
        if self.pattern_bits == PATTERN_BITS_MAX:
            self._tell_gap()
            self._open_short_way()
        return False

    def _restart_by_pattern(self, sample):
        self.pattern_bits = PATTERN_BITS_MAX
        left = self.break_start
        if left and self.silence_min is not None and left.waited_for_bridge:
            if left.first_sample - left.start >= self.silence_min:
                self.listener.on_event('watchdog', left.start, left.first_sample, {})
        self.break_start = None
        self.pending_gap = None
        if self.pause_start is not None:
            for lane in self.lanes:
                lane.forget_from(self.pause_start)
            self._abandon(self.pause_start, UNFINISHED)
        self.session += 1
        for lane in self.lanes:
            lane.bit_count = 0
            lane.is_headless = False
            lane.synchronise()
        self.synchronised = 2
        self.last_message_end = sample
        self._open_short_way()
        self.listener.on_event('sync', sample, sample, {'session': self.session})

    # Resets.

    def _pull_reset(self, sample, is_seen=True):
        disorder = self.disorder
        is_disordered = self.mode == DISORDERED
        is_lawful = disorder.edge_count <= LAWFUL_EDGES_MAX
        self._tell_gap()
        if is_disordered and disorder.is_broken:
            if not is_lawful or disorder.first_wire is None:
                self._abandon(disorder.start, DAMAGED)
                self.listener.on_event('gap', disorder.start, disorder.stop, {})
            elif disorder.first_wire in (SRX, SCKIN):
                self.listener.on_event('stop', disorder.first_sample, disorder.first_sample,
                                       {'end': BRIDGE})
        if is_disordered and is_lawful and disorder.first_wire is not None:
            stopped = disorder.first_sample
        else:
            stopped = self.last_toggle[HOST] or 0
            if self.levels[STX]:
                stopped = min(stopped, self.data_moved[HOST])
        stopped = min(stopped, sample)
        self._close_bits(stopped)
        self._abandon(stopped, UNFINISHED)
        self._tell_watchdog(sample, stopped, is_disordered)
        self.session += 1
        self.reset_start = sample if is_seen else None
        for lane in self.lanes:
            lane.restart()
        self.synchronised = 0
        if self.levels[SCKOUT]:
            # The host's first bit and its clock come before the reset.
            first = self.last_toggle[HOST] or sample
            self.lanes[HOST].take(self.levels[STX], first)
            self.last_bit[HOST] = first, self.levels[STX]
        self.mode = STARTING
        self.is_established = True
        self.is_orderly = False
        self.break_start = None
        self.unanswered_edges = 0
        self.pattern_bits = PATTERN_BITS_MAX
        self.last_message_end = sample
        self.disorder = Disorder(sample)

    def _tell_watchdog(self, sample, stopped, is_disordered):
        """A silence before a reset in which the host waited for the bridge."""
        last = self.last_toggle[BRIDGE]
        if self.silence_min is None or last is None or self.synchronised < 2:
            return
        disorder = self.disorder
        left = stopped
        if is_disordered and disorder.first_wire in (SRX, SCKIN):
            # The bridge's wires fell by themselves: the first that the host does is its reset.
            last = min(last, disorder.start)
            left = sample
        elif not is_disordered or not disorder.waited_for_bridge or last > stopped:
            return
        if left - last >= self.silence_min:
            self.listener.on_event('watchdog', last, left, {})

    def _release_reset(self, sample):
        if self.mode != STARTING:
            self._pull_reset(sample, is_seen=False)
        start = self.reset_start if self.reset_start is not None else sample
        self.listener.on_event('reset', start, sample, {'session': self.session})

    def _take_starting(self, wire, level, sample):
        if wire != SCKOUT:
            return
        host, bridge = self.lanes
        if self.levels[SCKIN] and not level:
            self.turn = BRIDGE_TURN
            self.mode = RUNNING
            answered = self.last_toggle[BRIDGE]
            for end, bit, moment in ((BRIDGE, self.levels[SRX], answered or sample),
                                     (HOST, self.levels[STX], sample)):
                if self.wants_bits:
                    self._show_bit(end, bit, moment)
                self.lanes[end].take(bit, moment)
            return
        # The host has given up and starts again, before the bridge has said anything.
        host.restart()
        self.last_bit[HOST] = None
        if level:
            host.take(self.levels[STX], sample)
            self.last_bit[HOST] = sample, self.levels[STX]
        self.unanswered_edges += 1
        if self.unanswered_edges > UNANSWERED_EDGES_MAX:
            self.disorder = Disorder(self.previous, is_broken=True)
            self.disorder.first_wire = wire
            self.disorder.first_sample = sample
            self.mode = DISORDERED
            self.state = BRIDGE_TURN
            self.pattern_bits = 0

    # What bits complete.

    def _handle(self, outcome, end):
        lane = self.lanes[end]
        if outcome == SYNCHRONISED:
            self.last_message_end = self.previous
            self._open_short_way()
            self.synchronised += 1
            if self.synchronised == 2:
                self.listener.on_event('sync', lane.last_bit, lane.last_bit,
                                       {'session': self.session})
        elif outcome == COMPLETE:
            self._emit(lane.complete())

    def _open_short_way(self):
        self.is_orderly = (self.mode == RUNNING and self.lanes[0].is_readable
                           and self.lanes[1].is_readable)

    def _abandon(self, sample, condition):
        for lane in self.lanes:
            string = lane.abandon(sample, condition)
            if string:
                self.listener.on_string(string)

    def _emit(self, string):
        if string.condition == WHOLE:
            if (self.vocabulary.likelihood(string.characters, string.end) == 'garbage'
                    and self._makes_sense_elsewhere(string)):
                # Whole rounds are missing somewhere: nothing on the wires broke a rule.
                string.condition = DAMAGED
                self.listener.on_string(string)
                self.listener.on_event('gap', self.last_message_end, string.stop, {})
                for lane in self.lanes:
                    lane.begin_search()
                self.is_orderly = False
                return
            self.last_message_end = string.stop
        self.listener.on_string(string)

    def _makes_sense_elsewhere(self, string):
        search = AlignmentSearch(string.end, self.width, self.vocabulary)
        search.restart(after_silence=True)
        for character in string.characters + b'\0\0':
            for place in range(self.width):
                search.take(character >> place & 1, 0)
        return search.has_message()

    # The search for the alignment.

    def _search(self, end, bit, sample):
        lane = self.lanes[end]
        if not lane.is_searching:
            outcome = lane.take(bit, sample)
            if outcome:
                self._handle(outcome, end)
            return
        if not lane.take_searching(bit, sample):
            return
        place = lane.search.best_place()
        if place is None:
            lane.search.set_aside(lane.bit_count)
        else:
            self._align(end, place)

    def _align(self, end, place):
        """One lane's alignment gives the other's: the host's characters begin one toggle after the
        bridge's."""
        self._tell_gap()
        strings = self.lanes[end].end_search(place)
        peer = self.lanes[1 - end]
        if peer.is_searching:
            strings += peer.end_search(place if end == HOST else (place - 1) % self.width)
        strings.sort(key=lambda string: (string.stop, string.end))
        start = strings[0].start if strings else self.previous
        self.pattern_bits = PATTERN_BITS_MAX
        self.synchronised = 2
        self.listener.on_event('aligned', start, start, {})
        for string in strings:
            self.listener.on_string(string)
        self.last_message_end = strings[-1].stop if strings else self.previous
        self._open_short_way()
