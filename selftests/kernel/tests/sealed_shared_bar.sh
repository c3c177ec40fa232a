#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt vf-shared-bar=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF with its MSI-X table in the BAR of the modern registers: that BAR cannot be closed, so
# such a VF cannot be sealed.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "capable" "$(attr "$vf1" capable)" "auto: virtio registers share a BAR with the MSI-X table"
program legacy_net "$VVB_PF" "$vf1"
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "open" vfreg "$vf1" read 0 4
is "interface" "$(attr "$vf1" interface)" closed
check "legacy=auto" attr "$vf1" legacy auto
check "open" vfreg "$vf1" read 0 4
finish
