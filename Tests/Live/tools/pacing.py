# SPDX-License-Identifier: Apache-2.0
"""How a polling loop waits: it spins a little, as the peer mostly answers at once, then sleeps.

Two peers and a broker share few processors in a test. An idle link toggles for ever, so without
pauses two ends would burn two of them. There is no timing on this link, hence a pause harms nobody.
"""

import time

SPINS_BEFORE_SLEEP = 200
SLEEP_SECONDS = 0.0002
IDLE_PAUSE_SECONDS = 0.001


class Pacing:
    """Spins and sleeps for one polling loop."""

    def __init__(self, idle_pause_seconds=IDLE_PAUSE_SECONDS):
        self.idle_pause_seconds = idle_pause_seconds
        self.spins = 0

    def moved(self):
        """The peer answered: it will probably do so again soon."""
        self.spins = 0

    def waited(self):
        """The peer has not answered yet."""
        self.spins += 1
        if self.spins > SPINS_BEFORE_SLEEP:
            time.sleep(SLEEP_SECONDS)

    def idled(self):
        """A character in which neither end had anything to say."""
        if self.idle_pause_seconds:
            time.sleep(self.idle_pause_seconds)
