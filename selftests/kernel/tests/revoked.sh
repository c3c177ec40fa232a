#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A VF is wanted back while it is open: with the kernel's own default, a policy that answers by
# itself, notifies that are commands.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# again - what the program ends with is undone
again()
{
	check "VF bound again" put "$vf1" $driver_dir/bind
	[ $# = 0 ] || check "$*" attr "$vf1" "$@"
}

check "load emulate" vvbctl policy load $bpf/test/emulate.bpf.o
program revoked "$vf1"
again policy emulate
program revoked "$vf1"
check "notifies are commands" testbed set notify-list empty
again policy none
program revoked "$vf1"
again
check "notify addresses again" testbed set notify-list member
program legacy_net "$VVB_PF" "$vf1"
finish
