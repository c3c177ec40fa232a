#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The PF's virtio driver is unbound while a command is on its way, inside of virtio_pci, and has not
# got to the queue yet, for longer than a hung device is waited for. The queue is freed behind
# it only.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

virtio=$(basename "$(echo "$pf_dir"/virtio*)")
virtio_net=/sys/bus/virtio/drivers/virtio_net

uptime_s()
{
	cut -d . -f 1 /proc/uptime
}

# On a worker, and on the thread of the vCPU.
for timeout in 60000 0; do
	check "admin_timeout_ms=$timeout" attr "$vf1" admin_timeout_ms $timeout
	features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
	check "hold it" bpftool prog load $bpf/test/hold-unsent.bpf.o /sys/fs/bpf/hold autoattach
	vfreg "$vf1" read 0 4 >/tmp/held 2>&1 &
	command usleep 2000000 # it is held for eight seconds, however slow the kernel is
	before=$(uptime_s)
	check "virtio_net unbound from the PF" put "$virtio" $virtio_net/unbind
	took=$(($(uptime_s) - before))
	check "it took $took s" [ $took -ge 4 ]
	check "the access is over" until_true 5 grep -q . /tmp/held
	is "it has its answer" "$(cat /tmp/held)" "$features"
	check "no command is overtaken" sh -c "! dmesg | grep -q 'still in flight'"
	check "let go" rm /sys/fs/bpf/hold
	wait
	check "virtio_net bound again" put "$virtio" $virtio_net/bind
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
