#!/bin/sh
# vm: --vfs 1 --driver ours --guest --memory 2048 --timeout 1500
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The VF is plugged into an empty port of a running guest, and unplugged while packets pass: a port
# with a range of I/O ports, one for which nothing is said, and one that can have none. In the last
# the VF's registers are out of reach: the guest's driver gives up, and nothing else happens.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

# port NAME NR [PROPERTY]
port()
{
	echo "-device pcie-root-port,id=$1,chassis=$2,slot=$2${3:+,$3}"
}

# plug PORT
plug()
{
	vmm_says "device_add vfio-pci,host=$vf1,id=vf,bus=$1"
	in_guest "plugged into $1" 60 \
		"for i in \$(seq 300); do [ -n \"\$(nic)\" ] && break; sleep 0.1; done; sleep 1"
}

# unplug - while packets pass, or would
unplug()
{
	in_guest "packets" 10 "ping -i 0.01 10.0.0.1 >/dev/null 2>&1 &"
	arrives_all_the_time
	vmm_says "device_del vf"
	check "unplugged" until_true 60 attr_is "$vf1" interface closed
	nothing_arrives
	is "what the guest has left" "$(guest_value 30 "killall ping; nic | wc -l")" 0
}

# there_and_back PORT
there_and_back()
{
	plug "$1"
	in_guest "network" 30 start_network
	traffic "$1"
	unplug
}

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
ports="$(port range 1 io-reserve=4096) $(port plain 2) $(port none 3 io-reserve=0)"
VMM_MACHINE=q35 VMM_OPTIONS=$ports start_guest none
check "the guest is up" heard failed 300 || die_of_guest
there_and_back range
there_and_back plain
plug none
in_guest "no network" 10 "[ ! -e /sys/class/net/eth0 ]"
unplug
there_and_back range
is "commands refused" "$(event "$vf1" command_error)" 0
stop_guest
program legacy_net "$VVB_PF" "$vf1"
finish
