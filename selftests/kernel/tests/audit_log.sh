#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What the driver does not see vvbctl tells the system's log: guards, the files that were loaded, knobs.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

log=/tmp/messages

# logged TEXT
logged()
{
	check "the log says: $1" until_true 5 grep -q "authpriv.notice vvbctl\[[0-9]*\]: $1, by uid 0, login uid -1$" $log
}

# without anybody to take the line nothing is held up
check "a guard, without a log" vvbctl policy load $bpf/guard-readonly.bpf.o
busybox syslogd -n -O $log &
syslogd=$!
until_true 10 test -S /dev/log || die "no syslogd"
check "unload it" vvbctl policy unload guard-readonly
logged "guard-readonly unloaded"
check "load it" vvbctl policy load $bpf/guard-readonly.bpf.o
logged "guard guard-readonly loaded from $bpf/guard-readonly.bpf.o"
check "set" vvbctl policy set "$vf1" readonly on of guard-readonly
logged "$vf1: readonly of guard-readonly: off -> on"
check "a policy" vvbctl policy load $bpf/ratelimit.bpf.o
logged "policy ratelimit loaded from $bpf/ratelimit.bpf.o"
check "set" vvbctl policy set "$vf1" control_rate 0x10 of ratelimit
logged "$vf1: control_rate of ratelimit: [0-9]* -> 16"
check "update" vvbctl policy update $bpf/ratelimit.bpf.o
logged "policy ratelimit replaced from $bpf/ratelimit.bpf.o"
check "the guard goes" vvbctl policy unload guard-readonly
check "and the policy" vvbctl policy unload ratelimit
cat >/tmp/audit.conf <<END
[vf $vf1]
policy = ratelimit
ratelimit.control_rate = 7
guard-readonly.readonly = on
[policy ratelimit]
file = $bpf/ratelimit.bpf.o
[policy guard-readonly]
file = $bpf/guard-readonly.bpf.o
END
: >$log
check "what a file says changes nothing" vvbctl apply --dry-run /tmp/audit.conf
is "of that there is no line" "$(grep -c vvbctl $log)" 0
check "apply" vvbctl apply /tmp/audit.conf
logged "policy ratelimit loaded from $bpf/ratelimit.bpf.o"
logged "guard guard-readonly loaded from $bpf/guard-readonly.bpf.o"
logged "$vf1: control_rate of ratelimit: [0-9]* -> 7"
logged "$vf1: readonly of guard-readonly: off -> on"
lines=$(wc -l <$log)
check "again" vvbctl apply /tmp/audit.conf
refused "what is" "out of range" vvbctl policy set "$vf1" control_rate 99999999999 of ratelimit
check "what only shows" vvbctl policy get "$vf1" of ratelimit
is "of these there is no line" "$(wc -l <$log)" "$lines"
kill $syslogd
finish
