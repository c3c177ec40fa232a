#!/bin/sh
# vm: --vfs 1 --driver ours --vectors 20 --device-opt queue-pairs=8,vf-queue-pairs=8,queue-size=64
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A NIC with 8 queue pairs on PF and VF, and queues of 64: stock virtio_net uses as many on the PF as
# there are processors, and a legacy driver that knows of one pair has one.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# pairs FUNCTION - in use
pairs()
{
	testbed get fn-state | sed -n "s/^$1 .* pairs=\([0-9]*\) .*/\1/p"
}

pf=$(interface_of "$VVB_PF")
is "processors" "$(nproc)" 2
is "receive queues of the PF's driver" "$(find "/sys/class/net/$pf/queues" -name 'rx-*' | wc -l)" 2
is "pairs in use on the PF" "$(pairs 0)" 2
program legacy_net "$VVB_PF" "$vf1"
is "pairs in use on the VF" "$(pairs 1)" 1
is "doorbells of queues that are none" "$(testbed get fn-counters |
	sed -n 's/^1 .* bad_accesses=\([0-9]*\) .*/\1/p')" 0
finish
