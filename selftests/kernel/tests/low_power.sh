#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Runtime power management: accesses while the VMM has put the VF to sleep.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program low_power "$vf1"
is "kicks lost to memory decoding" "$(vfreg "$vf1" event 16)" 0
program legacy_net "$VVB_PF" "$vf1"
finish
