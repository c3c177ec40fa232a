#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt imm-ready=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Eventfds that kick, in the hands of a VMM that does with them what it should not; without a policy, and with
# kicks that have to go to a thread.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program ioeventfd_bad "$vf1"
check "guard" bpftool prog load $bpf/test/guard-direct.bpf.o /sys/fs/bpf/vvb_guard autoattach
program ioeventfd_bad "$vf1"
rm /sys/fs/bpf/vvb_guard
is "closed" "$(attr "$vf1" interface) $(attr "$vf1" ioeventfds)" "closed 0"
program legacy_net "$VVB_PF" "$vf1"
finish
