#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbd as a process: what rights it keeps, its signals, going to the background, and what
# it does when it cannot start.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is_daemon()
{
	[ "$(attr "$1" daemon)" = "$2" ]
}

# status PID KEY - one line of /proc/PID/status
status()
{
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

no_rights()
{
	for set in CapPrm CapEff CapBnd CapAmb; do
		is "$set" "$(status "$1" $set)" 0000000000000000
	done
	is "NoNewPrivs" "$(status "$1" NoNewPrivs)" 1
	is "Seccomp: filter" "$(status "$1" Seccomp)" 2
}

echo 'svc:x:777:777::/:/bin/sh' >>/etc/passwd
vvbd --foreground --stats-file /tmp/stats --pid-file /tmp/pid 2>/tmp/vvbd.log &
daemon=$!
until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
is "pid file" "$(cat /tmp/pid)" $daemon
is "threads" "$(status $daemon Threads)" 1
no_rights $daemon
refused "served by another daemon" "a second daemon" vvbd --foreground --vf "$vf1"
refused "no such PCI device" "a VF that is not there" vvbd --foreground --vf 0000:7f:00.1
refused "no such user" "an unknown user" vvbd --foreground --user nosuch

check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" vvbctl policy select "$vf" split
done
vfreg "$vf1" read 0 4 >/dev/null
vfreg "$vf1" write 14 2 0
vfreg "$vf2" read 0 4 >/dev/null
check "SIGUSR1" kill -USR1 $daemon
until_true 5 [ -s /tmp/stats ]
is "counters" "$(cat /tmp/stats)" "{\"requests\":3,\"commands\":{\"2\":1,\"3\":2},\
\"vfs\":{\"$vf1\":{\"requests\":2},\"$vf2\":{\"requests\":1}},\"values\":0,\"operations\":0,\
\"errors\":{\"unanswerable\":0,\"failed\":0,\"late\":0,\"refused\":0,\"unreachable\":0}}"

check "a VF unbound and bound" bind "$vf2" virtio_vfio_bpf
is "it has its daemon at once" "$(attr "$vf2" daemon)" live
check "SIGHUP" kill -HUP $daemon
check "and keeps it" vfreg "$vf2" read 0 4
check "SIGINT" kill -INT $daemon
wait $daemon
is "its status" $? 0
is "pid file emptied" "$(cat /tmp/pid)" ""

check "in the background, as another user" vvbd --user svc --pid-file /tmp/pid
daemon=$(cat /tmp/pid)
is "Uid" "$(status "$daemon" Uid | tr '\t' ' ')" "777 777 777 777"
no_rights "$daemon"
is "daemon" "$(attr "$vf1" daemon)" live
before=$(event "$vf1" no_daemon)
check "it answers" vfreg "$vf1" read 0 4
is "nobody else did" "$(event "$vf1" no_daemon)" "$before"
check "SIGTERM" kill "$daemon"
check "and is gone" until_true 5 is_daemon "$vf1" none
finish
