#!/bin/sh
# vm: --vfs 1 --driver ours --owner pf --device-opt legacy-commands=off
# owner: pf, the PF has no legacy commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A PF with an administration queue that has no legacy commands: said as the VF is bound.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

why="off: the PF's device has no legacy commands (opcodes 2 to 6)"
is "capable" "$(attr "$vf1" capable)" "$why"
check "bound again" bind "$vf1" virtio_vfio_bpf
check "the kernel log says so" sh -c "dmesg | grep -q \"$vf1: capable of legacy=$why\""
check "upstream" vvbctl policy load $bpf/upstream.bpf.o
check "select it" sh -c "vvbctl policy select $vf1 upstream 2>said"
check "vvbctl says that it is asked nothing" grep -q "is asked nothing, as the VF can't .*opcodes 2 to 6" said
is "policy_state" "$(attr "$vf1" policy_state)" idle
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" modern
is "policy_state" "$(attr "$vf1" policy_state)" idle
unhold
finish
