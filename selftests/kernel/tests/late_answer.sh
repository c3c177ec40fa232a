#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt imm-ready=on
# owner: pf, commands are answered at their deadline
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Commands that are answered at their deadline, just when they are given up: each access has its
# own answer or none, and nothing is left of them when the module goes.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

program late_answer "$vf1" 10
check "stalled: 0" until_true 5 attr_is "$vf1" stalled 0
is "commands unanswered" "$(attr "$vf1" pf_stalled)" 0
check "rmmod" until_true 5 rmmod virtio_vfio_bpf
# The record of the PF is gone with the last command: it would be called here.
check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
check "virtio_net bound again" put "$virtio" $virtio_net/bind
finish
