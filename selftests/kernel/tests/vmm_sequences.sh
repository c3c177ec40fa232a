#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The ways in which cloud-hypervisor, crosvm and QEMU switch MSI-X, with the legacy driver at work.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program vmm_sequences "$VVB_PF" "$vf1"
is "commands refused" "$(event "$vf1" command_error)" 0
finish
