#!/bin/sh
# vm: --vfs 1 --driver ours
# owner: pf, the device fails commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The device misbehaves: statuses, short results, notify lists.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"

# fail_next STATUS [QUALIFIER] - the next command of the guest of hold_vf fails with it
fail_next()
{
	testbed set admin-fail-status "$1"
	testbed set admin-fail-qualifier "${2:-1}"
	testbed set admin-fail-at 1
}

hold "$vf1"
for status in 6 12 16 22 28 99 65535; do
	before=$(event "$vf1" command_error)
	fail_next $status
	usleep 300000
	is "status $status: counted" "$(($(event "$vf1" command_error) - before))" 1
done
before=$(event "$vf1" command_retry)
fail_next 11 7
usleep 300000
is "status EAGAIN: tried again" "$(($(event "$vf1" command_retry) - before))" 1
unhold

program short_results "$vf1"

for list in owner empty bad-bar misaligned out-of-range; do
	testbed set notify-list $list
	hold "$vf1"
	is "notify list $list: notify by" "$(attr "$vf1" notify)" command
	unhold
	program legacy_net "$VVB_PF" "$vf1"
done
for list in member owner-member; do
	testbed set notify-list $list
	hold "$vf1"
	is "notify list $list: notify by" "$(attr "$vf1" notify)" member
	unhold
done
is "device_features at the end" "$(vfreg "$vf1" read 0 4)" "$features"
finish
