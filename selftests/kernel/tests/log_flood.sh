#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt flr-busy-ns=60000000000
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that refuses every command for a minute: the guest gets all-ones, each failing
# command is a line in the log of the PF's driver, and still the log is not flooded.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

hold "$vf1"
lines=$(dmesg | wc -l)
sleep 10
more=$(($(dmesg | wc -l) - lines))
retries=$(event "$vf1" command_retry)
errors=$(event "$vf1" command_error)
limit=$(event "$vf1" command_limit)
echo "     10 s: $errors errors, $retries retries, $limit answered without a command, $more lines"
check "commands were tried again" [ "$retries" -gt 0 ]
check "commands failed" [ "$errors" -gt 0 ]
check "over the limit accesses are answered locally" [ "$limit" -gt 100 ]
check "the log is bounded" [ "$more" -lt 400 ]
unhold
finish
