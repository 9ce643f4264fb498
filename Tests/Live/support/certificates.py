# SPDX-License-Identifier: Apache-2.0
"""Certificates, good and bad: tools/make_certificates.sh, run once for all tests of a process."""

import atexit
import os
import shutil
import tempfile

from support import paths
from support.process import run

_folder = None


def certificate(name):
    """The path of a file of the folder, such as `ca.pem`. A broker may read it."""
    global _folder
    if _folder is None:
        _folder = tempfile.mkdtemp(prefix='synscope-certificates-')
        atexit.register(shutil.rmtree, _folder, ignore_errors=True)
        os.chmod(_folder, 0o755)
        done = run([paths.tool_path('make_certificates.sh'), _folder])
        if done.returncode != 0:
            raise RuntimeError(f'make_certificates.sh: {done.stderr}')
    return os.path.join(_folder, name)


def listener(name, *more):
    """The lines of a listener of mosquitto that has this certificate."""
    return [f'certfile {certificate(name + ".pem")}', f'keyfile {certificate(name + ".key")}',
            *more]
