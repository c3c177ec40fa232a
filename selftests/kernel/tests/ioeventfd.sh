#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Kicks by eventfd: decided by guard and policy like any other, also where they punt.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

notifies()
{
	vvbctl stats --vf "$vf1" | grep queue_notify
}

program ioeventfd "$vf1"
echo "     $(notifies)"

check "load upstream" vvbctl policy load $bpf/upstream.bpf.o
check "select" vvbctl policy select "$vf1" upstream
program ioeventfd "$vf1"
check "select none" vvbctl policy select "$vf1" none

# A guard that has every kick done the slow way: they happen on a worker then.
check "guard" bpftool prog load $bpf/test/guard-direct.bpf.o /sys/fs/bpf/vvb_guard autoattach
program ioeventfd "$vf1"
echo "     $(notifies)"
rm /sys/fs/bpf/vvb_guard
finish
