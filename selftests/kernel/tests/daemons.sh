#!/bin/sh
# vm: --vfs 3 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# VFs shared out between daemons of different users: each answers for its own, the death of one is
# nothing to the other, and what it leaves goes to nobody but its user and root.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

vf3=$(echo "$VVB_VFS" | cut -d ' ' -f 3)

is_daemon()
{
	[ "$(attr "$1" daemon)" = "$2" ]
}

# as UID VVBD_ARGUMENT... - in the background; its pid in $daemon
as()
{
	uid=$1
	shift
	as_user "$uid" vvbd --foreground "$@" 2>"/tmp/log.$uid" &
	daemon=$!
}

# requests FILE - that a vvbd has counted
requests()
{
	sed -n 's/{"requests":\([0-9]*\).*/\1/p' "$1"
}

check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" vvbctl policy select "$vf" split
done
check "a group's device" chmod 666 /dev/vvb
check "daemon_uid" attr "$vf1" daemon_uid 701
check "daemon_uid" attr "$vf2" daemon_uid 702
as 701 --stats-file /tmp/stats.1
one=$daemon
as 702 --vf "$vf2" --stats-file /tmp/stats.2
two=$daemon
check "daemon 1" until_true 10 is_daemon "$vf1" live
check "daemon 2" until_true 10 is_daemon "$vf2" live
check "daemon 1, asked for all, has its own" until_true 5 grep -q "serving 1 of 3" /tmp/log.701
is "the third is nobody's" "$(attr "$vf3" daemon)" none
refused "not ours to serve" "daemon 2 asks for VF 3" \
	timeout 20 as_user 702 vvbd --foreground --vf "$vf3"
refused "not ours to serve" "daemon 2 asks for VF 1" \
	timeout 20 as_user 702 vvbd --foreground --vf "$vf1"
refused "served by another daemon" "root asks for VF 1" timeout 20 vvbd --foreground --vf "$vf1"

for _ in 1 2 3; do
	check "VF 1" vfreg "$vf1" read 0 4
	check "VF 2" vfreg "$vf2" read 0 4
done
check "VF 2" vfreg "$vf2" read 0 4
kill -USR1 $one $two
until_true 5 test -s /tmp/stats.1 && until_true 5 test -s /tmp/stats.2
is "requests of each" "$(requests /tmp/stats.1) $(requests /tmp/stats.2)" "3 4"

check "kill -9 daemon 1" kill -9 $one
wait $one
check "VF 1 is free" until_true 5 is_daemon "$vf1" none
is "VF 2 is not" "$(attr "$vf2" daemon)" live
refused "not ours to serve" "daemon 2 asks for it" \
	timeout 20 as_user 702 vvbd --foreground --vf "$vf1"
as 701 --vf "$vf1"
one=$daemon
check "another of its user has it" until_true 10 is_daemon "$vf1" live
check "daemon_uid of VF 1 changes" attr "$vf1" daemon_uid 702
is "nothing to a daemon that lives" "$(attr "$vf1" daemon)" live
kill $one
wait $one
check "VF 1 is free" until_true 5 is_daemon "$vf1" none
kill $two
wait $two
as 702
check "now the other user's" until_true 10 is_daemon "$vf1" live
is "both" "$(attr "$vf2" daemon)" live
kill $daemon
wait $daemon
vvbd --foreground 2>/dev/null &
daemon=$!
check "root takes all" until_true 10 is_daemon "$vf3" live
is "VFs" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live live"
kill $daemon
finish
