#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the tests of live operation, several beside each other, each in a process of its own.

Most of them wait: for a watchdog, a time-out, a cut network. What a test prints is shown when it has
ended, and at the end come the names of those that failed. Exit status: 0 all passed, 1 otherwise,
also when there was none.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys
import time
import unittest

LIVE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
# Behind the time limits of the tests themselves.
TEST_SECONDS_MAX = 3600


def names(suite):
    """The tests of a suite, in its order."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from names(test)
        else:
            yield test.id()


def run(name):
    """Runs one: whether it passed, in how many seconds, and what it said."""
    start = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, '-m', 'unittest', name], cwd=LIVE, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TEST_SECONDS_MAX, check=False)
        passed, said = done.returncode == 0, done.stdout.decode('utf-8', 'backslashreplace')
    except subprocess.TimeoutExpired as error:
        passed, said = False, f'{(error.stdout or b"").decode()}\nkilled after {error.timeout} s'
    # A test that went missing between the search and now would pass without having run.
    if not re.search(r'^Ran 1 test ', said, re.MULTILINE):
        passed = False
    return passed, time.monotonic() - start, said


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jobs', type=int, default=4, metavar='N',
                        help='so many at once (%(default)s)')
    parser.add_argument('-k', action='append', dest='patterns', metavar='PATTERN',
                        help='only tests whose name matches, as unittest has it')
    options = parser.parse_args()
    if options.jobs < 1:
        parser.error('--jobs: at least 1')

    loader = unittest.TestLoader()
    if options.patterns:
        loader.testNamePatterns = [pattern if '*' in pattern else f'*{pattern}*'
                                   for pattern in options.patterns]
    found = list(names(loader.discover(LIVE, 'test_*.py')))
    start, failed, skipped = time.monotonic(), [], 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = {pool.submit(run, name): name for name in found}
        for future in concurrent.futures.as_completed(running):
            name = running[future]
            passed, seconds, said = future.result()
            is_skipped = passed and 'skipped=1' in said
            skipped += is_skipped
            word = 'skipped' if is_skipped else 'ok' if passed else 'FAILED'
            print(f'{word:8}{seconds:6.1f} s  {name}', flush=True)
            if not passed:
                failed.append(name)
                print(said, flush=True)
    print(f'Ran {len(found)} tests in {time.monotonic() - start:.1f} s, {skipped} skipped, '
          f'{len(failed)} failed')
    for name in sorted(failed):
        print(f'FAILED {name}')
    return 1 if failed or not found else 0


if __name__ == '__main__':
    sys.exit(main())
