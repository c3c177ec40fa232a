#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Bus Master comes with a write of device_status that somebody has taken, and with no other. And a
# read that is refused is all-ones as wide as it is.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# comes WHO TIMES - with ACKNOWLEDGE|DRIVER, to a VF just opened
comes()
{
	before=$(event "$vf1" bus_master_set)
	check "$1: device_status written" vfreg "$vf1" write 18 1 3
	is "$1: Bus Master" $(($(event "$vf1" bus_master_set) - before)) "$2"
}

# policy FILE
policy()
{
	check "policy $1" vvbctl policy load "$bpf/$1.bpf.o"
	check "selected" attr "$vf1" policy "${1#test/}"
}

comes "no policy" 1
policy upstream
comes "upstream" 1
policy test/deny
comes "deny" 0
is "deny: one byte" "$(vfreg "$vf1" read 18 1)" 0xff
is "deny: four bytes at device_status" "$(vfreg "$vf1" read 18 4)" 0xffffffff
is "deny: two bytes inside device_features" "$(vfreg "$vf1" read 3 2)" 0xffff
policy test/emulate
comes "emulate" 1
is "emulate: four bytes at device_status" "$(vfreg "$vf1" read 18 4)" 0x00000061
policy split
for loss in fail kernel; do
	check "on_daemon_loss=$loss" attr "$vf1" on_daemon_loss $loss
	[ $loss = fail ] && times=0 || times=1
	comes "no daemon, $loss" "$times"
done
vvbd --foreground "$vf1" >/tmp/vvbd.log 2>&1 &
until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
comes "vvbd" 1
finish
