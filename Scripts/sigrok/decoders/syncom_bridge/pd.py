# SPDX-License-Identifier: Apache-2.0
#
# Part of synscope, under the Apache License, Version 2.0, as the rest of it. libsigrokdecode, which
# loads this file, is under the GNU GPL, version 3 or later; that licence allows the combination,
# and a work that holds both is under the GPL as a whole.

import collections

import sigrokdecode as srd

from syncom.lane import BRIDGE, HOST, WHOLE
from syncom.secrets import Secrets
from syncom.vocabulary import PUBOK, SPECNET, Malformed, describe, parse, quoted

ANN_HOST, ANN_BRIDGE, ANN_STATUS, ANN_PROBLEM, ANN_LATENCY = range(5)

PARTS = {'headless': 'its begin is missing', 'damaged': 'edges are missing inside',
         'unfinished': 'cut off'}

# The request that a kind of message answers.
REQUESTS = {'time': 'time-request', 'memory': 'memory-request'}
REQUEST_NAMES = {'publish': 'publish', 'time-request': 'time?', 'memory-request': 'memory?'}
# The oldest of more requests that wait for an answer is forgotten.
PENDING_MAX = 1_024


class Decoder(srd.Decoder):
    api_version = 3
    id = 'syncom_bridge'
    name = 'SynCom bridge'
    longname = 'SynCom messages of an MQTT bridge'
    desc = 'Messages between a host and an MQTT bridge.'
    license = 'apache-2.0'
    inputs = ['syncom']
    outputs = []
    tags = ['Embedded/industrial', 'Networking']
    options = (
        {'id': 'secrets', 'desc': 'Passwords', 'default': 'mask', 'values': ('mask', 'show')},
    )
    annotations = (
        ('host-message', 'Host message'),
        ('bridge-message', 'Bridge message'),
        ('status', 'Status'),
        ('problem', 'No message'),
        ('latency', 'Latency'),
    )
    annotation_rows = (
        ('host-messages', 'Host messages', (ANN_HOST,)),
        ('bridge-messages', 'Bridge messages', (ANN_BRIDGE, ANN_STATUS)),
        ('problems', 'No messages', (ANN_PROBLEM,)),
        ('latencies', 'Latencies', (ANN_LATENCY,)),
    )

    def __init__(self):
        self.reset()

    def reset(self):
        self.samplerate = None
        self.secrets = Secrets()
        self._restart()

    def _restart(self):
        """A new session forgets the requests of the one before."""
        self.pending = collections.deque(maxlen=PENDING_MAX)
        self.awaits_answer = False

    def metadata(self, key, value):
        if key == srd.SRD_CONF_SAMPLERATE:
            self.samplerate = value

    def start(self):
        self.out_ann = self.register(srd.OUTPUT_ANN)
        self.masks = self.options['secrets'] == 'mask'

    def decode(self, ss, es, data):
        kind, value = data
        if kind == 'STRING':
            self._take(ss, es, *value[:3])
        elif kind in ('RESET', 'SYNC'):
            self._restart()
        elif kind == 'GAP':
            # An answer can be among what is missing, or a request.
            self.pending.clear()

    def _take(self, ss, es, end, characters, condition):
        shown = self.secrets.mask(characters, end) if self.masks else characters
        if condition != WHOLE:
            self._put(ss, es, ANN_PROBLEM, 'part of a frame (%s): %s' % (
                PARTS[condition], quoted(shown)), 'part')
            return
        try:
            message = parse(characters, end, self.awaits_answer)
        except Malformed as problem:
            self._put(ss, es, ANN_PROBLEM, 'no message: %s, field %d, character %d: %s' % (
                problem.reason, problem.field, problem.offset, quoted(shown)), 'no message')
            return
        short = message.kind
        if message.kind == 'status':
            short = '%d' % message.status
        row = ANN_HOST
        if end == BRIDGE:
            row = ANN_STATUS if message.kind in ('status', 'unknown') else ANN_BRIDGE
        self._put(ss, es, row, describe(message, shown), short)
        self._follow(es, message, end)

    def _put(self, ss, es, row, text, short):
        self.put(ss, es, self.out_ann, [row, [text, short]])

    def _follow(self, es, message, end):
        if end == HOST:
            self.awaits_answer = False
            if message.kind in REQUEST_NAMES:
                self.pending.append((message.kind, es))
            return
        status = getattr(message, 'status', None)
        if status is not None:
            self.awaits_answer = status == SPECNET
        kind = 'publish' if status == PUBOK else REQUESTS.get(message.kind)
        if kind is None or self.samplerate is None:
            return
        for request in self.pending:
            if request[0] == kind:
                self.pending.remove(request)
                seconds = (es - request[1]) / self.samplerate
                self.put(request[1], es, self.out_ann, [ANN_LATENCY, [
                    '%s %s after %s' % (message.kind, _span(seconds), REQUEST_NAMES[kind]),
                    _span(seconds)]])
                return


def _span(seconds):
    return '%.3f s' % seconds if seconds >= 1 else '%.1f ms' % (seconds * 1000)
