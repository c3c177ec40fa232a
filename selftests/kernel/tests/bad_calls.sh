#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# System calls that are wrong in themselves, with either interface.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

for legacy in auto only; do
	check "legacy=$legacy" attr "$vf1" legacy $legacy
	program bad_calls "$vf1"
done
program legacy_net "$VVB_PF" "$vf1"
finish
