#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A guard comes before a VF's policy, and may only restrict or redirect.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "policy emulate" vvbctl policy load $bpf/test/emulate.bpf.o
check "selected" attr "$vf1" policy emulate
is "the policy's answer" "$(vfreg "$vf1" read 0 4)" 0xa5a5a504
check "guard" bpftool prog load $bpf/guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach
is "no opinion of the guard" "$(vfreg "$vf1" read 0 4)" 0xa5a5a504
# shellcheck disable=SC2046 # words
check "its map" bpftool map update name split_vfs key hex $(map_key "$vf1") value 1
check "on_daemon_loss" attr "$vf1" on_daemon_loss fail
is "the guard's verdict, PUNT, without a daemon" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "the pin removed" rm /sys/fs/bpf/vvb_guard
usleep 300000
is "the policy's answer" "$(vfreg "$vf1" read 0 4)" 0xa5a5a504
finish
