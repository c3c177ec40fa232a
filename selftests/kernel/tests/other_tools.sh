#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A policy that another tool has registered: bpftool, which crashes over it and leaves it in force, or a
# process that holds it. vvbctl shows it, and ends it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

left=/sys/fs/bpf/left

# in_force - the driver knows it, and the VF runs it
in_force()
{
	check "select it" vvbctl policy select "$vf1" upstream
	is "policy_state" "$(attr "$vf1" policy_state)" active
	check "an access" vfreg "$vf1" read 0 4
	is "what ends it" "$(vvbctl -j holders | jq -r '.[] | select(.name == "upstream") | .cure')" \
		"vvbctl policy unload upstream"
}

unload()
{
	check "unload" vvbctl policy unload upstream
	check "the driver knows it no more" sh -c "! grep -q '^upstream ' $driver_dir/policies"
	is "policy_state" "$(attr "$vf1" policy_state)" missing
	check "an access" vfreg "$vf1" read 0 4
	refused "upstream: nothing is pinned under that name" "unload it again" vvbctl policy unload upstream
}

bpftool struct_ops register $bpf/upstream.bpf.o $left >/dev/null 2>&1
echo "     bpftool: status $?"
check "it is registered" grep -q "^upstream 0" $driver_dir/policies
check "and pinned" test -e $left/upstream
in_force
refused "that is for root" "another user" as_user 1000 vvbctl policy unload upstream
unload
check "its pin is gone" test ! -e $left/upstream

# Its link in two places, and in a process.
bpftool struct_ops register $bpf/upstream.bpf.o $left >/dev/null 2>&1
check "another pin" bpftool link pin pinned $left/upstream $left/second
hold_link $left/second >held &
holder=$!
until_true 5 grep -q open held || fail "hold_link"
in_force
check "a policy of ours beside it" vvbctl policy load $bpf/split.bpf.o
unload
is "pins" "$(ls $left)" ""
is "ours is still there" "$(cut -d ' ' -f 1 $driver_dir/policies)" split
kill $holder
check "unload it" vvbctl policy unload split
check "rmmod" until_true 5 rmmod virtio_vfio_bpf
finish
