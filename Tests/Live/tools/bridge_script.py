# SPDX-License-Identifier: Apache-2.0
"""What a bridge is told to do by itself, step by step, from RUNNING on.

A script is a JSON list. Every step may have "after", the seconds to wait before it:

  {"op": "message", "topic": "a", "message": "b", "retained": false, "count": 1}
  {"op": "status", "status": 10}
  {"op": "raw", "string": "zz"}  or  {"op": "raw", "fields": ["u", "a", "b", "False"]}
  {"op": "outage", "seconds": 3}
  {"op": "freeze"}
  {"op": "exit", "code": 1}       the process ends; whoever plays the reset circuit starts it again

`{n}` in a message is the number of the repetition, from 0. After a reset the script goes on where
it was, once the bridge is running again.
"""

import vocabulary as words

FIELDS_NEEDED = {
    'message': ('topic',), 'status': ('status',), 'raw': (), 'outage': ('seconds',), 'freeze': (),
    'exit': (),
}


class ScriptError(Exception):
    """A script that is none; the message shows the step."""


def check(steps):
    """Refuses a script before anything runs."""
    if not isinstance(steps, list):
        raise ScriptError('a script is a JSON list')
    for step in steps:
        if not isinstance(step, dict) or step.get('op') not in FIELDS_NEEDED:
            raise ScriptError(f'no step of a bridge: {step!r}')
        missing = [name for name in FIELDS_NEEDED[step['op']] if name not in step]
        if missing or step['op'] == 'raw' and not ('string' in step or 'fields' in step):
            raise ScriptError(f'a step lacks {missing or "string or fields"}: {step!r}')


def run(steps, session_now):
    """A generator: `session_now()` is the present session, or None while none is running."""
    for step in steps:
        session = yield from _running(session_now)
        due = session.now + step.get('after', 0)
        while session.now < due:
            yield
            session = yield from _running(session_now)
        session.log.write('script', step=step)
        _do(step, session)


def _running(session_now):
    while (session := session_now()) is None:
        yield
    return session


def _do(step, session):
    operation = step['op']
    if operation == 'message':
        for repetition in range(step.get('count', 1)):
            message = step.get('message', '').replace('{n}', str(repetition))
            retained = bool(step.get('retained', False))
            session.send(words.join(words.MESSAGE, step['topic'], message, retained))
    elif operation == 'status':
        session.status(step['status'])
    elif operation == 'raw':
        session.send(step['string'] if 'string' in step else words.join(*step['fields']))
    elif operation == 'outage':
        session.outage(step['seconds'])
    elif operation == 'freeze':
        session.freeze('the script says so')
    elif operation == 'exit':
        raise SystemExit(step.get('code', 1))
