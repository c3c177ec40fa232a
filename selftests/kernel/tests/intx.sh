#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A driver that knows no MSI-X has interrupts, and no command goes out for them.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program intx "$VVB_PF" "$vf1"
check "legacy=only" attr "$vf1" legacy only
program intx "$VVB_PF" "$vf1"
check "vvbctl shows the setting" sh -c "vvbctl vf show $vf1 | grep -q 'intx *auto'"

check "intx=off" attr "$vf1" intx off
hold "$vf1"
refused "Device or resource busy" "intx=auto while open" attr "$vf1" intx auto
refused "Invalid argument" "intx=always while open" attr "$vf1" intx always
unhold
program intx_none "$vf1"
refused "Invalid argument" "intx=always" attr "$vf1" intx always
is "intx after that" "$(attr "$vf1" intx)" off
check "by vvbctl" vvbctl vf set "$vf1" intx auto
is "intx" "$(attr "$vf1" intx)" auto
finish
