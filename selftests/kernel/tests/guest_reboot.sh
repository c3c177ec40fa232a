#!/bin/sh
# vm: --vfs 1 --driver ours --guest --device-opt queue-size=64 --memory 2048 --timeout 1500
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The guest's machine is reset twice in a row while frames come in, and its kernel reboots by itself:
# each time it comes up again with the VF. Its queues have 64 entries.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
VMM_REBOOT=yes boot_guest "$vf1"
traffic "before"

arrives_all_the_time
new_mark
vmm_says system_reset
usleep 50000
vmm_says system_reset
check "up after two resets" heard ready 300 || die_of_guest
nothing_arrives
traffic "double reset"

arrives_all_the_time
new_mark
echo "run reboot -f" >&7
check "up after a reboot" heard ready 300 || die_of_guest
nothing_arrives
traffic "reboot"

is "commands refused" "$(event "$vf1" command_error)" 0
stop_guest
program legacy_net "$VVB_PF" "$vf1"
finish
