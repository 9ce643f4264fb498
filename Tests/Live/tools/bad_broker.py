#!/usr/bin/env python3
"""A fake MQTT 3.1.1 broker that misbehaves once, in one way.

It does so at the first opportunity, or at the first few (--times); apart from that it accepts
everything, acknowledges it and delivers nothing. Events go to stdout, one JSON object
a line, with the seconds since the start as "t" and the number of the connection as "connection":

  listening    port
  connect      client, clean, keepalive, user (whether there is one), will (topic, qos, retain)
  subscribe    id, filters (each with its qos)
  unsubscribe  id, filters
  publish      topic, payload, qos, retain, dup, id; "length" if the payload is cut for the log
  ack          id: the client acknowledges a message of the broker
  ping
  misbehave    behaviour, bytes (how many were sent)
  fault        because: the client broke the protocol; it is cut off
  closed       by: "client" or "broker"; because
"""

import argparse
import json
import signal
import socket
import struct
import sys
import threading
import time

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = 1, 2, 3, 4, 5, 6, 7
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT = 8, 9, 10, 11, 12, 13, 14
REFUSALS = {1: "protocol version", 2: "identifier", 3: "server unavailable", 4: "user or password",
            5: "not authorised"}
PAYLOAD_SHOWN_MAX = 200
UNKNOWN_ID = 0xBEEF
MESSAGE_ID = 77


# --- packets ---------------------------------------------------------------------------------


def remaining_length(number):
    result = bytearray()
    while True:
        number, low = divmod(number, 128)
        result.append(low | (0x80 if number else 0))
        if not number:
            return bytes(result)


def packet(kind, body=b"", flags=0):
    return bytes([kind << 4 | flags]) + remaining_length(len(body)) + body


def field(content):
    return struct.pack(">H", len(content)) + content


def message(topic, payload, qos):
    identifier = struct.pack(">H", MESSAGE_ID) if qos else b""
    return packet(PUBLISH, field(topic) + identifier + payload, flags=qos << 1)


def acknowledgement(kind, identifier, payload=b"", flags=0):
    return packet(kind, struct.pack(">H", identifier) + payload, flags)


# --- behaviours ------------------------------------------------------------------------------
#
# Each has the moment at which it happens, and what is sent then. "before": the right answer
# follows; "instead": it does not; "after": it went before. None instead of bytes: silence from
# then on. A behaviour that closes does so right after its bytes. The content is made of the topic
# for messages, the identifier of the packet that is answered, and the qos for messages.


class Behaviour:
    def __init__(self, words, moment, place, content, closes=False):
        self.words, self.moment, self.place = words, moment, place
        self.content, self.closes = content, closes


def fixed(content):
    return lambda topic, identifier, qos: content


