# SPDX-License-Identifier: Apache-2.0
"""A broker in memory with one client: what is published comes back if a subscription matches."""

import collections

from broker_session import CONNECTING, DOWN, UP, Incoming
from topic_filter import matches

RETAINED_MESSAGES_MAX = 1000


def nothing():
    """There is nobody to send an acknowledgement to."""


class LoopbackBroker:
    """See broker_session.py. It connects at once."""

    def __init__(self):
        self.reason = ''
        self.state = CONNECTING
        self.incoming = collections.deque()
        self.filters = []
        self.retained = {}

    def begin(self, settings, will):
        self.state = UP

    def poll(self, now):
        """Nothing happens by itself in here."""

    def publish(self, publication):
        if publication.retain:
            self._retain(publication)
        if any(matches(topic_filter, publication.topic) for topic_filter in self.filters):
            self._deliver(publication.topic, publication.message, retained=False)
        publication.done = True

    def subscribe(self, topic_filter, qos):
        if topic_filter not in self.filters:
            self.filters.append(topic_filter)
        for topic, message in self.retained.items():
            if matches(topic_filter, topic):
                self._deliver(topic, message, retained=True)

    def radio(self, in_range):
        self.state = UP if in_range else DOWN

    def close(self):
        self.state = DOWN
        self.incoming.clear()

    def _retain(self, publication):
        if not publication.message:
            self.retained.pop(publication.topic, None)
        elif publication.topic in self.retained or len(self.retained) < RETAINED_MESSAGES_MAX:
            self.retained[publication.topic] = publication.message

    def _deliver(self, topic, message, retained):
        self.incoming.append(Incoming(topic.encode(), message.encode(), retained, nothing))
