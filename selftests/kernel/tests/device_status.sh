#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, the device refuses commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that refuses commands with numbers that are errors of Linux, with commands on a worker
# and on the thread of the vCPU. Each refusal is a line in the log of the PF's driver: the ration holds.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for timeout in 5000 0; do
	check "admin_timeout_ms=$timeout" attr "$vf1" admin_timeout_ms $timeout
	lines=$(dmesg | grep -c "admin command error")
	before=$(cut -d . -f 1 /proc/uptime)
	program device_status "$vf1"
	lines=$(($(dmesg | grep -c "admin command error") - lines))
	seconds=$(($(cut -d . -f 1 /proc/uptime) - before))
	check "$lines lines in $seconds s" [ $lines -le $((16 + 4 * (seconds + 1))) ]
done
program legacy_net "$VVB_PF" "$vf1"
finish
