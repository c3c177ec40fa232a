#!/bin/sh
# vm: --vfs 1 --driver ours --guest --device-opt vf-queue-pairs=4,vf-vectors=16,queue-size=1024 --memory 2048 --timeout 1500
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A legacy guest with 4 processors uses 4 queue pairs, of 1024 entries: each of them carries packets,
# and has interrupts of its own.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

pairs()
{
	testbed get fn-state | sed -n 's/^1 .* pairs=\([0-9]*\) .*/\1/p'
}

# from_each_processor - a download on each of them at once, bound to it
from_each_processor()
{
	in_guest "4 downloads at once" 300 "for cpu in 0 1 2 3; do \
		taskset -c \$cpu wget -q -O /srv/got\$cpu http://10.0.0.1/file & done; wait; \
		for cpu in 0 1 2 3; do cmp /srv/got\$cpu /srv/got || exit; done"
}

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
VMM_OPTIONS="-smp 4" boot_guest "$vf1"
is "processors" "$(guest_value 10 nproc)" 4
is "queues of the driver" "$(guest_value 10 "ls /sys/class/net/eth0/queues | wc -l")" 8
is "pairs in use" "$(pairs)" 4
traffic "4 pairs"
from_each_processor
is "queues with interrupts" "$(guest_value 10 \
	"grep -E 'virtio.-(input|output)' /proc/interrupts | \
		awk '{ n = 0; for (i = 2; i < 6; i++) n += \$i; if (n) q++ } END { print q }'")" 8
in_guest "its driver bound again" 60 "echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/unbind; \
	echo \$(nic) >/sys/bus/pci/drivers/virtio-pci/bind && start_network"
is "pairs in use" "$(pairs)" 4
traffic "bound again"
is "commands refused" "$(event "$vf1" command_error)" 0
stop_guest
is "pairs in use" "$(pairs)" 1
program legacy_net "$VVB_PF" "$vf1"
finish
