#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# legacy = auto | only | off: what the guest sees of the VF.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "default" "$(attr "$vf1" legacy)" auto
program config_space "$vf1" auto
check "legacy=only" attr "$vf1" legacy only
program config_space "$vf1" only
program legacy_net "$VVB_PF" "$vf1"
refused "Invalid argument" "legacy=sometimes" attr "$vf1" legacy sometimes
is "legacy after that" "$(attr "$vf1" legacy)" only

hold "$vf1"
is "interface, legacy=only" "$(attr "$vf1" interface)" legacy
refused "Device or resource busy" "legacy=off while open" attr "$vf1" legacy off
is "legacy while open" "$(attr "$vf1" legacy)" only
unhold
check "legacy=auto" attr "$vf1" legacy auto
hold "$vf1"
is "interface, legacy=auto" "$(attr "$vf1" interface)" transitional
unhold

check "legacy=off" attr "$vf1" legacy off
hold "$vf1"
is "interface, legacy=off" "$(attr "$vf1" interface)" modern
unhold
refused "Invalid argument" "BAR0 with legacy=off" vfreg "$vf1" read 0 4
program plain_vfio "$vf1"
check "legacy=auto again" attr "$vf1" legacy auto
check "BAR0 is back" vfreg "$vf1" read 0 4
finish
