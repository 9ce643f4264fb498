# SPDX-License-Identifier: Apache-2.0
"""Where everything is that the tests run."""

import os
import shutil
import sys

LIVE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
REPOSITORY = os.path.dirname(os.path.dirname(LIVE))
TOOLS = os.path.join(LIVE, 'tools')
SYNSCOPE = os.path.abspath(
    os.environ.get('SYNSCOPE') or os.path.join(REPOSITORY, '.build', 'debug', 'synscope'))
# The host may be another build than the rest.
HOST = os.path.abspath(os.environ.get('SYNSCOPE_HOST') or SYNSCOPE)
SHARED_MEMORY = '/dev/shm'
# Scripts/gpio-lab/live runs the tests there.
IS_GPIO_LAB = 'SYNSCOPE_LIVE_GPIO' in os.environ


def tool_path(name):
    """One of our tools, a script that runs by itself."""
    return os.path.join(TOOLS, name)


def tool(name, *arguments):
    """The command of one of our Python tools."""
    return [sys.executable, tool_path(name), *map(str, arguments)]


def example(name):
    """An example program, beside the command unless SYNSCOPE_EXAMPLES names its folder."""
    folder = os.environ.get('SYNSCOPE_EXAMPLES') or os.path.dirname(SYNSCOPE)
    return os.path.join(folder, f'example-{name}')


def program(name):
    """A program of the system, also where only root looks for it."""
    places = os.pathsep.join([os.environ.get('PATH', ''), '/usr/sbin', '/usr/local/sbin'])
    found = shutil.which(name, path=places)
    if found is None:
        raise FileNotFoundError(f'{name} is not installed (apt-get install mosquitto '
                                'mosquitto-clients)')
    return found
