# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""SynCom is a self-clocked link of five wires between two boards: a host without a network and a
bridge that has Wi-Fi. A bit moves in each direction for every toggle of a clock, each end waits for
the other's toggle, and there is no bit rate.

Wires, by the host's names: reset (host to bridge, active low, optional here), stx and sckout (the
host's data and clock), srx and sckin (the bridge's data and clock).

Both ends begin with the pattern 0x9d, least significant bit first. Characters of seven bits (or
eight) follow, and a zero character ends a string. The decoder finds its place by the pattern after
a reset, by the pattern alone where no reset was recorded, and by sense where a capture begins in
the middle of a running link. Edges that fall into one sample are put into the order in which the
ends must have made them.

Stack 'syncom_bridge' on it to read the strings as messages between host and bridge.
"""

from .pd import Decoder
