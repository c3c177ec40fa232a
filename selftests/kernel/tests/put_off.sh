#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What a policy may put off: selects (DEFER), kicks (COALESCE), any control access (delay_us).
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for policy in defer coalesce; do
	check "load $policy" vvbctl policy load $bpf/test/$policy.bpf.o
	check "select $policy" attr "$vf1" policy $policy
	program $policy "$vf1"
	is "$policy has nothing to complain of" "$(attr "$vf1" policy_state)" active
done
check "load coalesce-now" vvbctl policy load $bpf/test/coalesce-now.bpf.o
check "select coalesce-now" attr "$vf1" policy coalesce-now
program coalesce "$vf1" now
# A kick that is a command takes its time: the next one comes before it has been delivered quite.
check "no notify address" testbed set notify-list empty
program coalesce "$vf1" now
check "a notify address again" testbed set notify-list member
check "select defer" attr "$vf1" policy defer
program legacy_registers "$vf1" brief
program legacy_net "$VVB_PF" "$vf1"
is "illegal verdicts" "$(event "$vf1" illegal_verdict)" 0

check "none" attr "$vf1" policy none
features=$(vfreg "$vf1" read 0 4)
check "a guard that puts off" bpftool prog load $bpf/test/guard-late.bpf.o /sys/fs/bpf/late autoattach
before=$(event "$vf1" illegal_guard)
is "its opinion is ignored" "$(vfreg "$vf1" read 0 4)" "$features"
check "and for a kick" vfreg "$vf1" write 16 2 0
is "both are counted" "$(($(event "$vf1" illegal_guard) - before))" 2
rm /sys/fs/bpf/late
finish
