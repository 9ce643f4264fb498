# SPDX-License-Identifier: Apache-2.0
"""What a host does once it is ready, step by step, and what it expects.

A script is a JSON list. `{n}` in a message is the number of the repetition, from 0. "within" is in
seconds, 10 unless told.

  {"op": "publish", "topic": "a", "message": "b {n}", "qos": 1, "retain": false,
   "count": 1, "interval": 0, "within": 60}    one at a time; qos 1 again after a restart
  {"op": "subscribe", "topic": "a/#", "qos": 1}
  {"op": "time", "within": 10, "tolerance": 5}   5 s from this machine's clock; or "failed": true
  {"op": "memory"}
  {"op": "raw", "fields": ["zz"]}  or  {"op": "raw", "string": "zz"}
  {"op": "wait", "seconds": 1}
  {"op": "freeze", "seconds": 3}  the host itself toggles no more
  {"op": "restart"}               the host resets the bridge
  {"op": "ready", "starts": 2, "within": 30}   until Wi-Fi is up, after at least so many starts
  {"expect": "u", "topic": "a", "message": "b {n}", "retained": false, "count": 1, "within": 5}
  {"expect": "t", "status": 10, "within": 5}     likewise "i" and "m"
  {"refuse": "u", "topic": "a", "for": 2}        nothing like it comes for so long

A command is sent as soon as the bridge runs, also while it is without Wi-Fi. An expectation claims
the oldest string that fits, also one that came before; fields that it does not name may be anything.
With "count" the strings must come in that order. "refuse" looks at all that no
expectation has claimed.
"""

import time

import vocabulary as words

WITHIN_SECONDS = 10
PUBLISH_WITHIN_SECONDS = 60
FIELDS_NEEDED = {
    'publish': ('topic',), 'subscribe': ('topic',), 'wait': ('seconds',), 'freeze': ('seconds',),
    'refuse': ('for',),
}
FIELD_PLACES = {
    words.MESSAGE: {'topic': 1, 'message': 2, 'retained': 3},
    words.STATUS: {'status': 1},
    words.TIME: {'seconds': 1},
    words.MEMORY: {'free': 1, 'allocated': 2},
}


class ScriptError(Exception):
    """A script that is none; the message shows the step."""


class Disappointed(Exception):
    """An expectation that did not come true."""