def behaviours():
    result = {
        "silent-after-accept": Behaviour(
            "accepts the connection and never says anything", "connect", "instead", None),
        "silent-after-connack": Behaviour(
            "lets the client in and says nothing any more", "connect", "after", None),
    }
    for code, words in REFUSALS.items():
        result[f"connack-{code}"] = Behaviour(
            f"refuses: {words}", "connect", "instead", fixed(packet(CONNACK, bytes([0, code]))),
            closes=True)
    result |= {
        "truncated-packet": Behaviour(
            "ends the connection in the middle of a message", "subscribe", "after",
            lambda topic, identifier, qos: message(topic, b"cut short", 1)[:-4], closes=True),
        "oversized-length": Behaviour(
            "announces 268,435,455 bytes and sends 64 KiB of them", "subscribe", "after",
            lambda topic, identifier, qos: (
                bytes([PUBLISH << 4]) + remaining_length(268_435_455) + field(topic)
                + b"x" * 65_536)),
        "five-byte-length": Behaviour(
            "sends a remaining length of five bytes", "subscribe", "after",
            fixed(bytes([PUBLISH << 4, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]) + b"x" * 64)),
        "topic-beyond-packet": Behaviour(
            "sends a topic that is longer than its packet", "subscribe", "after",
            fixed(packet(PUBLISH, struct.pack(">H", 500) + b"a/topic"))),
        "puback-unknown-id": Behaviour(
            "acknowledges a publication that nobody made, before the one that was", "publish",
            "before", fixed(acknowledgement(PUBACK, UNKNOWN_ID))),
        "suback-unknown-id": Behaviour(
            "answers a subscription that nobody made, before the one that was", "subscribe",
            "before", fixed(acknowledgement(SUBACK, UNKNOWN_ID, b"\x01"))),
        "short-suback": Behaviour(
            "answers a subscription without saying what is granted", "subscribe", "instead",
            lambda topic, identifier, qos: acknowledgement(SUBACK, identifier)),
        "unsuback-payload": Behaviour(
            "sends an UNSUBACK with three bytes too many", "subscribe", "after",
            fixed(acknowledgement(UNSUBACK, UNKNOWN_ID, b"abc"))),
        "pingresp-payload": Behaviour(
            "answers a ping with three bytes too many", "ping", "instead",
            fixed(packet(PINGRESP, b"abc"))),
        "qos2-publish": Behaviour(
            "sends a message with qos 2", "subscribe", "after",
            lambda topic, identifier, qos: message(topic, b"exactly once", 2)),
        "qos3-publish": Behaviour(
            "sends a message with qos 3, which there is not", "subscribe", "after",
            lambda topic, identifier, qos: message(topic, b"thrice", 3)),
        "payload-uncarriable": Behaviour(
            "sends a payload with the bytes 0, 127, 200", "subscribe", "after",
            lambda topic, identifier, qos: message(topic, b"a\x00b\x7fc\xc8d", qos)),
        "topic-uncarriable": Behaviour(
            "sends a topic with the characters 127 and 200, in good UTF-8", "subscribe", "after",
            lambda topic, identifier, qos: message(topic + b"\x7f\xc3\x88", b"message", qos)),
        "topic-zero": Behaviour(
            "sends a topic with the character 0, which MQTT forbids", "subscribe", "after",
            lambda topic, identifier, qos: message(topic + b"\x00", b"message", qos)),
        "topic-not-utf8": Behaviour(
            "sends a topic with the lone byte 200, which MQTT forbids", "subscribe", "after",
            lambda topic, identifier, qos: message(topic + b"\xc8", b"message", qos)),
        "huge-payload": Behaviour(
            "sends a payload of 1 MB", "subscribe", "after",
            lambda topic, identifier, qos: message(topic, b"x" * 1_000_000, qos)),
    }
    return result


BEHAVIOURS = behaviours()


# --- the log ---------------------------------------------------------------------------------

printing = threading.Lock()
start = time.monotonic()


def log(event, **fields):
    with printing:
        entry = {"t": round(time.monotonic() - start, 6), "event": event, **fields}
        print(json.dumps(entry), flush=True)


def text(content):
    return content.decode("utf-8", "backslashreplace")


# --- a connection ----------------------------------------------------------------------------


class Closed(Exception):
    """The connection has ended."""

    def __init__(self, by, because):
        super().__init__(because)
        self.by, self.because = by, because


class Fault(Exception):
    """The client broke the protocol."""


class Body:
    """The fields of a packet, one after the other."""

    def __init__(self, content):
        self.content, self.place = content, 0

    def take(self, count):
        if self.place + count > len(self.content):
            raise Fault("a packet ends in the middle of a field")
        self.place += count
        return self.content[self.place - count:self.place]

    def byte(self):
        return self.take(1)[0]

    def number(self):
        return struct.unpack(">H", self.take(2))[0]

    def string(self):
        return self.take(self.number())

    def rest(self):
        return self.take(len(self.content) - self.place)

    @property
    def is_at_end(self):
        return self.place == len(self.content)


