# SPDX-License-Identifier: Apache-2.0
"""How a polling loop waits: it tries again, then lets others run, then sleeps.

Two peers and a broker share few processors in a test. The peer mostly answers within microseconds,
but on a busy machine only if it gets a processor, hence the early yields. An idle link toggles for
ever, so without pauses two ends would burn two processors. There is no timing on this link: a pause
harms nobody.
"""

import os
import time

TRIES_BEFORE_YIELD = 5
TRIES_BEFORE_SLEEP = 300
SLEEP_SECONDS = 0.0002
IDLE_PAUSE_SECONDS = 0.001


class Pacing:
    """The waiting of one polling loop."""

    def __init__(self, idle_pause_seconds=IDLE_PAUSE_SECONDS):
        self.idle_pause_seconds = idle_pause_seconds
        self.tries = 0

    def moved(self):
        """The peer answered: it will probably do so again soon."""
        self.tries = 0

    def waited(self):
        """The peer has not answered yet."""
        self.tries += 1
        if self.tries > TRIES_BEFORE_SLEEP:
            time.sleep(SLEEP_SECONDS)
        elif self.tries > TRIES_BEFORE_YIELD:
            os.sched_yield()

    def idled(self):
        """A character in which neither end had anything to say."""
        if self.idle_pause_seconds:
            time.sleep(self.idle_pause_seconds)
