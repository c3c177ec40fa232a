#!/bin/sh
# vm: --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The host goes to sleep while a guest reads registers: no command goes out from before its tasks
# are frozen until they are thawed, as the PF's virtio driver gives its queues back meanwhile.
#
# The kernel tests its own way down (pm_test) and turns back where its tasks are frozen. Further
# down Linux 6.12 is lost without us: virtio_pci resets the PF as it resumes, and that walks the
# administration queue it has freed.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

[ -e /sys/power/pm_test ] || skip "this kernel can't try to sleep"
met_closed()
{
	[ "$(event "$vf1" pf_unavailable)" -gt 0 ]
}

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"
put 1 /sys/module/suspend/parameters/pm_test_delay
put freezer /sys/power/pm_test
hold "$vf1"
is "the PF takes commands" "$(event "$vf1" pf_unavailable)" 0
# Whether an access comes between the closing and the freezing of its own thread is chance.
for _ in 1 2 3 4 5 6 7 8; do
	check "down and up" put freeze /sys/power/state
	until_true 1 met_closed && break
done
check "accesses met a closed gate" met_closed
unhold
is "features" "$(vfreg "$vf1" read 0 4)" "$features"
program legacy_net "$VVB_PF" "$vf1"
finish
