#!/bin/sh
# vm: --vfs 3 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Kicks that wait for a daemon are in nobody's way: not in that of other VFs, nor of a close.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

vf3=$(echo "$VVB_VFS" | cut -d ' ' -f 3)
check "load punt-kicks" vvbctl policy load $bpf/test/punt-kicks.bpf.o
check "load coalesce-now" vvbctl policy load $bpf/test/coalesce-now.bpf.o
check "select punt-kicks" attr "$vf1" policy punt-kicks
check "select punt-kicks" attr "$vf2" policy punt-kicks
check "select coalesce-now" attr "$vf3" policy coalesce-now
program kicks_stuck "$vf1" "$vf2" "$vf3" "$@"
check "rmmod of policies" vvbctl policy unload punt-kicks
finish
