#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt flr-busy-ns=3600000000000 --device-opt notify-list=empty
# owner: pf, the device fails commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that refuses every command, notifies too: the guest gets all-ones, each failing
# command is a line in the log of the PF's driver, and still the log is not flooded, however
# many accesses the guest makes.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

accesses=100000

lines=$(dmesg | wc -l)
# shellcheck disable=SC2046 # words
set -- $(flood "$vf1" $accesses)
answers=$2
seconds=$4
more=$(($(dmesg | wc -l) - lines))
retries=$(event "$vf1" command_retry)
errors=$(event "$vf1" command_error)
limit=$(event "$vf1" command_limit)
echo "     $accesses accesses in $seconds s: $errors errors, $retries retries," \
	"$limit answered without a command, $more lines"
is "answers of the device" "$answers" 0
check "commands were tried again" [ "$retries" -gt 0 ]
check "commands failed" [ "$errors" -gt 0 ]
# and the one at open, for the notify address
is "every access failed" $((errors + limit)) $((accesses + 1))
is "none was refused as another command is unanswered" "$(event "$vf1" stalled)" 0
# a line or two for each try: 16 at once, 4 a second from then on
check "the log is bounded" [ "$more" -lt $((2 * (20 + 4 * (seconds + 1)))) ]
finish
