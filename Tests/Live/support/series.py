# SPDX-License-Identifier: Apache-2.0
"""A numbered series of publications with qos 1, which goes on whatever happens to the link.

Each has a topic of its own, `series/0001` and so on, so that even a broker's log, which shows no
payloads, says which of them arrived.
"""

import time

EVERY_SECONDS = 0.05
# Far below the 64 that a host takes at once.
OPEN_MAX = 16
LOOK_SECONDS = 0.01


class Series:
    """Publishes while a test waits for something by `until` or `go_on_for`."""

    def __init__(self, host, topic='series'):
        self.host = host
        self.topic = topic
        self.count = 0
        self.open = {}
        self.accepted = []
        self.returned_count = 0
        self.next_at = 0

    def step(self):
        """Takes what has returned, and publishes if it is time."""
        self._take_returns()
        if len(self.open) < OPEN_MAX and time.monotonic() >= self.next_at:
            self._publish()
            self.next_at = time.monotonic() + EVERY_SECONDS

    def until(self, condition, what, within=60):
        """Goes on until `condition()` gives something true, and returns that."""
        end = time.monotonic() + within
        while not (result := condition()):
            if time.monotonic() > end:
                raise self.host.error(f'not within {within} s: {what}')
            self.step()
            time.sleep(LOOK_SECONDS)
        return result

    def go_on_for(self, seconds):
        """Goes on for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, 'time passes', seconds + 60)

    def until_confirmed(self, within=60):
        """Goes on until something is confirmed that was published after this was called."""
        first = self.count + 1
        self.step()
        self.until(
            lambda: any(self._number(topic) >= first for topic in self.accepted),
            f'{self.topic}: a publication is confirmed again', within)

    def finish(self, within=90):
        """Publishes no more, and waits until all have returned: what the host accepted."""
        end = time.monotonic() + within
        while self.open:
            self._take_returns()
            if time.monotonic() > end:
                raise self.host.error(
                    f'not within {within} s: the return of {sorted(self.open.values())}')
            time.sleep(LOOK_SECONDS)
        if not self.accepted:
            raise self.host.error('has confirmed nothing')
        return self.accepted

    def _publish(self):
        self.count += 1
        topic = f'{self.topic}/{self.count:04}'
        request = self.host.request('publish', topic=topic, message=str(self.count), qos=1)
        self.open[request] = topic

    def _take_returns(self):
        events = self.host.events
        for event in events[self.returned_count:]:
            if event['event'] != 'returned' or event['id'] not in self.open:
                continue
            topic = self.open.pop(event['id'])
            if event.get('result') != {'confirmed': True}:
                raise self.host.error(f'{topic} was not confirmed: {event}')
            self.accepted.append(topic)
        self.returned_count = len(events)

    @staticmethod
    def _number(topic):
        return int(topic.rpartition('/')[2])


def missing(accepted, arrived):
    """The accepted topics that are not among those that arrived, in order."""
    arrived = set(arrived)
    return [topic for topic in accepted if topic not in arrived]
