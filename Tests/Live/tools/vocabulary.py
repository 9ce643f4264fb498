# SPDX-License-Identifier: Apache-2.0
"""The words of the two ends: commands, their fields, and status numbers."""

SEPARATOR = '\x7f'
SECONDS_1970_TO_2000 = 946684800

INIT = 'init'
WILL = 'w'
PUBLISH = 'p'
SUBSCRIBE = 's'
TIME = 'i'
MEMORY = 'm'
STATUS = 't'
MESSAGE = 'u'
COMMANDS = (INIT, WILL, PUBLISH, SUBSCRIBE, TIME, MEMORY)

INIT_FIELDS = (
    'ssid', 'password', 'broker', 'mqtt_user', 'mqtt_pw', 'ssl_params', 'use_default_net', 'port',
    'ssl', 'fast', 'keepalive', 'debug', 'clean_session', 'max_repubs', 'response_time',
    'ping_interval', 'timeserver',
)
INIT_NUMBERS = (
    'use_default_net', 'port', 'ssl', 'fast', 'keepalive', 'debug', 'clean_session', 'max_repubs',
    'response_time', 'ping_interval',
)
PUBLISH_FIELDS = 4
SUBSCRIBE_FIELDS = 2
MESSAGE_FIELDS = 3
MEMORY_FIELDS = 2

BROKER_OK = 0
BROKER_CHECK = 1
DEFNET = 2
SPECNET = 3
PUBOK = 4
RUNNING = 5
UNKNOWN = 6
WILLOK = 7
BROKER_FAIL = 8
WIFI_UP = 9
WIFI_DOWN = 10
ESP_FAIL = 11
NO_NET = 12

STATUS_NAMES = (
    'BROKER_OK', 'BROKER_CHECK', 'DEFNET', 'SPECNET', 'PUBOK', 'RUNNING', 'UNKNOWN', 'WILLOK',
    'BROKER_FAIL', 'WIFI_UP', 'WIFI_DOWN', 'ESP_FAIL', 'NO_NET',
)
STATUSES_ON_WIRE = range(ESP_FAIL)


def join(*fields):
    """The string of these fields."""
    return SEPARATOR.join(str(field) for field in fields)


def split(string):
    """The fields of a string; the first is the command."""
    return string.split(SEPARATOR)


def is_carried(text):
    """Whether a topic or a message can be one field of a string: characters 1...126 only."""
    return all(0 < ord(character) < ord(SEPARATOR) for character in text)
