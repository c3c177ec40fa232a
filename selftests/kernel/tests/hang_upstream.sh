#!/bin/sh
# vm: --vfs 2 --driver ours
# owner: pf, commands are left unanswered
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that does not answer: a user of the kernel's own driver can't even be killed, one of
# ours with admin_timeout_ms goes on, or dies when it is told to. VF 2 is the kernel's.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# state PID - "D" is a sleep that nothing ends
state()
{
	sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

# hangs PID - asleep like that, with its command at the device: an open sleeps so, too
hangs()
{
	testbed get totals | grep -q 'waiting=[1-9]' && [ "$(state "$1")" = D ]
}

# gone PID
gone()
{
	case $(state "$1") in
	''|Z|X)	return 0 ;;
	*)	return 1 ;;
	esac
}

modprobe virtio_vfio_pci
check "VF 2 bound to the kernel's driver" bind "$vf2" virtio_vfio_pci
features=$(vfreg "$vf2" read 0 4) || die "no answer: $features"
check "admin_timeout_ms=300" attr "$vf1" admin_timeout_ms 300
testbed set hang-queue true

vfreg "$vf2" read 0 4 >/dev/null 2>&1 &
theirs=$!
check "the kernel's driver: its user waits" until_true 10 hangs $theirs
kill -9 $theirs
before=$(date +%s)
is "ours: an access" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "ours: after $(($(date +%s) - before)) s" [ $(($(date +%s) - before)) -lt 5 ]
sleep 3
is "the kernel's driver: its user, killed for 3 s, is in state" "$(state $theirs)" D

testbed set hang-queue false
check "stalled: 0" until_true 5 attr_is "$vf1" stalled 0
check "admin_timeout_ms=60000" attr "$vf1" admin_timeout_ms 60000
check "the kernel's driver: its user is gone with the answer" until_true 10 gone $theirs
testbed set hang-queue true
vfreg "$vf1" read 0 4 >/dev/null 2>&1 &
ours=$!
sleep 1
check "ours: waits" kill -0 $ours
kill -9 $ours
check "ours: killed, it is gone" until_true 2 gone $ours
testbed set hang-queue false
check "stalled: 0" until_true 5 attr_is "$vf1" stalled 0
is "ours, afterwards" "$(vfreg "$vf1" read 0 4)" "$features"
is "the kernel's, afterwards" "$(vfreg "$vf2" read 0 4)" "$features"
finish
