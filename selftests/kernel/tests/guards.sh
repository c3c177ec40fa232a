#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Guards, with bpftool alone: host-wide, per VF by map, gone with their pin.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

pin=/sys/fs/bpf/vvb_guard

guard()
{
	check "guard $1" bpftool prog load "$bpf/$1.bpf.o" $pin autoattach
}

# shellcheck disable=SC2046 # words
set_map()
{
	bpftool map update name "$1" key hex $(map_key "$2") value "$3"
}

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
# vvb_decide() relies on it: it asks with preemption off
refused "not sleepable" "a guard that sleeps" bpftool prog load $bpf/test/guard-sleep.bpf.o $pin autoattach
guard guard-readonly
check "its map" set_map readonly_vfs "$vf1" 1
before=$(event "$vf1" denied)
is "readonly: reads go through" "$(vfreg "$vf1" read 0 4)" "$features"
check "readonly: a write is dropped" vfreg "$vf1" write 4 4 1
check "readonly: a notify goes through" vfreg "$vf1" write 16 2 0
is "readonly: counted" "$(($(event "$vf1" denied) - before))" 1
before=$(event "$vf1" bus_master_set)
check "readonly: device_status is dropped" vfreg "$vf1" write 18 1 3
is "readonly: and does not bring Bus Master" "$(($(event "$vf1" bus_master_set) - before))" 0
check "the other VF's device_status" vfreg "$vf2" write 18 1 3
is "does" "$(event "$vf2" bus_master_set)" 1
program legacy_net "$VVB_PF" "$vf2"
if legacy_net "$VVB_PF" "$vf1" >/dev/null; then
	fail "readonly: a driver came up"
else
	ok "readonly: no driver comes up"
fi
refused "Resource temporarily unavailable" "rmmod while a guard is pinned" \
	rmmod virtio_vfio_bpf
check "the pin removed" rm $pin
usleep 300000
program legacy_net "$VVB_PF" "$vf1"

guard guard-split
check "its map" set_map split_vfs "$vf1" 1
before=$(event "$vf1" no_daemon)
is "split: without a daemon the kernel answers" "$(vfreg "$vf1" read 0 4)" "$features"
is "split: counted" "$(($(event "$vf1" no_daemon) - before))" 1
program legacy_net "$VVB_PF" "$vf1"
check "the pin removed" rm $pin
usleep 300000

check "guard bad-guard" bpftool prog load $bpf/test/bad-guard.bpf.o $pin autoattach
before=$(event "$vf1" illegal_guard)
is "illegal opinion: ignored" "$(vfreg "$vf1" read 0 4)" "$features"
is "illegal opinion: counted" "$(($(event "$vf1" illegal_guard) - before))" 1
check "illegal opinion on a notify" vfreg "$vf1" write 16 2 0
is "illegal opinion: counted" "$(($(event "$vf1" illegal_guard) - before))" 2
program legacy_net "$VVB_PF" "$vf1"
check "the pin removed" rm $pin
usleep 300000
check "rmmod" rmmod virtio_vfio_bpf
finish