class Turns:
    """How often the broker still misbehaves, on whichever connection."""

    def __init__(self, count):
        self.count, self.lock = count, threading.Lock()

    def take(self):
        with self.lock:
            self.count -= 1
            return self.count >= 0


class Connection:
    def __init__(self, number, transport, turns, options):
        self.number, self.transport, self.turns = number, transport, turns
        self.name, self.behaviour = options.behaviour, BEHAVIOURS[options.behaviour]
        self.moment = options.after or self.behaviour.moment
        # At a moment that is not its own it can take no answer's place.
        self.place = self.behaviour.place if self.moment == self.behaviour.moment else "after"
        self.topic, self.qos, self.identifier = options.topic.encode(), options.qos, 0
        self.is_silent = self.has_misbehaved = False

    def run(self):
        try:
            if self.name == "silent-after-accept" and self.turns.take():
                self.misbehave()
            while True:
                self.take_packet()
        except Fault as fault:
            self.log("fault", because=str(fault))
            self.log("closed", by="broker", because="fault")
        except Closed as end:
            self.log("closed", by=end.by, because=end.because)
        except OSError as error:
            self.log("closed", by="client", because=error.strerror or str(error))
        finally:
            self.transport.close()

    def log(self, event, **fields):
        log(event, connection=self.number, **fields)

    # Sending

    def send(self, content):
        if not self.is_silent:
            self.transport.sendall(content)

    def respond(self, moment, content):
        """Sends the right answer to something, unless it is this one's turn to be wrong."""
        # Once a connection: what it does to a client twice would hide what the first time did.
        if self.moment != moment or self.has_misbehaved or not self.turns.take():
            return self.send(content)
        if self.place == "before":
            self.misbehave()
        if self.place != "instead":
            self.send(content)
        if self.place != "before":
            self.misbehave()

    def misbehave(self):
        self.has_misbehaved = True
        make = self.behaviour.content
        content = make(self.topic, self.identifier, self.qos) if make else b""
        self.log("misbehave", behaviour=self.name, bytes=len(content))
        self.send(content)
        self.is_silent = make is None
        if self.behaviour.closes:
            raise Closed("broker", self.name)

    # Receiving

    def receive(self, count):
        content = bytearray()
        while len(content) < count:
            piece = self.transport.recv(count - len(content))
            if not piece:
                raise Closed("client", "end" if not content else "end in the middle of a packet")
            content += piece
        return bytes(content)

    def take_packet(self):
        head = self.receive(1)[0]
        length = shift = 0
        while True:
            byte = self.receive(1)[0]
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
            if shift == 28:
                raise Fault("a remaining length of more than four bytes")
        self.handle(head >> 4, head & 15, Body(self.receive(length)))

    def handle(self, kind, flags, body):
        handlers = {
            CONNECT: self.take_connect, PUBLISH: self.take_publish, SUBSCRIBE: self.take_subscribe,
            UNSUBSCRIBE: self.take_unsubscribe, PINGREQ: self.take_ping, PUBACK: self.take_ack,
            PUBREC: self.take_pubrec, PUBREL: self.take_pubrel, PUBCOMP: self.take_ack,
            DISCONNECT: self.take_disconnect,
        }
        if kind not in handlers:
            raise Fault(f"a packet of type {kind}")
        handlers[kind](flags, body)

    def take_connect(self, flags, body):
        if body.string() != b"MQTT" or body.byte() != 4:
            raise Fault("not MQTT 3.1.1")
        flags, keepalive, client, will = body.byte(), body.number(), body.string(), None
        if flags & 4:
            will = {"topic": text(body.string()), "qos": flags >> 3 & 3, "retain": bool(flags & 32)}
            body.string()
        # The name and the password are taken and told to nobody.
        for bit in (0x80, 0x40):
            if flags & bit:
                body.string()
        if not body.is_at_end:
            raise Fault("CONNECT is too long")
        self.log("connect", client=text(client), clean=bool(flags & 2), keepalive=keepalive,
                 user=bool(flags & 0x80), will=will)
        self.respond("connect", packet(CONNACK, bytes([0, 0])))

    def take_publish(self, flags, body):
        topic, qos = body.string(), flags >> 1 & 3
        identifier = body.number() if qos else None
        payload = body.rest()
        more = {"length": len(payload)} if len(payload) > PAYLOAD_SHOWN_MAX else {}
        self.log("publish", topic=text(topic), payload=text(payload[:PAYLOAD_SHOWN_MAX]), qos=qos,
                 retain=bool(flags & 1), dup=bool(flags & 8), id=identifier, **more)
        if qos == 3:
            raise Fault("a publication with qos 3")
        if qos == 1:
            self.respond("publish", acknowledgement(PUBACK, identifier))
        elif qos == 2:
            self.respond("publish", acknowledgement(PUBREC, identifier))
        elif self.place == "after":
            self.respond("publish", b"")

    def take_subscribe(self, flags, body):
        identifier, filters = body.number(), []
        while not body.is_at_end:
            filters.append([body.string(), body.byte()])
        if not filters or flags != 2:
            raise Fault("SUBSCRIBE is malformed")
        self.log("subscribe", id=identifier, filters=[[text(f), qos] for f, qos in filters])
        for name, _ in filters:
            if b"#" not in name and b"+" not in name:
                self.topic = name
        self.identifier = identifier
        self.respond("subscribe",
                     acknowledgement(SUBACK, identifier, bytes(qos for _, qos in filters)))

    def take_unsubscribe(self, flags, body):
        identifier, filters = body.number(), []
        while not body.is_at_end:
            filters.append(text(body.string()))
        self.log("unsubscribe", id=identifier, filters=filters)
        self.send(acknowledgement(UNSUBACK, identifier))

    def take_ping(self, flags, body):
        self.log("ping")
        self.respond("ping", packet(PINGRESP))

    def take_ack(self, flags, body):
        self.log("ack", id=body.number())

    def take_pubrec(self, flags, body):
        identifier = body.number()
        self.log("ack", id=identifier)
        self.send(acknowledgement(PUBREL, identifier, flags=2))

    def take_pubrel(self, flags, body):
        self.send(acknowledgement(PUBCOMP, body.number()))

    def take_disconnect(self, flags, body):
        raise Closed("client", "DISCONNECT")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="behaviours, and when they happen:\n" + "\n".join(
            f"  {name:21} {b.moment:10} {b.words}" for name, b in BEHAVIOURS.items()))
    parser.add_argument("--port", type=int, required=True, help="TCP port; 0: any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--behaviour", choices=BEHAVIOURS, required=True, metavar="NAME")
    parser.add_argument(
        "--times", type=int, default=1, metavar="N",
        help="misbehave so often, on one connection each (%(default)s)")
    parser.add_argument(
        "--after", choices=["connect", "subscribe", "publish", "ping"],
        help="happen after the answer to this, instead of at the behaviour's own moment")
    parser.add_argument(
        "--topic", default="test",
        help="of messages, unless the client has subscribed to one without wildcards (%(default)s)")
    parser.add_argument(
        "--qos", type=int, choices=[0, 1], default=1,
        help="of messages whose behaviour does not have one of its own (%(default)s)")
    options = parser.parse_args()
    behaviour = BEHAVIOURS[options.behaviour]
    if options.after and (behaviour.moment == "connect" or options.behaviour == "short-suback"):
        parser.error(f"{options.behaviour} has no other moment than its own")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((options.host, options.port))
    except OSError as error:
        sys.exit(f"bad_broker: {options.host}, port {options.port}: {error.strerror}")
    server.listen()
    log("listening", host=options.host, port=server.getsockname()[1])
    number, turns = 0, Turns(options.times)
    while True:
        transport, _ = server.accept()
        transport.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number += 1
        connection = Connection(number, transport, turns, options)
        threading.Thread(target=connection.run, daemon=True).start()


if __name__ == "__main__":
    main()
