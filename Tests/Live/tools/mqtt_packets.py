# SPDX-License-Identifier: Apache-2.0
"""MQTT 3.1.1 packets, as far as a client of qos 0 and 1 needs them. Ref: MQTT 3.1.1 §2, §3."""

import struct

CONNECT = 1
CONNACK = 2
PUBLISH = 3
PUBACK = 4
SUBSCRIBE = 8
SUBACK = 9
PINGREQ = 12
PINGRESP = 13
DISCONNECT = 14

FLAG_RETAIN = 1
FLAG_DUP = 8
QOS_SHIFT = 1
SUBSCRIBE_FLAGS = 2
CLEAN_SESSION = 0x02
WILL = 0x04
WILL_QOS_SHIFT = 3
WILL_RETAIN = 0x20
PASSWORD = 0x40
USER = 0x80
LENGTH_BYTES_MAX = 4
PACKET_ID_MAX = 0xFFFF


class PacketError(Exception):
    """Bytes from the broker that are no packet of MQTT 3.1.1."""


def text(string):
    """A string with its length before it."""
    encoded = string.encode()
    return struct.pack('>H', len(encoded)) + encoded


def packet(kind, flags=0, body=b''):
    """A packet with its fixed header. Ref: §2.2"""
    length = bytearray()
    rest = len(body)
    while True:
        length.append(rest & 0x7F | (0x80 if rest > 0x7F else 0))
        rest >>= 7
        if not rest:
            return bytes((kind << 4 | flags,)) + bytes(length) + body


def connect(settings, will, clean):
    """Ref: §3.1"""
    flags = CLEAN_SESSION if clean else 0
    payload = text(settings.client_id)
    if will:
        flags |= WILL | will.qos << WILL_QOS_SHIFT | (WILL_RETAIN if will.retain else 0)
        payload += text(will.topic) + text(will.message)
    if settings.user:
        flags |= USER
        payload += text(settings.user)
        if settings.password:
            flags |= PASSWORD
            payload += text(settings.password)
    header = text('MQTT') + struct.pack('>BBH', 4, flags, settings.keepalive)
    return packet(CONNECT, 0, header + payload)


def publish(publication, packet_id, again):
    """Ref: §3.3; `again` sets DUP."""
    flags = publication.qos << QOS_SHIFT | (FLAG_RETAIN if publication.retain else 0)
    body = text(publication.topic)
    if publication.qos:
        flags |= FLAG_DUP if again else 0
        body += struct.pack('>H', packet_id)
    return packet(PUBLISH, flags, body + publication.message.encode())


def puback(packet_id):
    """Ref: §3.4"""
    return packet(PUBACK, 0, struct.pack('>H', packet_id))


def subscribe(topic_filter, qos, packet_id):
    """Ref: §3.8"""
    body = struct.pack('>H', packet_id) + text(topic_filter) + bytes((qos,))
    return packet(SUBSCRIBE, SUBSCRIBE_FLAGS, body)


def take_packet(buffer):
    """Cuts the first whole packet off `buffer`: (kind, flags, body), or None when none is whole."""
    length = 0
    for place in range(1, LENGTH_BYTES_MAX + 1):
        if place >= len(buffer):
            return None
        length |= (buffer[place] & 0x7F) << 7 * (place - 1)
        if not buffer[place] & 0x80:
            break
    else:
        raise PacketError(f'a remaining length of more than {LENGTH_BYTES_MAX} bytes')
    end = place + 1 + length
    if len(buffer) < end:
        return None
    kind, flags, body = buffer[0] >> 4, buffer[0] & 0x0F, bytes(buffer[place + 1:end])
    del buffer[:end]
    return kind, flags, body


def read_id(body):
    """The packet identifier that a body begins with."""
    if len(body) < 2:
        raise PacketError(f'a packet identifier of {len(body)} bytes')
    return struct.unpack_from('>H', body)[0]


def read_publish(flags, body):
    """(topic, packet id or None, message) of an incoming publication."""
    topic_end = 2 + read_id(body)
    topic = body[2:topic_end]
    if len(body) < topic_end:
        raise PacketError(f'a topic of {topic_end - 2} bytes in a packet of {len(body)}')
    if not flags >> QOS_SHIFT & 3:
        return topic, None, body[topic_end:]
    return topic, read_id(body[topic_end:]), body[topic_end + 2:]
