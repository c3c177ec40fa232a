#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A policy's attach() and detach() take turns for each VF, whatever becomes of policy and VF, and
# no access comes outside.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

kept=/sys/fs/bpf/turns-kept
key1=$(map_key "$vf1")
key2=$(map_key "$vf2")

# turns KEY - of a VF: "attached detached wrong", as the policy has counted
turns()
{
	# shellcheck disable=SC2086 # words
	bpftool -j map lookup pinned $kept key hex $1 >/tmp/turns 2>&1 || return
	sed 's/.*"formatted"//' /tmp/turns | grep -o '"[a-z]*ed":[0-9]*\|"wrong":[0-9]*' |
		cut -d : -f 2 | tr '\n' ' '
}

load()
{
	check "load" vvbctl policy load $bpf/test/turns.bpf.o
	rm -f $kept
	# what it counted is read when it is gone, too
	check "keep its map" bpftool map pin pinned /sys/fs/bpf/vvb/turns/maps/turns $kept
}

is_so()
{
	attr_is "$vf1" interface closed && check "an access" vfreg "$vf1" read 0 4
	is "$1" "$(turns "$key1")" "$2 "
}

dir=/sys/bus/pci/devices/$vf1/vvb
load
check "select" vvbctl policy select "$vf1" turns
is_so "selected" "1 0 0"
check "select it again" vvbctl policy select "$vf1" turns
is_so "nothing happened" "1 0 0"
check "none" vvbctl policy select "$vf1" none
is_so "let go" "1 1 0"
check "select" vvbctl policy select "$vf1" turns
check "replace it in place" vvbctl policy update $bpf/test/turns.bpf.o
is_so "it goes on" "2 1 0"
hold "$vf1"
for i in 3 4 5 6; do
	# no process in between
	echo because >"$dir/eject" || fail "eject"
	echo turns >"$dir/policy" || fail "select it at once"
	is_so "let go, then selected" "$i $((i - 1)) 0"
	is "ejections in the log" "$(dmesg | grep -c 'policy turns ejected')" $((i - 2))
done
unhold
check "eject" vvbctl policy eject "$vf1" because
until_true 5 attr_is "$vf1" policy_state ejected
is_so "ejected" "6 6 0"
check "select" vvbctl policy select "$vf1" turns
check "select for the other VF" vvbctl policy select "$vf2" turns
check "unload" vvbctl policy unload turns
is_so "unloaded" "7 7 0"
is "for both" "$(turns "$key2")" "1 1 0 "
load
is_so "it is back, for who has named it" "1 0 0"
check "unbind" put "$vf1" "$driver_dir/unbind"
is "unbound" "$(turns "$key1")" "1 1 0 "
is "the other one" "$(turns "$key2")" "1 0 0 "
rm $kept
finish
