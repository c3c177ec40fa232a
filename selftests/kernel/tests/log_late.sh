#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt admin-delay-ns=20000000
# owner: pf, commands are answered late
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that answers each command, but later than admin_timeout_ms: each is given up, which the
# kernel log is told, and still it is not flooded, however many accesses the guest makes.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

accesses=100000

check "admin_timeout_ms=4" attr "$vf1" admin_timeout_ms 4
begin=$(date +%s)
until [ $(($(date +%s) - begin)) -ge 10 ]; do
	flood "$vf1" $accesses >/dev/null 2>&1
done
seconds=$(($(date +%s) - begin))
lines=$(dmesg | grep -c "$vf1: .* was given up")
given_up=$(event "$vf1" command_timeout)
echo "     $given_up commands timed out in $seconds s, $lines lines"
check "commands were given up" [ "$given_up" -gt 20 ]
check "the log says so" [ "$lines" -gt 0 ]
# ten at once, and ten in each five seconds from then on
check "the log is bounded" [ "$lines" -le $((10 * (2 + seconds / 5))) ]
check "the device answers" until_true 5 attr_is "$vf1" stalled 0
finish
