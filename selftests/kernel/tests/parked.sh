#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, it counts kicks that became commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VMM makes the kernel wait for a page of its memory: nothing else waits with it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "notifies are commands" testbed set notify-list empty
program parked "$vf1"
check "notify addresses again" testbed set notify-list member
program legacy_net "$VVB_PF" "$vf1"
finish
