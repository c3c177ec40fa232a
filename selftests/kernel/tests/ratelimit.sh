#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy ratelimit: control accesses wait, notifies are delivered late, none is lost.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# since NAME - an event's count since the last `mark`
since()
{
	echo $(($(event "$vf1" "$1") - $(cat "/tmp/mark.$1")))
}

mark()
{
	for name in coalesced coalesced_sent delayed delay_cut; do
		event "$vf1" $name >/tmp/mark.$name
	done
}

check "load" vvbctl policy load $bpf/ratelimit.bpf.o
check "select" vvbctl policy select "$vf1" ratelimit
mark
program legacy_net "$VVB_PF" "$vf1"
is "nothing limited, unless told to" "$(since coalesced_sent) $(since delayed)" "0 0"

check "a deadline of 5 s" attr "$vf1" punt_timeout_ms 5000
check "one control access in a second" vvbctl policy set "$vf1" control_rate 1
check "at a time" vvbctl policy set "$vf1" control_burst 1
mark
vfreg "$vf1" read 0 4 >/dev/null
is "the first passes" "$(since delayed)" 0
start=$(cut -d . -f 1 /proc/uptime)
# two each: however long it takes to get there, the second one waits
for i in 1 2 3; do
	vfreg "$vf1" read 0 4 2 >/dev/null
done
took=$(($(cut -d . -f 1 /proc/uptime) - start))
check "six more take $took s" [ "$took" -ge 3 ]
check "they waited ($(since delayed))" [ "$(since delayed)" -ge 3 ]
is "for as long as they should" "$(since delay_cut)" 0
check "a deadline of 50 ms" attr "$vf1" punt_timeout_ms 50
vfreg "$vf1" read 0 4 2 >/dev/null
check "waits are cut ($(since delay_cut))" [ "$(since delay_cut)" -ge 1 ]
check "a deadline of 5 s" attr "$vf1" punt_timeout_ms 5000

rate=$((1000 / VVB_SLOWDOWN / VVB_SLOWDOWN))
check "$rate control accesses in a second" vvbctl policy set "$vf1" control_rate $rate
check "10 at a time" vvbctl policy set "$vf1" control_burst 10
check "300 notifies in a second" vvbctl policy set "$vf1" notify_rate 300
check "20 at a time" vvbctl policy set "$vf1" notify_burst 20
mark
program legacy_net "$VVB_PF" "$vf1" "$vf2"
check "notifies came late ($(since coalesced_sent))" [ "$(since coalesced_sent)" -gt 0 ]
check "control accesses waited ($(since delayed))" [ "$(since delayed)" -gt 0 ]
is "still in place" "$(attr "$vf1" policy_state)" active

check "no limit" vvbctl policy set "$vf1" notify_rate 0
check "for any" vvbctl policy set "$vf1" control_rate 0
mark
program legacy_net "$VVB_PF" "$vf1"
is "nothing limited any more" "$(since coalesced_sent) $(since delayed)" "0 0"

# What is owed to one in a second, hundreds of seconds, is nothing to a higher rate.
check "a deadline of 5 ms" attr "$vf1" punt_timeout_ms 5
check "one notify in a second" vvbctl policy set "$vf1" notify_rate 1
check "300 at a time" vvbctl policy set "$vf1" notify_burst 300
mark
program legacy_net "$VVB_PF" "$vf1"
check "they were not enough ($(since coalesced_sent))" [ "$(since coalesced_sent)" -gt 50 ]
check "more than a guest needs" vvbctl policy set "$vf1" notify_rate 10000000
mark
program legacy_net "$VVB_PF" "$vf1"
check "in force at once ($(since coalesced_sent) late: the bucket was empty)" \
	[ "$(since coalesced_sent)" -le 1 ]
check "a deadline of 5 s" attr "$vf1" punt_timeout_ms 5000

# Replaced by one that knows nothing of the buckets: attach() does not run.
check "one control access in a second" vvbctl policy set "$vf1" control_rate 1
check "at a time" vvbctl policy set "$vf1" control_burst 1
check "replace it" vvbctl policy update $bpf/test/ratelimit-other.bpf.o
mark
vfreg "$vf1" read 0 4 2 >/dev/null
is "the second one waits" "$(since delayed)" 1
check "no limit" vvbctl policy set "$vf1" control_rate 0

# buckets update|delete FIRST LAST - entries for VFs that there are not
buckets()
{
	awk -v what="$1" -v first="$2" -v last="$3" 'BEGIN {
		path = "/sys/fs/bpf/vvb/ratelimit/maps/ratelimit_other_buckets"
		value = what == "update" ? " value hex" : ""
		for (i = 0; i < 24 && value; i++)
			value = value " 00"
		for (i = first; i <= last; i++)
			printf "map %s pinned %s key hex %02x %02x 00 00 99 00 00 00%s\n", what, path,
			       i % 256, int(i / 256), value
	}' >/tmp/batch
	bpftool batch file /tmp/batch >/dev/null
}

is "users" "$(grep "^ratelimit " $driver_dir/policies)" "ratelimit 1"
check "room for all but that one" buckets update 1 8191
refused "No space left on device" "one too many" vvbctl policy select "$vf2" ratelimit
is "which has none" "$(attr "$vf2" policy) $(attr "$vf2" policy_state)" "none none"
check "the first lets go" vvbctl policy select "$vf1" none
check "in its place" vvbctl policy select "$vf2" ratelimit
refused "No space left on device" "the first again" vvbctl policy select "$vf1" ratelimit
check "room for one" buckets delete 7 7
check "which takes it" vvbctl policy select "$vf1" ratelimit
finish
