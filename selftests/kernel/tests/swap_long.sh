#!/bin/sh
# vm: --vfs 2 --driver ours --timeout 1800
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# 10,000 times, policies replace each other under load.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program swap 10000 "$vf1" "$vf2"
for vf in $VVB_VFS; do
	is "nothing was ejected" "$(event "$vf" ejected)" 0
	check "none" attr "$vf" policy none
done
is "policies left" "$(wc -l <$driver_dir/policies)" 0
finish
