#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Daemons that lie, are late, die, or are not the VF's.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
done
program punt_replies "$vf1"
program punt_death "$vf1" "$vf2"
for vf in $VVB_VFS; do
	attr "$vf" on_daemon_loss kernel
done
program punt_late "$vf1" "$vf2"
program punt_claims "$vf1"
program legacy_net "$VVB_PF" "$vf1" "$vf2"

refused "Invalid argument" "on_daemon_loss=panic" attr "$vf1" on_daemon_loss panic
refused "" "punt_timeout_ms=0" attr "$vf1" punt_timeout_ms 0
refused "" "punt_timeout_ms=60001" attr "$vf1" punt_timeout_ms 60001
refused "" "punt_timeout_ms=soon" attr "$vf1" punt_timeout_ms soon
check "punt_timeout_ms=60000" attr "$vf1" punt_timeout_ms 60000

# The device is wanted back while its guest waits for a daemon that never comes.
check "on_daemon_loss=wait" attr "$vf1" on_daemon_loss wait
hold "$vf1" 500
start=$(date +%s)
check "unbind while an access waits" timeout 20 sh -c "echo $vf1 >$driver_dir/unbind"
check "after $(($(date +%s) - start)) s" [ $(($(date +%s) - start)) -lt $((10 * VVB_SLOWDOWN)) ]
check "closed: $(grep reads "$hold_log")" until_true 5 grep -q closed "$hold_log"
unhold
finish
