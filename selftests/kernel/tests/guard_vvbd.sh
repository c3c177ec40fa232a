#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The whole split with nothing but modprobe, bpftool and the daemon: no policy, no vvbctl.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is_live()
{
	[ "$(attr "$vf1" daemon)" = live ]
}

check "guard" bpftool prog load $bpf/guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach
# shellcheck disable=SC2046 # words
check "its map" bpftool map update name split_vfs key hex $(map_key "$vf1") value 1
vvbd --foreground "$vf1" >/tmp/vvbd.log 2>&1 &
daemon=$!
until_true 10 is_live || die "vvbd: $(cat /tmp/vvbd.log)"
commands=$(vfreg "$vf1" opcode 3)
program legacy_net "$VVB_PF" "$vf1" "$vf2"
is "accesses without the daemon" "$(event "$vf1" no_daemon)" 0
is "bad replies" "$(event "$vf1" bad_reply)" 0
# a function that is its own owner is asked by no command
[ "$(attr "$vf1" owner_active)" = self ] || check "commands of the daemon's" [ "$(vfreg "$vf1" opcode 3)" -gt "$commands" ]
kill "$daemon"
finish
