#!/usr/bin/env python3
"""A time server (SNTP, RFC 4330) for a laboratory without an internet, and for tests.

It tells this machine's time, moved by an offset. Events go to stdout, one JSON object a line:
"listening" with the port, "request" with the client, "garbage" for what is no request.
"""

import argparse
import json
import signal
import socket
import struct
import sys
import threading
import time

FROM_1900_TO_1970 = 2_208_988_800
PACKET_LENGTH = 48
CLIENT, SERVER = 3, 4
BEHAVIOURS = {
    "good": "answers as a server in good health",
    "silent": "never answers",
    "truncated": "leaves the last byte of an answer out",
    "wrong-originate": "answers a question that nobody asked",
    "kiss-of-death": "refuses service: stratum 0, code DENY",
    "unsynchronised": "says that it does not know the time: leap indicator 3",
    "garbage": "sends 200 bytes that mean nothing",
}

printing = threading.Lock()
start = time.monotonic()


def log(event, **fields):
    with printing:
        entry = {"t": round(time.monotonic() - start, 6), "event": event, **fields}
        print(json.dumps(entry), flush=True)


def timestamp(offset):
    """The time in seconds since 1900 and their fraction; the seconds begin anew in 2036."""
    nanoseconds = time.time_ns() + round(offset * 1e9)
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return struct.pack(
        ">II", (seconds + FROM_1900_TO_1970) & 0xFFFFFFFF, (rest << 32) // 1_000_000_000)


def reply(request, now, behaviour):
    leap, stratum, code = 0, 1, b"LOCL"
    if behaviour == "kiss-of-death":
        stratum, code = 0, b"DENY"
    if behaviour == "unsynchronised":
        leap = 3
    version = request[0] >> 3 & 7
    originate = request[40:48]
    if behaviour == "wrong-originate":
        originate = bytes([originate[0] ^ 1]) + originate[1:]
    head = struct.pack(">BBbbII4s", leap << 6 | version << 3 | SERVER, stratum, 0, -20, 0, 0, code)
    packet = head + now + originate + now + now
    return packet[:-1] if behaviour == "truncated" else packet


def answer(server, request, client, options):
    # Half of the delay before the clock is read, half behind it: as if the way took that long.
    time.sleep(options.delay / 2000)
    now = timestamp(options.offset)
    time.sleep(options.delay / 2000)
    if options.behaviour == "garbage":
        server.sendto(b"\xff" * 200, client)
    elif options.behaviour != "silent":
        server.sendto(reply(request, now, options.behaviour), client)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="behaviours:\n" + "\n".join(f"  {n:16} {w}" for n, w in BEHAVIOURS.items()))
    parser.add_argument("--port", type=int, required=True, help="UDP port; 0: any free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--offset", type=float, default=0, metavar="SECONDS",
        help="tell a time so much later than this machine's, or earlier if negative")
    parser.add_argument(
        "--delay", type=float, default=0, metavar="MS",
        help="what an answer takes, half of it on either way, in milliseconds")
    parser.add_argument("--behaviour", choices=BEHAVIOURS, default="good", metavar="NAME")
    options = parser.parse_args()
    if options.delay < 0:
        parser.error("a delay is not negative")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_DGRAM)
    try:
        server.bind((options.host, options.port))
    except OSError as error:
        sys.exit(f"sntp_server: {options.host}, port {options.port}: {error.strerror}")
    log("listening", host=options.host, port=server.getsockname()[1])
    while True:
        request, client = server.recvfrom(2048)
        if len(request) < PACKET_LENGTH or request[0] & 7 != CLIENT:
            log("garbage", client=client[0], length=len(request))
            continue
        log("request", client=client[0], version=request[0] >> 3 & 7)
        threading.Thread(
            target=answer, args=(server, request, client, options), daemon=True).start()


if __name__ == "__main__":
    main()
