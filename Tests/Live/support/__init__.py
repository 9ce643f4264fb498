# SPDX-License-Identifier: Apache-2.0
"""What the tests of live operation share, one concept a file."""
