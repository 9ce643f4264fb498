# SPDX-License-Identifier: Apache-2.0
"""The fields of the host's commands, read strictly: whatever is wrong raises `BadCommand`."""

import vocabulary as words
from broker_session import Publication, Settings

DEFAULT_MQTT_PORT = 1883
QOS_LEVELS = {'0': 0, '1': 1}
FALSE_FIELDS = ('', '0', 'False')


class BadCommand(Exception):
    """A command that the bridge does not know, or one with a bad field."""


def count(fields, wanted):
    """Refuses a command with another number of fields."""
    if len(fields) != wanted:
        raise BadCommand(f'{len(fields)} fields instead of {wanted}')


def qos(field):
    """The quality of service; 2 is not for this link."""
    if field not in QOS_LEVELS:
        raise BadCommand(f'qos {field!r}')
    return QOS_LEVELS[field]


def flag(field, any_text_is_true):
    """`retain` and its like. The reference takes any text for true."""
    return field != '' if any_text_is_true else field not in FALSE_FIELDS


def number(name, field):
    """A whole number, not negative."""
    if not (field.isascii() and field.isdigit()):
        raise BadCommand(f'{name} {field!r}')
    return int(field)


def publication(fields, any_text_is_true):
    """The fields of `p` and of `w`."""
    count(fields, words.PUBLISH_FIELDS)
    topic, message, retain, quality = fields
    return Publication(topic, message, flag(retain, any_text_is_true), qos(quality))


def network(fields):
    """The fields of `init` by name, numbers as such, and whether an old session is resumed."""
    if len(fields) < len(words.INIT_FIELDS):
        raise BadCommand(f'{len(fields)} fields instead of {len(words.INIT_FIELDS)}')
    named = dict(zip(words.INIT_FIELDS, fields))
    for name in words.INIT_NUMBERS:
        named[name] = number(name, named[name])
    extra = fields[len(words.INIT_FIELDS):]
    named['resume'] = bool(extra) and flag(extra[0], any_text_is_true=False)
    return named


def settings(named, options):
    """What the broker needs of `init`, unless the command line says where the broker is."""
    host, port = named['broker'], named['port'] or DEFAULT_MQTT_PORT
    if options.broker not in (None, 'init'):
        host, _, port_text = options.broker.rpartition(':')
        port = int(port_text)
    return Settings(
        host=host, port=port, user=named['mqtt_user'], password=named['mqtt_pw'],
        keepalive=named['keepalive'], clean_session=bool(named['clean_session']),
        resume=named['resume'] and not options.reference_quirks, max_repubs=named['max_repubs'],
        response_time=named['response_time'], ping_interval=named['ping_interval'],
        client_id=options.client_id)
