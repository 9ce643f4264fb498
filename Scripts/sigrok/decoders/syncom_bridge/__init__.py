# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""The messages between a host and an MQTT bridge on a SynCom link.

Stacks on 'syncom'. Shows each string as the message that it is: the configuration (init), a last
will, publications, subscriptions, statuses by their names, the time and the memory. A string that
is no message is shown with the field, the character and the reason. An answer is shown with the
time since its request.

The configuration carries passwords, and the bridge may repeat it in a complaint. They are masked
unless the option says otherwise; the wires, and the bits of 'syncom', still carry them.
"""

from .pd import Decoder
