#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Programs beside a module of another version: the real one, whose version is covered by another.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "the module's own" "$(cat $driver_dir/api_version)" 1
check "fits vvbctl" vvbctl vf show "$vf1"
check "load split" vvbctl policy load $bpf/split.bpf.o
vvbd --foreground "$vf1" 2>/tmp/vvbd.log &
daemon=$!
check "fits vvbd" until_true 10 grep -q ready /tmp/vvbd.log
kill $daemon
wait $daemon

echo 2 >/tmp/newer
check "a newer module" mount --bind /tmp/newer $driver_dir/api_version
older="this program is older than module virtio_vfio_bpf (version 1 of what they say to each other, not 2): install"
refused "$older" "vvbctl vf" vvbctl vf
refused "$older" "vvbctl stats" vvbctl stats --vf "$vf1"
refused "$older" "vvbctl vf set" vvbctl vf set "$vf1" legacy only
is "nothing is set" "$(attr "$vf1" legacy)" auto
refused "$older" "vvbd" vvbd --foreground "$vf1"
is "nothing is claimed" "$(attr "$vf1" daemon)" none
check "a policy can be taken away, for rmmod" vvbctl policy unload split
check "as it was" umount $driver_dir/api_version

# A module that tells no version: its directory without that file.
mkdir /tmp/untold
check "an older module" mount --bind /tmp/untold $driver_dir
older="module virtio_vfio_bpf is older than this program (version 0 of what they say to each other, not 1): load"
refused "$older" "vvbctl policy" vvbctl policy
refused "$older" "vvbd" vvbd --foreground "$vf1"
check "as it was" umount $driver_dir

echo "$vf1" >$driver_dir/unbind
check "rmmod" until_true 5 rmmod virtio_vfio_bpf
refused "module virtio_vfio_bpf is not loaded" "no module: vvbctl" vvbctl vf
refused "is the module virtio_vfio_bpf loaded?" "no module: vvbd" vvbd --foreground "$vf1"
finish
