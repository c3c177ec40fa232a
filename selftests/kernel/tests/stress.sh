#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Config space, MSI-X, resets and registers, from many threads at once.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program stress "$vf1" 12
is "accesses refused by the device" "$(event "$vf1" command_error)" 0
check "legacy=only" attr "$vf1" legacy only
program stress "$vf1" 4
program legacy_net "$VVB_PF" "$vf1"
finish
