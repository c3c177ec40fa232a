#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Policies replace each other under load; swap_long.sh does so 10,000 times.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program swap 400 "$vf1" "$vf2"
for vf in $VVB_VFS; do
	is "nothing was ejected" "$(event "$vf" ejected)" 0
	check "none" attr "$vf" policy none
done
is "policies left" "$(wc -l <$driver_dir/policies)" 0
finish
