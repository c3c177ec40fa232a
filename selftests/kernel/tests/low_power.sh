#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Runtime power management: accesses while the VMM has put the VF to sleep.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program low_power "$vf1"
check "load late" vvbctl policy load $bpf/test/late.bpf.o
check "it may take its time" attr "$vf1" punt_timeout_ms 2000
check "select late" attr "$vf1" policy late
program low_power "$vf1" late
check "select none" attr "$vf1" policy none
is "kicks lost to memory decoding" "$(vfreg "$vf1" event 16)" 0
program legacy_net "$VVB_PF" "$vf1"
finish
