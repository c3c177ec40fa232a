#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The split policy with vvbd: every control access of a driver goes through the daemon.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

is_daemon()
{
	[ "$(attr "$1" daemon)" = "$2" ]
}

start()
{
	vvbd --foreground "$@" >/tmp/vvbd.log 2>&1 &
	daemon=$!
	until_true 10 is_daemon "$vf1" live || die "vvbd: $(cat /tmp/vvbd.log)"
}

check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
done
# shellcheck disable=SC2086 # words
start $VVB_VFS
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live live"
program legacy_net "$VVB_PF" "$vf1" "$vf2"
program legacy_registers "$vf1" brief
is "no access without the daemon" "$(event "$vf1" no_daemon)" 0
check "vvbctl daemon status" vvbctl daemon status
check "vvbctl stats" vvbctl stats --vf "$vf1"

hold "$vf1"
kill -9 $daemon
wait $daemon
until_true 5 is_daemon "$vf1" none
sleep 1
check "killed: the kernel goes on" kill -0 "$hold_pid"
check "killed: counted" [ "$(event "$vf1" no_daemon)" -gt 10 ]
before=$(event "$vf1" no_daemon)
# shellcheck disable=SC2086 # words
start $VVB_VFS
usleep 300000
before=$(event "$vf1" no_daemon)
sleep 1
is "started again: accesses without it" "$(($(event "$vf1" no_daemon) - before))" 0
unhold

check "SIGTERM" kill -TERM $daemon
wait $daemon
is "its status" $? 0
is "daemon" "$(attr "$vf1" daemon)" none
program legacy_net "$VVB_PF" "$vf1"

attr "$vf1" on_daemon_loss fail
is "on_daemon_loss=fail" "$(vfreg "$vf1" read 0 4)" 0xffffffff
attr "$vf1" on_daemon_loss wait
attr "$vf1" punt_timeout_ms $((5000 * VVB_SLOWDOWN))
vfreg "$vf1" read 0 4 >/tmp/value &
reader=$!
usleep 500000
# shellcheck disable=SC2086 # words
start $VVB_VFS
wait $reader
check "on_daemon_loss=wait: the next daemon answers: $(cat /tmp/value)" \
	[ "$(cat /tmp/value)" != 0xffffffff ]
kill $daemon
finish
