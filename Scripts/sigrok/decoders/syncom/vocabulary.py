# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

"""The strings between host and bridge: which of them are messages, and what they say.

Strict, as the bridge's vocabulary is: what breaks a rule is malformed, and the field, the character
and the reason are told.
"""

import datetime
import json

from .lane import BRIDGE, HOST

SEPARATOR = 127
NUMBER_MAX = 99_999_999_999_999_999

STATUSES = ('BROKER_OK', 'BROKER_CHECK', 'DEFNET', 'SPECNET', 'PUBOK', 'RUNNING', 'UNKNOWN',
            'WILLOK', 'BROKER_FAIL', 'WIFI_UP', 'WIFI_DOWN', 'ESP_FAIL', 'NO_NET')
SPECNET, PUBOK, RUNNING, UNKNOWN = 3, 4, 5, 6
# A host tells itself those from here on; they never cross the wire.
HOST_LOCAL_STATUS_MIN = 11

INITIALISE_FIELDS = ('ssid', 'password', 'broker', 'mqtt_user', 'mqtt_pw', 'ssl_params',
                     'use_default_net', 'port', 'ssl', 'fast', 'keepalive', 'debug',
                     'clean_session', 'max_repubs', 'response_time', 'ping_interval', 'timeserver')
INITIALISE_NUMBERS_MAX = {7: 1, 8: 0xFFFF, 9: 1, 10: 1, 11: 0xFFFF, 12: 1, 13: 1,
                          14: 0xFFFFFFFF, 15: 0xFFFFFFFF, 16: 0xFFFFFFFF}


class Malformed(Exception):
    """Why a string is no message."""

    def __init__(self, reason, field, offset):
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.offset = offset


class Message:
    """What a string says: its kind, and the values that are not just text."""

    def __init__(self, kind, **values):
        self.kind = kind
        self.__dict__.update(values)


class _Reader:
    """The fields of a string from left to right."""

    def __init__(self, characters):
        self.fields = characters.split(b'\x7f')
        self.length = len(characters)
        self.index = 0
        self.offset = 0

    def field(self):
        self.offset += len(self.fields[self.index]) + 1
        self.index += 1
        if self.index == len(self.fields):
            raise Malformed('missing field', self.index, self.length)
        return self.fields[self.index]

    def fail(self, reason, place=0):
        raise Malformed(reason, self.index, self.offset + place)

    def topic(self):
        field = self.field()
        if not field:
            self.fail('empty field')
        return field

    def number(self, greatest=NUMBER_MAX):
        field = self.field()
        if not field:
            self.fail('empty field')
        for place, digit in enumerate(field):
            if not 0x30 <= digit <= 0x39:
                self.fail('not a number', place)
        if field[0] == 0x30 and len(field) > 1:
            self.fail('not a number')
        # A field without a bound could hold more digits than Python cares to read.
        if len(field) > len(str(NUMBER_MAX)) or int(field) > greatest:
            self.fail('out of range')
        return int(field)

    def flag_of(self, spellings):
        field = self.field()
        if field not in spellings:
            self.fail('neither true nor false')
        return field in (b'1', b'True')

    def escaped(self, may_be_empty):
        field = self.field()
        unescaped = bytearray()
        place = 0
        while place < len(field):
            character = field[place]
            if character != 0x5C:
                unescaped.append(character)
                place += 1
                continue
            digits = field[place + 1:place + 3]
            if len(digits) < 2 or any(digit not in b'0123456789ABCDEF' for digit in digits):
                self.fail('not an escape', place)
            value = int(digits, 16)
            if 1 <= value <= 126 and value != 0x5C:
                self.fail('not an escape', place)
            unescaped.append(value)
            place += 3
        if not unescaped and not may_be_empty:
            self.fail('empty field')

    def finish(self):
        if self.index + 1 < len(self.fields):
            self.offset += len(self.fields[self.index]) + 1
            self.index += 1
            self.fail('surplus field')


def _read_publication(reader):
    reader.topic()
    reader.field()
    retain = reader.flag_of((b'', b'0', b'1', b'False', b'True'))
    return {'retain': retain, 'qos': reader.number(1)}


def _read_initialise(reader):
    values = {}
    for index, name in enumerate(INITIALISE_FIELDS, 1):
        greatest = INITIALISE_NUMBERS_MAX.get(index)
        values[name] = reader.field() if greatest is None else reader.number(greatest)
    while reader.index + 1 < len(reader.fields):
        reader.field()
    return values


def parse(characters, end, awaits_answer=False):
    """The message that a string is.

    `awaits_answer`: the bridge has asked whether it may use another network, and any string of the
    host that is no command is the answer.
    """
    reader = _Reader(characters)
    command = reader.fields[0]
    message = (_parse_host if end == HOST else _parse_bridge)(reader, command)
    if message is None:
        if end == BRIDGE:
            reader.fail('unknown command')
        if awaits_answer:
            return Message('answer')
        if not command:
            reader.fail('empty field')
        if any(character < 0x21 or character > 0x7E for character in command):
            reader.fail('unknown command')
        return Message('command')
    if message.kind != 'unknown':
        reader.finish()
    return message


