#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF whose notify address is in the BAR with its MSI-X table: that BAR stays open, so whoever
# has it could kick past guard and policy. Such a VF cannot be sealed.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

refused "" "no such list" testbed set notify-list msix
check "the notify address is in the MSI-X BAR" testbed set notify-list msix-bar
hold "$vf1"
is "notify, legacy=auto" "$(attr "$vf1" notify)" member
unhold
program legacy_net "$VVB_PF" "$vf1"
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "open" vfreg "$vf1" read 0 4
is "interface" "$(attr "$vf1" interface)" closed
is "notify" "$(attr "$vf1" notify)" closed
check "the notify address is in a BAR of its own" testbed set notify-list member

check "the device refuses to name it" testbed set admin-fail-status 22
check "once" testbed set admin-fail-at 1
refused "not supported" "open" vfreg "$vf1" read 0 4
is "interface" "$(attr "$vf1" interface)" closed

hold "$vf1"
is "interface" "$(attr "$vf1" interface)" legacy
is "notify" "$(attr "$vf1" notify)" member
unhold
program legacy_net "$VVB_PF" "$vf1"
finish
