#!/bin/sh
# vm: --vfs 1 --driver ours --timeout 2000
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Ten minutes of it, with random numbers of the day.
exec "${0%/*}/fuzz_access.sh" 600
