# SPDX-License-Identifier: Apache-2.0
"""Both of our ends on one pin file, and what must hold of them however a test went."""

from support.bridge import BridgeProcess, SupervisedBridge
from support.capture import Capture
from support.host import WIFI_PASSWORD, HostProcess
from support.series import Series, missing

BROKER_PASSWORD = 'broker-secret-9Zx'
SETTINGS = {'mqtt_user': 'operator', 'mqtt_pw': BROKER_PASSWORD}


class Link:
    """`host`, `bridge` and a `series` of publications, by default from the first moment on."""

    def __init__(self, case, port, settings=None, bridge_options=(), name='', supervised=False,
                 hosts=None):
        """`hosts` is a file that the bridge has for /etc/hosts, which only root can give it."""
        self.case = case
        self.wires = case.make_wires(f'wires{name}')
        if supervised:
            self.bridge = SupervisedBridge(
                case, self.wires, '--verbose', *bridge_options, trace=f'bridge{name}-%n.syn',
                name=f'supervisor{name}')
        else:
            self.bridge = BridgeProcess(
                case, self.wires, '--verbose', *bridge_options, trace=f'bridge{name}.syn',
                name=f'bridge{name}',
                before=with_hosts(hosts) if hosts else [])
        self.host = HostProcess(
            case, self.wires, trace=f'host{name}.syn', name=f'host{name}',
            settings={'port': port, **SETTINGS, **(settings or {})})
        self.series = Series(self.host, f'series{name}')

    def arrive(self, arrived, within=30):
        """Ends the series: every publication that the host accepted is among `arrived()`."""
        accepted = self.series.finish()
        self.case.until(lambda: not missing(accepted, arrived()),
                        f'of {len(accepted)} accepted publications not all arrive', within)

    def close(self, replays=True):
        """Ends both ends in good order. No secret was told, and both captures replay exactly."""
        self.case.assertEqual(self.host.quit(), 0, self.host.tail())
        self.case.assertEqual(self.bridge.stop(), 0, self.bridge.tail())
        for process in (self.host, self.bridge):
            for secret in (WIFI_PASSWORD, BROKER_PASSWORD):
                self.case.assertNotIn(secret, process.text, process.name)
        if replays:
            self.assert_replays('host', self.host.trace)
            self.assert_replays('bridge', self.bridge.trace)

    def assert_replays(self, end, path):
        """A capture is complete, and replays exactly."""
        capture = Capture(self.case, path)
        capture.assert_complete()
        capture.assert_replays(end)

    def bridge_says(self, words, since=0):
        """The lines of the bridge's standard error from number `since` on that hold these words."""
        return [line for line in self.bridge.err[since:] if words in line]

    def until_bridge_says(self, words, since=0, within=60, count=1):
        """Waits for so many of them, while the series goes on."""
        return self.series.until(
            lambda: len(found := self.bridge_says(words, since)) >= count and found,
            f'the bridge says {words!r}', within)


def with_hosts(path):
    """The words before a command that give it another /etc/hosts."""
    return ['unshare', '--mount', 'sh', '-ec', 'mount --bind "$0" /etc/hosts; exec "$@"', path]
