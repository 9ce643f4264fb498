# SPDX-License-Identifier: Apache-2.0
"""A real broker behind a socket that never blocks: the bridge's MQTT client, without TLS."""

import collections
import errno
import os
import socket

import mqtt_packets as mqtt
from broker_session import CONNECTING, DOWN, FAILED, UP, Incoming

CONNECT_TIMEOUT_SECONDS = 10
RECONNECT_SECONDS = 1
SECOND_CONNECTION_SECONDS = 2
PING_SECONDS_WITHOUT_KEEPALIVE = 20
PINGS_PER_KEEPALIVE = 4
SILENT_PINGS_MAX = 4
READ_BYTES = 65536
UNREAD_MESSAGES_MAX = 1000


class ConnectionLost(Exception):
    """The connection is over; the message says why."""


class MQTTBroker:
    """See broker_session.py.

    With `clean_session` false, and unless the session is to be resumed, the first connection is
    made clean, closed, and made again unclean: so a restart finds no messages of before.
    """

    def __init__(self):
        self.state = CONNECTING
        self.reason = ''
        self.incoming = collections.deque()
        self.filters = {}
        self.settings = None
        self.socket = None
        self.connect_at = 0.0
        self.unsent = bytearray()
        self.unread = bytearray()
        self.packet_id = 0
        self.in_flight = None
        self.has_been_up = False
        self.in_range = True
        self.now = 0.0

    def begin(self, settings, will):
        self.settings = settings
        self.will = will
        self.clean = settings.clean_session or not settings.resume
        self.erasing = self.clean and not settings.clean_session
        self.ping_seconds = self._ping_seconds()

    def poll(self, now):
        self.now = now
        if self.socket is None:
            wanted = self.settings is not None and self.in_range and self.state != FAILED
            if wanted and now >= self.connect_at:
                self._open()
            return
        try:
            self._write()
            self._read()
            self._keep_alive()
        except (ConnectionLost, mqtt.PacketError, OSError) as error:
            self._lost(str(error))

    def publish(self, publication):
        if publication.qos:
            self.in_flight = publication
            self._send_in_flight(again=False)
        else:
            self._send(mqtt.publish(publication, 0, again=False))
            publication.done = True

    def subscribe(self, topic_filter, qos):
        self.filters[topic_filter] = qos
        if self.state == UP:
            self._send(mqtt.subscribe(topic_filter, qos, self._next_id()))

    def radio(self, in_range):
        self.in_range = in_range
        if not in_range:
            self._drop('out of range')

    def close(self):
        self._drop('reset')

    def _ping_seconds(self):
        seconds = self.settings.keepalive / PINGS_PER_KEEPALIVE or PING_SECONDS_WITHOUT_KEEPALIVE
        return min(seconds, self.settings.ping_interval or seconds)

    def _open(self):
        self.unsent.clear()
        self.unread.clear()
        self.heard_at = self.pinged_at = self.opened_at = self.now
        try:
            address = (self.settings.host, self.settings.port)
            family, kind, protocol, _, target = socket.getaddrinfo(
                *address, type=socket.SOCK_STREAM)[0]
            self.socket = socket.socket(family, kind, protocol)
            self.socket.setblocking(False)
            error = self.socket.connect_ex(target)
            if error not in (0, errno.EINPROGRESS):
                raise ConnectionLost(os.strerror(error))
        except (ConnectionLost, OSError) as error:
            self._lost(str(error))
            return
        self.unsent += mqtt.connect(self.settings, self.will, self.clean)

    def _lost(self, reason):
        """Before the first success that is final, afterwards it is tried again."""
        self._drop(reason)
        if not self.has_been_up:
            self.state = FAILED
        self.connect_at = self.now + RECONNECT_SECONDS

    def _drop(self, reason):
        if self.socket is not None:
            self.socket.close()
            self.socket = None
        self.reason = reason
        self.state = DOWN

    def _send(self, packet):
        self.unsent += packet

    def _write(self):
        if not self.unsent:
            return
        try:
            del self.unsent[:self.socket.send(self.unsent)]
        except BlockingIOError:
            return

    def _read(self):
        if len(self.incoming) >= UNREAD_MESSAGES_MAX:
            self.heard_at = self.now
            return
        try:
            found = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        if not found:
            raise ConnectionLost('the broker closed the connection')
        self.heard_at = self.now
        self.unread += found
        while self.socket is not None and (packet := mqtt.take_packet(self.unread)) is not None:
            self._take(*packet)

    def _keep_alive(self):
        if self.socket is None:
            return
        if self.state != UP:
            if self.now - self.opened_at > CONNECT_TIMEOUT_SECONDS:
                raise ConnectionLost('the broker did not answer CONNECT')
            return
        if self.now - self.heard_at > SILENT_PINGS_MAX * self.ping_seconds:
            raise ConnectionLost(f'nothing heard for {self.now - self.heard_at:.1f} s')
        if self.now - self.pinged_at >= self.ping_seconds:
            self.pinged_at = self.now
            self._send(mqtt.packet(mqtt.PINGREQ))
        if self.in_flight and self.now - self.flight_sent_at > self.settings.response_time:
            self._repeat()

    def _repeat(self):
        if self.repeats >= self.settings.max_repubs:
            raise ConnectionLost(f'no PUBACK after {self.repeats} repetitions')
        self.repeats += 1
        self.flight_sent_at = self.now
        self._send(mqtt.publish(self.in_flight, self.flight_id, again=True))

    def _send_in_flight(self, again):
        self.flight_id = self._next_id()
        self.flight_sent_at = self.now
        self.repeats = 0
        self._send(mqtt.publish(self.in_flight, self.flight_id, again))

    def _take(self, kind, flags, body):
        if kind == mqtt.CONNACK:
            self._connected(body)
        elif kind == mqtt.PUBLISH:
            self._message(flags, body)
        elif kind == mqtt.PUBACK:
            if self.in_flight and mqtt.read_id(body) == self.flight_id:
                self.in_flight.done = True
                self.in_flight = None
        elif kind not in (mqtt.SUBACK, mqtt.PINGRESP):
            raise ConnectionLost(f'a packet of kind {kind} came')

    def _connected(self, body):
        if len(body) != 2 or body[1]:
            raise ConnectionLost(f'CONNACK {body.hex()}')
        if self.erasing:
            self.erasing = False
            self.clean = False
            self.socket.sendall(mqtt.packet(mqtt.DISCONNECT))
            self.socket.close()
            self.socket = None
            self.connect_at = self.now + SECOND_CONNECTION_SECONDS
            return
        self.state = UP
        self.has_been_up = True
        self.clean = self.settings.clean_session
        for topic_filter, qos in self.filters.items():
            self._send(mqtt.subscribe(topic_filter, qos, self._next_id()))
        if self.in_flight:
            self._send_in_flight(again=False)

    def _message(self, flags, body):
        if flags >> mqtt.QOS_SHIFT & 3 > 1:
            raise ConnectionLost('a publication of qos 2 or 3 came')
        topic, packet_id, message = mqtt.read_publish(flags, body)
        connection = self.socket

        def acknowledge():
            if packet_id is not None and self.socket is connection:
                self._send(mqtt.puback(packet_id))

        retained = bool(flags & mqtt.FLAG_RETAIN)
        self.incoming.append(Incoming(topic, message, retained, acknowledge))

    def _next_id(self):
        self.packet_id = self.packet_id % mqtt.PACKET_ID_MAX + 1
        return self.packet_id
