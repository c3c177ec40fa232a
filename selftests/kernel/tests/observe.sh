#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy observe counts what a driver does, per VF and per register.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# count VF FIELD - "reads writes errors" of one register, out of the policy's map
count()
{
	# shellcheck disable=SC2046 # words
	bpftool -j map lookup pinned /sys/fs/bpf/vvb/observe/maps/observe_counts \
		key hex $(map_key "$1") >/tmp/counts || return
	sed 's/.*"formatted"//' /tmp/counts | grep -o '"reads":[0-9]*,"writes":[0-9]*,"errors":[0-9]*' |
		sed -n "$(($2 + 1))s/[^0-9,]//gp" | tr ',' ' '
}

check "load" vvbctl policy load $bpf/observe.bpf.o
check "select" attr "$vf1" policy observe
is "device_features at first" "$(count "$vf1" 0)" "0 0 0"
for i in 1 2 3; do
	vfreg "$vf1" read 0 4 >/dev/null
done
vfreg "$vf1" write 14 2 1
vfreg "$vf1" write 14 2 0
vfreg "$vf1" write 16 2 0
is "device_features" "$(count "$vf1" 0)" "3 0 0"
is "queue_select" "$(count "$vf1" 4)" "0 2 0"
is "queue_notify" "$(count "$vf1" 5)" "0 1 0"
is "driver_features" "$(count "$vf1" 1)" "0 0 0"
program legacy_net "$VVB_PF" "$vf1"
# shellcheck disable=SC2046 # words
set -- $(count "$vf1" 5)
check "notifies of a driver: ${2:-none}" [ "${2:-0}" -gt 500 ]
is "ISR without errors" "$(count "$vf1" 7 | cut -d ' ' -f 3)" 0
refused "" "nothing about a VF that did not select it" count "$vf2" 0
check "let go of it" attr "$vf1" policy none
refused "" "its counts are gone" count "$vf1" 0
check "select it again" attr "$vf1" policy observe
is "from zero" "$(count "$vf1" 5)" "0 0 0"
finish
