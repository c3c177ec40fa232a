#!/bin/sh
# vm: --vfs 1 --driver ours --timeout 3000
# owner: pf, the oracle foretells commands, and its MAC address can be written; selftests/unit holds owner self against it (modern_oracle)
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# More than a million random accesses; the seeds are other ones each time, and printed.
exec "${0%/*}/random_access.sh" 50
