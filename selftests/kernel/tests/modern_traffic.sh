#!/bin/sh
# vm: --vfs 1
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The model is right, part one: stock virtio_net drives the PF, and a VF by its modern
# interface, and they talk to each other.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

other()
{
	nsenter -t "$other_pid" -n "$@"
}

here()
{
	"$@"
}

# transfer FROM TO ADDRESS - 1 MiB over TCP; FROM and TO are `here` and `other`
transfer()
{
	head -c 1048576 /dev/urandom >/tmp/sent
	"$1" httpd -p 5001 -h /tmp
	"$2" timeout 60 wget -q -O /tmp/received "http://$3:5001/sent"
	killall httpd
	[ "$(sha256sum </tmp/sent)" = "$(sha256sum </tmp/received)" ]
}

check "virtio-pci takes the VF" bind "$vf1" virtio-pci
until_true 10 interface_of "$vf1" || die "the VF has no network interface"
pf_if=$(interface_of "$VVB_PF")
vf_if=$(interface_of "$vf1")
is "VF: feature VERSION_1" "$(cut -c 33 "/sys/class/net/$vf_if/device/features")" 1

unshare -n sleep 1000 &
other_pid=$!
usleep 300000
ip link set "$vf_if" netns "$other_pid" || die "network namespace"
ip addr add 10.9.0.1/24 dev "$pf_if" && ip link set "$pf_if" up
other ip addr add 10.9.0.2/24 dev "$vf_if" && other ip link set "$vf_if" up
until_true 20 ping -c 1 -W 1 10.9.0.2
check "PF pings VF" ping -c 10 -W 2 10.9.0.2
check "VF pings PF" other ping -c 10 -W 2 10.9.0.1
check "large packets in fragments" ping -c 3 -W 2 -s 4000 10.9.0.2
check "1 MiB from PF to VF" transfer here other 10.9.0.1
check "1 MiB from VF to PF" transfer other here 10.9.0.2
# config OFFSET - 2 bytes of the VF's configuration space, as the device has them
config()
{
	od -An -t x2 -j "$1" -N 2 "/sys/bus/pci/devices/$vf1/config" | tr -d ' '
}

is "Memory Space of a VF is hardwired to zero" $((0x$(config 4) & 2)) 0
kill "$other_pid"
finish
