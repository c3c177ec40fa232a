#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Kicks by eventfd: decided by guard and policy like any other, also where they punt.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# ways WANTED - which way kicks have come since the last time: of those by VMM, ioeventfd and thread, which any
ways()
{
	came=
	for way in vmm ioeventfd thread; do
		[ "$(attr "$vf1" kicks_by_$way)" = 0 ] || came="$came $way"
	done
	is "kicks have come by" "$came" " $1"
	is "their sum" $(($(attr "$vf1" kicks_by_vmm) + $(attr "$vf1" kicks_by_ioeventfd) +
		$(attr "$vf1" kicks_by_thread))) \
		"$(vvbctl -j stats --vf "$vf1" | jq '.[].registers[] | select(.name == "queue_notify").writes')"
	check "set to zero" vvbctl stats --vf "$vf1" --reset
}

program ioeventfd "$vf1"
ways "vmm ioeventfd"
is "registered, while closed" "$(attr "$vf1" ioeventfds)" 0

check "load upstream" vvbctl policy load $bpf/upstream.bpf.o
check "select" vvbctl policy select "$vf1" upstream
program ioeventfd "$vf1"
ways "vmm ioeventfd"
check "select none" vvbctl policy select "$vf1" none

# A guard that has every kick done the slow way: they happen on a worker then.
check "guard" bpftool prog load $bpf/test/guard-direct.bpf.o /sys/fs/bpf/vvb_guard autoattach
program ioeventfd "$vf1"
ways "vmm thread"
rm /sys/fs/bpf/vvb_guard
finish
