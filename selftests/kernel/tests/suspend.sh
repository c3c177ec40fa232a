#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The machine suspends, as far as its devices, with the VF open: the PF's queues go and come.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

[ -e /sys/power/pm_test ] || skip "the kernel has no pm_test"
hold "$vf1"
check "a test suspend of devices" put devices /sys/power/pm_test
check "suspend and resume" put freeze /sys/power/state
put none /sys/power/pm_test
before=$(event "$vf1" gate_closed)
sleep 1
is "accesses refused since" "$(($(event "$vf1" gate_closed) - before))" 0
is "commands refused" "$(event "$vf1" command_error)" 0
unhold
program legacy_net "$VVB_PF" "$vf1"
finish
