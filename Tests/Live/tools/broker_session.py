# SPDX-License-Identifier: Apache-2.0
"""What the bridge wants from a broker, real or not: its settings, publications and messages.

A broker is any object with these:

  state                    one of the four below
  reason                   why it is FAILED or DOWN, in words
  incoming                 a deque of `Incoming`, oldest first
  begin(settings, will)    starts to connect
  poll(now)                does what is due, never blocks
  publish(publication)     carries it out; `publication.done` turns true
  subscribe(filter, qos)   and again by itself after every outage
  radio(in_range)          False cuts everything off without a word, True lets it return
  close()                  lets go of everything, without a word: the device was reset
"""

import dataclasses
import typing

CONNECTING = 'connecting'
UP = 'up'
DOWN = 'down'
FAILED = 'failed'


@dataclasses.dataclass
class Settings:
    """The part of `init` that concerns the broker."""

    host: str
    port: int
    user: str
    password: str
    keepalive: int
    clean_session: bool
    resume: bool
    max_repubs: int
    response_time: int
    ping_interval: int
    client_id: str


@dataclasses.dataclass
class Publication:
    """A message on its way to the broker; also the last will."""

    topic: str
    message: str
    retain: bool
    qos: int
    done: bool = False


@dataclasses.dataclass
class Incoming:
    """A message from the broker. `acknowledge()` is called when the host has it."""

    topic: bytes
    message: bytes
    retained: bool
    acknowledge: typing.Callable[[], None]
