#!/bin/sh
# vm: --vfs 8 --driver ours --timeout 1800
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbd dies or stands still 1,000 times in all, under a guest on each of 8 VFs.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

cp /usr/bin/vvbd /tmp/vvbd-next
check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
done
# shellcheck disable=SC2086 # words
{
program mortal 1 334 kernel 150 $VVB_VFS
program mortal 2 333 wait 20000 $VVB_VFS
program mortal 3 333 fail 800 $VVB_VFS
}
finish
