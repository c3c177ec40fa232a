#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Guard and policy are asked about the ISR byte, whoever keeps it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

pin=/sys/fs/bpf/vvb_guard

verdict()
{
	check "verdict $1" vvbctl policy set "$vf1" verdict "$1" of isr
}

check "load" vvbctl policy load $bpf/test/isr.bpf.o
check "select" vvbctl policy select "$vf1" isr
verdict 0
program intx_policy "$vf1" kernel
verdict 2
program intx_policy "$vf1" kernel
verdict 3
program intx_policy "$vf1" punt
verdict 4
program intx_policy "$vf1" emulate
verdict 5
program intx_policy "$vf1" deny
is "the policy is there still" "$(attr "$vf1" policy_state)" active
check "a verdict that is none" vvbctl policy set "$vf1" verdict 9 of isr
program intx_policy "$vf1" kernel
is "which has ended the policy" "$(attr "$vf1" policy_state)" ejected
check "no policy" attr "$vf1" policy none

# what queue_select is, is the kernel's affair: the device gets its vectors all the same
for policy in cache split; do
	check "load $policy" vvbctl policy load "$bpf/$policy.bpf.o"
	check "select $policy" attr "$vf1" policy "$policy"
	program intx "$VVB_PF" "$vf1" policy
done
check "load defer" vvbctl policy load "$bpf/test/defer.bpf.o"
check "select defer" attr "$vf1" policy defer
program intx "$VVB_PF" "$vf1" policy
vvbd --foreground --vf "$vf1" >/tmp/vvbd.log 2>&1 &
check "select split" attr "$vf1" policy split
check "vvbd" until_true 10 attr_is "$vf1" daemon live
program intx "$VVB_PF" "$vf1" policy
kill $!
check "no policy" attr "$vf1" policy none

check "guard" bpftool prog load $bpf/test/guard-isr.bpf.o $pin autoattach
program intx_policy "$vf1" deny
check "the pin removed" rm $pin
finish
