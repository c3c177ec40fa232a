#!/bin/sh
# vm: --vfs 1 --driver ours --device-opt flr-busy-ns=1000000000
# owner: pf, the device says EAGAIN to commands
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A device that says EAGAIN for a second after each reset: a guest that probes right then finds it.
# One that goes on with it holds nobody up for longer than it would by not answering, and not for
# every access again.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

gone()
{
	[ ! -e "/proc/$1" ] || grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status"
}

# A read right after the reset of an open, several times, then after those of a guest.
for timeout in 5000 0; do
	check "admin_timeout_ms=$timeout" attr "$vf1" admin_timeout_ms $timeout
	is "device_features" "$(vfreg "$vf1" read 0 4 | cut -c 1-2)" 0x
	for again in 1 2 3 4; do
		check "it is no all-ones, $again" [ "$(vfreg "$vf1" read 0 4)" != 0xffffffff ]
	done
	is "notify" "$(hold "$vf1"; attr "$vf1" notify; unhold)" member
	program legacy_net "$VVB_PF" "$vf1"
done
is "accesses that failed" "$(event "$vf1" command_error)" 0
check "commands were tried again: $(event "$vf1" command_retry)" [ "$(event "$vf1" command_retry)" -gt 0 ]

# Not less than it may wait, not more.
check "admin_timeout_ms=300" attr "$vf1" admin_timeout_ms 300
before=$(event "$vf1" command_error)
is "too busy for admin_timeout_ms" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "it failed" [ "$(event "$vf1" command_error)" -gt "$before" ]

# For an hour: an access waits, the next does not.
testbed set flr-busy-ns 3600000000000
sleep 5
check "admin_timeout_ms=2000" attr "$vf1" admin_timeout_ms 2000
lines=$(dmesg | grep -c "admin command error")
before=$(cut -d . -f 1 /proc/uptime)
# shellcheck disable=SC2046 # words
set -- $(flood "$vf1" 800)
is "answers" "$2" 0
check "800 accesses took $4 s" [ "$4" -le 6 ]
lines=$(($(dmesg | grep -c "admin command error") - lines))
seconds=$(($(cut -d . -f 1 /proc/uptime) - before))
# rationed are those that fail, and those that are tried again
check "$lines lines in $seconds s" [ $lines -le $((32 + 8 * (seconds + 1))) ]

# A signal that kills ends it, and so does who wants the VF back.
check "admin_timeout_ms=60000" attr "$vf1" admin_timeout_ms 60000
sleep 5
vfreg "$vf1" read 0 4 >/dev/null 2>&1 &
pid=$!
sleep 1
check "an open waits" kill -0 $pid
kill -9 $pid
check "killed, it is gone" until_true 2 gone $pid
sleep 5
vfreg "$vf1" read 0 4 >/dev/null 2>&1 &
pid=$!
sleep 1
check "an open waits" kill -0 $pid
check "VF unbound" timeout 4 sh -c "echo $vf1 >$driver_dir/unbind"
check "the open has ended" until_true 2 gone $pid
testbed set flr-busy-ns 1
check "VF bound" put "$vf1" $driver_dir/bind
check "VF reset" put 1 "/sys/bus/pci/devices/$vf1/reset"
program legacy_net "$VVB_PF" "$vf1"
finish
