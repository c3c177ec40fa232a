#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The PF's virtio driver comes, and goes, while the host goes to sleep. These are two reasons to send
# no command: none of them ends the other.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

[ -e /sys/power/pm_test ] || skip "this kernel can't try to sleep"
virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

refusals()
{
	event "$vf1" pf_unavailable
}

# refuses TEXT - accesses of the guest meet a closed gate, one and all
refuses()
{
	usleep 200000
	before=$(refusals)
	sent=$(vfreg "$vf1" opcode 3)
	usleep 300000
	check "$1: refused $(($(refusals) - before))" [ "$(refusals)" -gt "$before" ]
	is "$1: commands" "$(($(vfreg "$vf1" opcode 3) - sent))" 0
}

answers()
{
	check "$1" until_true 5 attr_is "$vf1" stalled 0
	usleep 200000
	before=$(refusals)
	usleep 300000
	is "$1: refused" "$(($(refusals) - before))" 0
}

# The host is held in its way down for some seconds, before its tasks are frozen.
sleeps()
{
	check "hold it" bpftool prog load $bpf/test/hold-sleep.bpf.o /sys/fs/bpf/hold autoattach
	put freeze /sys/power/state &
	sleeper=$!
	usleep 1000000
	check "the host goes to sleep" kill -0 $sleeper
	refuses "going to sleep"
}

wakes()
{
	wait $sleeper
	check "let go" rm /sys/fs/bpf/hold
}

put 1 /sys/module/suspend/parameters/pm_test_delay
put freezer /sys/power/pm_test
hold "$vf1"
answers "awake"

check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
refuses "no driver"
sleeps
check "virtio_net bound, while it goes to sleep" put "$virtio" $virtio_net/bind
refuses "still going to sleep"
wakes
answers "awake again"

sleeps
check "virtio_net unbound, while it goes to sleep" put "$virtio" $virtio_net/unbind
wakes
refuses "awake, no driver"
check "virtio_net bound again" put "$virtio" $virtio_net/bind
answers "with a driver"
unhold
program legacy_net "$VVB_PF" "$vf1"
finish
