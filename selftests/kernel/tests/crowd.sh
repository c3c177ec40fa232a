#!/bin/sh
# vm: --vfs 64 --driver ours --icount --memory 2048 --device-opt imm-ready=on --device-opt admin-delay-ns=200000
# owner: pf, 64 VFs wait for the PF's queue
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# 64 VFs of one PF, all initialising at once; then with one of them reading without a pause. The
# device takes 200 us for a command and does one at a time, on a clock that counts instructions.
# No interrupts: one vCPU has not enough vectors for those of 64 VFs.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# waiting N - so many commands are at the device
waiting()
{
	testbed get totals | grep -q " waiting=$1 "
}

program crowd calm
program crowd flood

testbed set hang-queue true
for vf in $VVB_VFS; do
	vfreg "$vf" read 0 4 &
done >/tmp/answers 2>&1
check "64 VFs at a device that hangs: 8 commands in flight" until_true 20 waiting 8
sleep 1
check "and no more" waiting 8
testbed set hang-queue false
wait
is "answers of the device" "$(sort -u /tmp/answers | grep -c .)" 1
is "of each VF" "$(grep -c . /tmp/answers)" 64
finish
