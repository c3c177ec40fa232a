#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Loading and unloading take turns: no guard that was reported as loaded is lifted by the failure
# of another load. One that is killed at whatever place leaves what was, or what is to be.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program load_races $bpf/guard-readonly.bpf.o guard-readonly 60
is "no pins" "$(ls /sys/fs/bpf/vvb)" ""
program cut_short $bpf/test/tune-1.bpf.o $bpf/test/tune-3.bpf.o tune "$vf1"
is "no pins" "$(ls /sys/fs/bpf/vvb)" ""
usleep 300000
is "no guards" "$(bpftool link show | grep -c tracing)" 0
check "rmmod" rmmod virtio_vfio_bpf
finish
