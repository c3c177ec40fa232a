#!/bin/sh
# vm: --vfs 1 --driver ours --append preempt=full
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A guard is asked about every access: while threads that ask it preempt each other, and from
# interrupts that come meanwhile. The kernel leaves out a guard that is under way already.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

pin=/sys/fs/bpf/vvb_guard

# What the kernel itself says of calls that it left out; it says nothing of none.
none_left_out()
{
	is "calls that the kernel left out" \
		"$(bpftool prog show name guard_deny | sed -n 's/.*recursion_misses \([0-9]*\).*/\1/p')" ""
	check "the pin removed" rm $pin
	usleep 300000
}

case $(cat /sys/kernel/debug/sched/preempt 2>/dev/null) in
*"(full)"*)	ok "full preemption" ;;
*)		[ "$VVB_SLOWDOWN" != 1 ] || fail "preempt=full: $(cat /sys/kernel/debug/sched/preempt)" ;;
esac
check "guard" bpftool prog load $bpf/test/guard-deny.bpf.o $pin autoattach
program guarded "$vf1" threads $((1000000 / VVB_SLOWDOWN))
none_left_out
program guarded "$vf1" interrupts "$(attr "$vf1" member_id)" $bpf/test/guard-deny.bpf.o
none_left_out
finish
