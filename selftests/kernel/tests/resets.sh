#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, a command is left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Resets from outside under an open VF, and a configuration that changes.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program legacy_link "$vf1"
hold "$vf1"
for i in 1 2 3; do
	before=$(event "$vf1" io_disabled)
	check "sysfs reset $i of an open VF" put 1 "/sys/bus/pci/devices/$vf1/reset"
	usleep 200000
	is "I/O decoding is on" "$(event "$vf1" io_disabled)" "$before"
done
check "its user is not disturbed" kill -0 "$hold_pid"
unhold
for i in 1 2 3; do
	check "sysfs reset $i of a closed VF" put 1 "/sys/bus/pci/devices/$vf1/reset"
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"
check "admin_timeout_ms=300" attr "$vf1" admin_timeout_ms 300
program flr "$vf1"
check "surprise reset" testbed set surprise-reset 1
program legacy_net "$VVB_PF" "$vf1"
finish