class HostScript:
    """Runs the steps against a `HostSession`; `run` is a generator that ends with the script."""

    def __init__(self, steps, session, log):
        self.steps = steps
        self.session = session
        self.log = log
        self.operations = {
            'publish': self._publish, 'subscribe': self._subscribe, 'time': self._time,
            'memory': self._memory, 'raw': self._raw, 'wait': self._wait, 'freeze': self._freeze,
            'restart': self._restart, 'ready': self._ready,
        }
        self._check()

    def _check(self):
        if not isinstance(self.steps, list):
            raise ScriptError('a script is a JSON list')
        for step in self.steps:
            known = isinstance(step, dict) and (
                step.get('op') in self.operations
                or (step.get('expect') or step.get('refuse')) in FIELD_PLACES)
            if not known:
                raise ScriptError(f'no step of a host: {step!r}')
            kind = step.get('op', 'refuse' if 'refuse' in step else None)
            missing = [name for name in FIELDS_NEEDED.get(kind, ()) if name not in step]
            if missing or kind == 'raw' and not ('string' in step or 'fields' in step):
                raise ScriptError(f'a step lacks {missing or "string or fields"}: {step!r}')

    def run(self):
        yield from self._until(lambda: self.session.ready, None, 'ready')
        for number, step in enumerate(self.steps):
            self.log.write('step', number=number, step=step)
            if 'expect' in step:
                yield from self._expect(step)
            elif 'refuse' in step:
                yield from self._refuse(step)
            else:
                yield from self.operations[step['op']](step)

    def _until(self, condition, within, what):
        """Waits; None waits for ever, which `--timeout` of the program ends."""
        end = None if within is None else self.session.now + within
        while not condition():
            if end is not None and self.session.now > end:
                raise Disappointed(f'not within {within} s: {what}')
            yield

    def _started(self, within):
        yield from self._until(lambda: self.session.started, within, 'a running bridge')

    def _publish(self, step):
        for repetition in range(step.get('count', 1)):
            message = step.get('message', '').replace('{n}', str(repetition))
            yield from self._publish_one(step, message)
            yield from self._pause(step.get('interval', 0))

    def _publish_one(self, step, message):
        session, qos = self.session, step.get('qos', 0)
        string = words.join(words.PUBLISH, step['topic'], message, int(step.get('retain', False)),
                            qos)
        end = session.now + step.get('within', PUBLISH_WITHIN_SECONDS)
        while True:
            yield from self._started(end - session.now)
            done, start = session.pubok_count, session.starts
            session.send(string)
            yield from self._until(
                lambda: session.pubok_count > done or session.starts > start,
                end - session.now, f't 4 for {message!r}')
            if session.pubok_count > done:
                return
            self.log.write('publication interrupted', message=message, again=bool(qos))
            if not qos:
                return

    def _subscribe(self, step):
        self.session.subscribe(step['topic'], step.get('qos', 0))
        yield

    def _time(self, step):
        yield from self._started(step.get('within'))
        self.session.send(words.TIME)
        fields = yield from self._claim({'expect': words.TIME}, step.get('within', WITHIN_SECONDS))
        answer = int(fields[1])
        if step.get('failed'):
            if answer:
                raise Disappointed(f'time is {answer}, not the 0 of a failure')
            return
        error = answer + words.SECONDS_1970_TO_2000 - time.time()
        if not answer or abs(error) > step.get('tolerance', float('inf')):
            raise Disappointed(f'time is {answer}, {error:.1f} s off')

    def _memory(self, step):
        yield from self._started(step.get('within'))
        self.session.send(words.MEMORY)
        yield from self._claim({'expect': words.MEMORY}, step.get('within', WITHIN_SECONDS))

    def _raw(self, step):
        yield from self._started(step.get('within'))
        string = step['string'] if 'string' in step else words.join(*step['fields'])
        self.session.send(string)

    def _wait(self, step):
        yield from self._pause(step['seconds'])

    def _freeze(self, step):
        self.session.frozen_until = self.session.now + step['seconds']
        yield from self._until(lambda: self.session.frozen_until is None, None, 'thawed')

    def _restart(self, step):
        start = self.session.starts
        self.session.restart_wanted = True
        yield from self._until(lambda: self.session.starts > start, None, 'restarted')

    def _ready(self, step):
        starts = step.get('starts', 1)
        yield from self._until(lambda: self.session.ready and self.session.starts >= starts,
                               step.get('within', WITHIN_SECONDS), f'ready after {starts} starts')

    def _pause(self, seconds):
        end = self.session.now + seconds
        while self.session.now < end:
            yield

    def _expect(self, step):
        for repetition in range(step.get('count', 1)):
            wanted = dict(step)
            if 'message' in wanted:
                wanted['message'] = wanted['message'].replace('{n}', str(repetition))
            yield from self._claim(wanted, step.get('within', WITHIN_SECONDS))

    def _claim(self, wanted, within):
        """Waits for a string that fits, takes it away and returns its fields."""
        unclaimed, found = self.session.unclaimed, []
        looked_at = 0

        def look():
            nonlocal looked_at
            while looked_at < len(unclaimed):
                if fits(unclaimed[looked_at], wanted['expect'], wanted):
                    found.append(unclaimed[looked_at])
                    del unclaimed[looked_at]
                    return True
                looked_at += 1
            return False

        yield from self._until(look, within, f'{wanted}')
        return found[0]

    def _refuse(self, step):
        yield from self._pause(step['for'])
        for fields in self.session.unclaimed:
            if fits(fields, step['refuse'], step):
                raise Disappointed(f'came all the same: {fields}')


def fits(fields, command, wanted):
    """Whether a string has this command and every field that `wanted` names."""
    places = FIELD_PLACES[command]
    return fields[0] == command and all(
        place < len(fields) and fields[place] == str(wanted[name])
        for name, place in places.items() if name in wanted)
