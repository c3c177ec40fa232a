#!/bin/sh
# vm: --vfs 2 --driver ours --timeout 1500
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A compromised daemon: anything at all on its channels and sessions, for ten minutes. It harms its own
# VF's guest at most, leaks nothing, and leaves nothing behind that keeps the module from going.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
done
program fuzz_daemon "$(date +%s)" 600 "$vf1" "$vf2"
is "daemons" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "none none"
check "unload split" vvbctl policy unload split
for vf in $VVB_VFS; do
	check "unbind" timeout 10 sh -c "echo $vf >$driver_dir/unbind"
done
check "rmmod" rmmod virtio_vfio_bpf
finish
