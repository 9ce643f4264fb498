# SPDX-License-Identifier: Apache-2.0
"""Ports that nobody has."""

import socket
import time

LOOK_SECONDS = 0.02


def free_port(kind=socket.SOCK_STREAM):
    """A port of loopback that is free now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def is_listening(port, host='127.0.0.1'):
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def until_listening(port, within, is_alive=lambda: True, host='127.0.0.1'):
    """Waits for that; false when it does not come to pass."""
    end = time.monotonic() + within
    while time.monotonic() < end and is_alive():
        if is_listening(port, host):
            return True
        time.sleep(LOOK_SECONDS)
    return False
