# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""Which wire may move next on a running link, and in which order edges of one sample were made.

Between two toggles of a clock the other clock toggles once, and before it does, its end's data may
change once. So there are four states, and each allows one or two wires to move.
"""

STX, SCKOUT, SRX, SCKIN, RESET = range(5)

HOST_TURN, HOST_DATA_CHANGED, BRIDGE_TURN, BRIDGE_DATA_CHANGED, UNKNOWN = range(5)
BROKEN = -1

# NEXT[state][wire]
NEXT = (
    (HOST_DATA_CHANGED, BRIDGE_TURN, BROKEN, BROKEN),
    (BROKEN, BRIDGE_TURN, BROKEN, BROKEN),
    (BROKEN, BROKEN, BRIDGE_DATA_CHANGED, HOST_TURN),
    (BROKEN, BROKEN, BROKEN, HOST_TURN),
)

# The state behind an edge that was not allowed.
AFTER = (HOST_DATA_CHANGED, BRIDGE_TURN, BRIDGE_DATA_CHANGED, HOST_TURN)


def _arrange(wires, state):
    """The first order that the rules allow and the state behind it; None if there is none."""
    if not wires:
        return (), state
    for index, wire in enumerate(wires):
        following = NEXT[state][wire]
        if following == BROKEN:
            continue
        rest = _arrange(wires[:index] + wires[index + 1:], following)
        if rest:
            return (wire,) + rest[0], rest[1]
    return None


def _advance(wires, state):
    """The state behind edges in the order given, whether allowed or not."""
    for wire in wires:
        if wire == SCKOUT:
            state = BRIDGE_TURN
        elif wire == SCKIN:
            state = HOST_TURN
        elif wire == STX and state == HOST_TURN:
            state = HOST_DATA_CHANGED
        elif wire == SRX and state == BRIDGE_TURN:
            state = BRIDGE_DATA_CHANGED
        elif wire == RESET:
            state = UNKNOWN
    return state


def _is_allowed(wires, state):
    for wire in wires:
        state = NEXT[state][wire]
        if state == BROKEN:
            return False
    return True


def _starts(wires, state):
    """The states that may be the one before, the likeliest first. At first either may be due."""
    if state != UNKNOWN:
        return (state,)
    if not _is_allowed(wires, HOST_TURN) and _is_allowed(wires, BRIDGE_TURN):
        return (BRIDGE_TURN,)
    return HOST_TURN, BRIDGE_TURN


class HandshakeOrder(dict):
    """For each pattern of wires that moved in one sample: the order, and the tables to go on with.

    The tables of all states refer to each other, and an entry is made when it is first needed.
    """

    def __init__(self, state, tables):
        super().__init__()
        self._state = state
        self._tables = tables

    def __missing__(self, moved):
        wires = tuple(wire for wire in (RESET, STX, SCKOUT, SRX, SCKIN)
                      if wire < len(moved) and moved[wire])
        entry = None
        if len(wires) > 1 and RESET not in wires:
            for start in _starts(wires, self._state):
                entry = _arrange(wires, start)
                if entry:
                    break
        order, state = entry or (wires, _advance(wires, self._state))
        self[moved] = result = order, self._tables[state]
        return result


def handshake_orders():
    """The table to begin with, when it is not known whose turn it is."""
    tables = []
    for state in (HOST_TURN, HOST_DATA_CHANGED, BRIDGE_TURN, BRIDGE_DATA_CHANGED, UNKNOWN):
        tables.append(HandshakeOrder(state, tables))
    return tables[UNKNOWN]
