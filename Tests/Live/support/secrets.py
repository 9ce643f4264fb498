# SPDX-License-Identifier: Apache-2.0
"""The search for secrets where none may be."""

from support.capture import Capture


def assert_unspoken(case, secrets, processes=(), captures=()):
    """None of these texts is in what a process said, nor in a capture's journal and description,
    nor in what the command tells of a capture. A capture's edges hold what crossed the wires."""
    for secret in secrets:
        for process in processes:
            case.assertNotIn(secret, process.text, f'{process.name} tells a secret')
    for path in captures:
        for name, content in Capture(case, path).texts().items():
            for secret in secrets:
                case.assertNotIn(secret.encode(), content, f'{path}: {name} tells a secret')
