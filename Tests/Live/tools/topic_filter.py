# SPDX-License-Identifier: Apache-2.0
"""Whether an MQTT topic matches a filter. Ref: MQTT 3.1.1 §4.7."""


def matches(topic_filter, topic):
    """`+` is one level, `#` is all that follow and the parent; neither sees into `$` topics."""
    if topic.startswith('$') and topic_filter[:1] in ('+', '#'):
        return False
    levels = topic.split('/')
    for place, wanted in enumerate(topic_filter.split('/')):
        if wanted == '#':
            return True
        if place >= len(levels) or wanted not in ('+', levels[place]):
            return False
    return len(levels) == topic_filter.count('/') + 1
