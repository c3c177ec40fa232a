#!/bin/sh
# vm: --vfs 2 --driver ours --owner auto --device-opt legacy-commands=off --device-opt requires-version-1=off
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# VFs whose PF has no legacy commands: they are their own owners, and a legacy driver does not see it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is "capable" "$(attr "$vf1" capable)" only
is "owner" "$(attr "$vf1" owner) $(attr "$vf1" owner_active)" "auto self"
check "owner=pf" attr "$vf1" owner pf
is "capable then" "$(attr "$vf1" capable)" "off: the PF's device has no legacy commands (opcodes 2 to 6)"
is "owner" "$(attr "$vf1" owner_active)" none
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" modern
is "owner" "$(attr "$vf1" owner_active)" none
refused "busy" "another owner, while it is open" attr "$vf1" owner self
unhold
refused "nvalid" "an owner that there is not" attr "$vf1" owner nobody
check "owner=self" vvbctl vf set "$vf1" owner self
program legacy_net "$VVB_PF" "$vf1" "$vf2"
check "drivers without mergeable buffers: VERSION_1 was not taken" [ "$(event "$vf1" without_version_1)" -gt 0 ]
is "features refused" "$(event "$vf1" features_refused)" 0
check "sealed" attr "$vf1" legacy only
program legacy_net "$VVB_PF" "$vf1"
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" legacy
check "features are shown" sh -c "vvbctl vf show $vf1 | grep -q 'owner self (self)  features offered 0x[0-9a-f]* '"
is "as JSON" "$(vvbctl -j vf show "$vf1" | jq -r '.[0].owner_active')" self
unhold
is "legacy commands that the PF got" "$(testbed get admin-counts | tr , '\n' | grep -c '^[2-6]:[^0]')" 0
check "queue_size_max" attr "$vf1" queue_size_max 100
is "the guest sees" "$(vfreg "$vf1" read 12 2)" 0x0040
refused "out of range" "too large" attr "$vf1" queue_size_max 32769
check "queue_size_max" attr "$vf1" queue_size_max 0

# The device gets to know what a policy has told the guest, or their rings were not the same.
check "a policy" vvbctl policy load $bpf/quirk.bpf.o
for vf in "$vf1" "$vf2"; do
	check "selected" vvbctl policy select "$vf" quirk
	check "a size of its own" vvbctl policy set "$vf" queue_size.value 64 of quirk
	check "fixed" vvbctl policy set "$vf" queue_size.fixed on of quirk
	is "the guest sees" "$(vfreg "$vf" read 12 2)" 0x0040
done
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