def _parse_host(reader, command):
    if command == b'w':
        return Message('will', **_read_publication(reader))
    if command == b'init':
        return Message('init', **_read_initialise(reader))
    if command == b'p':
        return Message('publish', **_read_publication(reader))
    if command == b's':
        reader.topic()
        return Message('subscribe', qos=reader.number(1))
    if command == b'i':
        return Message('time-request')
    if command == b'm':
        return Message('memory-request')
    return None


def _parse_bridge(reader, command):
    if command == b't':
        number = reader.number(len(STATUSES) - 1)
        if number >= HOST_LOCAL_STATUS_MIN:
            reader.fail('status that no bridge sends')
        if number != UNKNOWN:
            return Message('status', status=number)
        reader.field()
        reader.field()
        return Message('unknown', status=UNKNOWN)
    if command == b'u':
        reader.topic()
        reader.field()
        return Message('message', retained=reader.flag_of((b'True', b'False')))
    if command == b'x':
        reader.escaped(may_be_empty=False)
        reader.escaped(may_be_empty=True)
        return Message('message', retained=reader.flag_of((b'True', b'False')))
    if command == b'i':
        return Message('time', seconds=reader.number())
    if command == b'm':
        return Message('memory', free=reader.number(), allocated=reader.number())
    return None


def parse_or_none(characters, end):
    try:
        return parse(characters, end)
    except Malformed:
        return None


# What makes sense.


class BridgeVocabulary:
    """The messages between host and bridge."""

    def likelihood(self, characters, end):
        """How much a string looks like something that an end would send."""
        message = parse_or_none(characters, end)
        # An application's own command can be any word, so it proves nothing.
        if message and (message.kind != 'command' or characters == b'1'):
            return 'message'
        return 'text' if _is_printable(characters) else 'garbage'

    def shows_its_begin(self, message):
        """Whether a message can only be whole: no end of a longer one looks like it."""
        return SEPARATOR in message


class JSONVocabulary:
    """One JSON value a string (object mode)."""

    def likelihood(self, characters, end):
        try:
            json.loads(characters.decode())
        except (ValueError, RecursionError):
            return 'text' if _is_printable(characters) else 'garbage'
        return 'message'

    def shows_its_begin(self, message):
        return message[:1] in (b'{', b'[', b'"')


VOCABULARIES = {'bridge': BridgeVocabulary, 'json': JSONVocabulary}


def _is_printable(characters):
    return all(0x20 <= character <= 0x7F or character in b'\t\n\r' for character in characters)


# Words.


def escaped(characters):
    """Characters that cannot disturb a terminal: as they are where printable, else as \\xNN."""
    text = []
    for character in characters:
        if character == 0x5C:
            text.append('\\\\')
        elif 0x20 <= character <= 0x7E:
            text.append(chr(character))
        else:
            text.append('\\x%02x' % character)
    return ''.join(text)


def quoted(characters):
    return '"' + escaped(characters).replace('"', '\\"') + '"'


def joined(characters):
    """A string with its fields joined by |, and a | inside a field written \\x7c."""
    return '|'.join(escaped(field).replace('|', '\\x7c') for field in characters.split(b'\x7f'))


def _utc(seconds):
    try:
        moment = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return 'out of range'
    return moment.strftime('%Y-%m-%d %H:%M:%S UTC')


def _publication(fields, message):
    text = '%s %s qos=%d' % (escaped(fields[1]), quoted(fields[2]), message.qos)
    return text + ' retain' if message.retain else text


def _initialise(fields, message):
    """The fields that tell one `init` from another."""
    words = ['init']
    for name, index in (('ssid', 1), ('password', 2), ('broker', 3), ('user', 4), ('mqtt_pw', 5)):
        if fields[index]:
            words.append('%s=%s' % (name, escaped(fields[index])))
    if message.port:
        words.append('port=%d' % message.port)
    if message.ssl:
        words.append('ssl')
    if not message.clean_session:
        words.append('clean_session=0')
    if not message.use_default_net:
        words.append('use_default_net=0')
    return ' '.join(words) + ' …'


def describe(message, characters):
    """A message in words; `characters` are those that may be shown."""
    fields = characters.split(b'\x7f')
    kind = message.kind
    if kind == 'init':
        return _initialise(fields, message)
    if kind == 'will':
        return 'last will ' + _publication(fields, message)
    if kind == 'publish':
        return 'publish ' + _publication(fields, message)
    if kind == 'subscribe':
        return 'subscribe %s qos=%d' % (escaped(fields[1]), message.qos)
    if kind == 'time-request':
        return 'time?'
    if kind == 'memory-request':
        return 'memory?'
    if kind in ('answer', 'command'):
        return '%s %s' % (kind, ' '.join(quoted(field) for field in fields))
    if kind == 'status':
        return 'status %d %s' % (message.status, STATUSES[message.status])
    if kind == 'unknown':
        return 'status 6 UNKNOWN %s %s' % (
            quoted(fields[2]), ' '.join(quoted(field) for field in fields[3:]))
    if kind == 'message':
        text = 'message %s %s' % (escaped(fields[1]), quoted(fields[2]))
        return text + ' retained' if message.retained else text
    if kind == 'time':
        if message.seconds == 0:
            return 'time unknown'
        return 'time %d (%s)' % (message.seconds, _utc(message.seconds))
    return 'memory free=%d allocated=%d' % (message.free, message.allocated)
