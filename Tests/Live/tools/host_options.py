# SPDX-License-Identifier: Apache-2.0
"""What the host tells the bridge in `init` and `w`, as options with harmless defaults."""

import vocabulary as words

DEFAULTS = {
    'ssid': 'testnet', 'password': 'testpassword', 'broker': '127.0.0.1', 'mqtt_user': '',
    'mqtt_pw': '', 'ssl_params': '{}', 'use_default_net': 1, 'port': 0, 'ssl': 0, 'fast': 1,
    'keepalive': 60, 'debug': 0, 'clean_session': 1, 'max_repubs': 4, 'response_time': 10,
    'ping_interval': 0, 'timeserver': '127.0.0.1',
}
RESUME = 1


def add_options(parser):
    """One option for each field of `init`, in the order of the fields, and the last will."""
    group = parser.add_argument_group('what the bridge is told')
    for name in words.INIT_FIELDS:
        kind = int if name in words.INIT_NUMBERS else str
        group.add_argument('--' + name.replace('_', '-'), type=kind, default=DEFAULTS[name],
                           help=f'({DEFAULTS[name]!r})')
    group.add_argument('--will', nargs=4, metavar=('TOPIC', 'MESSAGE', 'RETAIN', 'QOS'),
                       help='the last will; RETAIN is True or False')
    group.add_argument('--resume', action='store_true',
                       help='from the second start on, ask for the old session in one more field')
    group.add_argument('--extra-field', action='append', default=[], metavar='TEXT',
                       help='one more field after those of init; can be repeated')


def init_fields(options, start):
    """The fields of `init` for this start, which counts from 1."""
    fields = [getattr(options, name) for name in words.INIT_FIELDS]
    if options.resume and start > 1:
        fields.append(RESUME)
    return fields + options.extra_field
