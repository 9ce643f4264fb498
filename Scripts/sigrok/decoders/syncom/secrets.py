# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""Which characters of a string are secret: passwords and TLS parameters, and in doubt more.

The bridge's `init` carries them, and a status UNKNOWN can repeat it. A decoder reads a capture
once, so a value is masked from the string on that shows it to be secret.
"""

import re

from .lane import BRIDGE, HOST
from .vocabulary import INITIALISE_FIELDS, Malformed, parse, parse_or_none

SECRET_FIELDS = tuple(INITIALISE_FIELDS.index(name) + 1
                      for name in ('password', 'mqtt_pw', 'ssl_params'))
NUMBER_FIELDS = range(7, 17)
VALUES_MAX = 32
VALUE_LENGTH_MAX = 256
# Shorter values are found as whole fields only.
SUBSTRING_LENGTH_MIN = 4
FIELDS_MAX_BESIDES_INIT = 5
SEPARATOR = 0x7F
MASK = ord('*')

SECRET_KEY = re.compile(
    rb'"(?:pw|pwd|psk|key|mqtt_pw'
    rb'|[^"]*(?:password|passwd|passphrase|secret|token|ssl_params)[^"]*)"'
    rb'\s*:|^\s*\[\s*"init"|\\u', re.IGNORECASE)


def _fields(characters, start=0):
    """Each field with the place at which it begins."""
    for field in characters.split(b'\x7f'):
        yield start, field
        start += len(field) + 1


def _is_vocabulary(characters):
    message = parse_or_none(characters, HOST)
    return message is not None and message.kind not in ('command', 'answer')


def _is_secret(field, index):
    return index in SECRET_FIELDS and field != b'' and not (
        index == SECRET_FIELDS[2] and field == b'{}')


def _offending(characters):
    """Where the string begins that an UNKNOWN repeats."""
    return sum(len(field) + 1 for field in characters.split(b'\x7f')[:3])


class Secrets:
    """Masks strings, and remembers what was secret."""

    def __init__(self):
        self.values = []

    def mask(self, characters, end):
        """A string with every secret character replaced by *; its fields stay."""
        self._learn(characters, end)
        places = set()
        self._collect(characters, 0, end, places)
        self._collect_values(characters, 0, end, places)
        masked = bytearray(characters)
        for place in places:
            if masked[place] != SEPARATOR:
                masked[place] = MASK
        return bytes(masked)

    # By the string itself.

    def _collect(self, characters, base, end, places):
        fields = list(_fields(characters, base))
        first = fields[0][1]
        if first == b'init':
            self._collect_initialise(characters, base, places)
            return
        if end == HOST:
            if _is_vocabulary(characters):
                return
        else:
            message = parse_or_none(characters, BRIDGE)
            if message:
                if message.kind == 'unknown':
                    start = _offending(characters)
                    self._collect(characters[start:], base + start, HOST, places)
                return
        key = SECRET_KEY.search(characters)
        if key and characters.lstrip()[:1] in (b'{', b'[') or key and b'"' in characters:
            places.update(range(base + key.end(), base + len(characters)))
        self._collect_wreck(characters, fields, end, places)

    def _collect_initialise(self, characters, base, places):
        """In a damaged one, fields may have merged or split: all are secret."""
        is_damaged = False
        try:
            parse(characters, HOST)
        except Malformed as problem:
            is_damaged = problem.offset != len(characters)
        for index, (start, field) in enumerate(_fields(characters, base)):
            if index > 0 if is_damaged else _is_secret(field, index):
                places.update(range(start, start + len(field)))

    def _collect_wreck(self, characters, fields, end, places):
        """A string that is no message may be an `init` that was damaged or read wrongly."""
        first = fields[0][1]
        if end == BRIDGE:
            is_plausible = first in (b'u', b'x') or (
                first == b't' and len(fields) <= FIELDS_MAX_BESIDES_INIT)
        else:
            is_plausible = first in (b'w', b'p', b's') and len(fields) <= FIELDS_MAX_BESIDES_INIT
        is_wrong = not _is_typed(characters)
        hides_first = is_wrong or not is_plausible and len(fields) > FIELDS_MAX_BESIDES_INIT
        hides_others = is_wrong or not is_plausible and (
            len(fields) >= 4 or _resembles_initialise(first))
        base = fields[0][0]
        for index, (start, field) in enumerate(fields):
            if hides_first if index == 0 else hides_others:
                places.update(range(start, start + len(field)))
            if index > 0 and field.endswith(b'init'):
                begin = start + len(field) - 4
                self._collect_initialise(characters[begin - base:], begin, places)

    # By what was secret before.

    def _learn(self, characters, end):
        string = characters
        if end == BRIDGE:
            message = parse_or_none(characters, BRIDGE)
            if not message or message.kind != 'unknown':
                return
            string = characters[_offending(characters):]
        if not string.startswith(b'init\x7f'):
            return
        try:
            parse(string, HOST)
        except Malformed as problem:
            if problem.offset < len(string):
                return
        fields = string.split(b'\x7f')
        for index, field in enumerate(fields[:-1]):
            value = field[:VALUE_LENGTH_MAX]
            if _is_secret(field, index) and value not in self.values:
                self.values = self.values[-(VALUES_MAX - 1):] + [value]

    def _collect_values(self, characters, base, end, places):
        if not self.values:
            return
        message = parse_or_none(characters, end)
        kind = message.kind if message else None
        texts = {'will': range(1, 3), 'publish': range(1, 3), 'message': range(1, 3),
                 'subscribe': range(1, 2), 'unknown': range(2, 3), 'time': (), 'memory': (),
                 'status': (), 'time-request': (), 'memory-request': ()}.get(kind)
        if kind == 'init':
            texts = [index for index in range(1, characters.count(b'\x7f') + 1)
                     if index not in NUMBER_FIELDS]
        if texts is None:
            for value in self.values:
                _find(value, characters, base, places)
            return
        for index, (start, field) in enumerate(_fields(characters, base)):
            if index in texts:
                for value in self.values:
                    if len(value) >= SUBSTRING_LENGTH_MIN:
                        _find(value, field, start, places)
                    elif field == value:
                        places.update(range(start, start + len(field)))
        if kind == 'unknown':
            start = _offending(characters)
            self._collect_values(characters[start:], base + start, HOST, places)


def _find(value, characters, base, places):
    start = characters.find(value)
    while start >= 0:
        stop = start + len(value)
        if len(value) == VALUE_LENGTH_MAX:
            # The value may go on: it was too long to remember.
            rest = characters.find(b'\x7f', stop)
            stop = rest if rest >= 0 else len(characters)
        places.update(range(base + start, base + stop))
        start = characters.find(value, start + 1)


def _is_typed(characters):
    """Whether it is UTF-8 with no control characters but those of text and the separator."""
    try:
        characters.decode()
    except UnicodeDecodeError:
        return False
    return all(character >= 0x20 or character in b'\t\n\r' for character in characters)


def _resembles_initialise(field):
    if field in (b'nit', b'it') or field.endswith(b'init'):
        return True
    return len(field) == 4 and sum(a != b for a, b in zip(field, b'init')) <= 2
