#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbd has each VF as it comes, before anybody can open it, and with its handler; and lets go of those
# that leave. Nobody tells it to.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

log=/tmp/vvbd.log

# The log of the vvbd before would say "ready" until the next one has opened its own.
start()
{
	rm -f $log
	vvbd --foreground --log-level info "$@" >$log 2>&1 &
	daemon=$!
	until_true 10 grep -q "ready" $log || die "vvbd: $(cat $log)"
}

stop()
{
	kill $daemon
	wait $daemon
	is "its status" $? 0
}

said()
{
	until_true 10 grep -q "$1" $log || cat $log
	check "the log: $1" grep -q "$1" $log
}

# mac VF - the first bytes of it, as a guest reads them
mac()
{
	vfreg "$1" read 20 4
}

check "split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" attr "$vf" policy split
	check "unbind" put "$vf" $driver_dir/unbind
done
mkdir -p /etc/vvb
cat >/etc/vvb/vvb.conf <<END
[pf $VVB_PF]
handler = exec-plugin
plugin = /lib/vvb/plugins/fixed-mac.so
arguments = 02:00:00:00:00:aa
[vf $vf2]
handler = legacy-admin
END

# All that come, at once.
start
said "serving 0 of 0 VFs"
check "bind" put "$vf1" $driver_dir/bind
is "daemon" "$(attr "$vf1" daemon)" live
is "the handler of its PF answers the first access" "$(mac "$vf1")" 0x00000002
is "nobody else did" "$(event "$vf1" no_daemon)" 0
said "$vf1: serving it"
check "bind" put "$vf2" $driver_dir/bind
is "daemon" "$(attr "$vf2" daemon)" live
check "it has its own handler" [ "$(mac "$vf2")" != 0x00000002 ]
check "unbind" put "$vf2" $driver_dir/unbind
said "$vf2: no longer there to serve"
for _ in $(seq 10); do
	put "$vf1" $driver_dir/unbind
	put "$vf1" $driver_dir/bind
	mac "$vf1"
done >/tmp/macs
is "ten bindings, each first access" "$(sort -u /tmp/macs)" 0x00000002
is "counted since the last" "$(event "$vf1" no_daemon)" 0
is "VFs made anew" "$(vfs 2 2>&1 || { put 0 "$pf_dir/sriov_numvfs" && vfs 2; })" ""
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live live"
stop
is "daemon" "$(attr "$vf1" daemon)" none

# Those that let it, from the moment at which they do.
echo 'svc:x:701:701::/:/bin/false' >>/etc/passwd
chmod 666 /dev/vvb
rm -f $log
as_user 701 vvbd --foreground --log-level info >$log 2>&1 &
daemon=$!
until_true 10 grep -q "ready" $log || die "vvbd: $(cat $log)"
is "not its own" "$(attr "$vf1" daemon)" none
check "daemon_uid" attr "$vf1" daemon_uid 701
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live none"
is "an access" "$(mac "$vf1")" 0x00000002
check "bind anew" sh -c "echo $vf1 >$driver_dir/unbind && echo $vf1 >$driver_dir/bind"
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live none"

# Who comes second has what is left.
cp $log /tmp/first.log
start
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live live"
said "serving 1 of 2 VFs"
killall vvbd
wait
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "none none"

# One by name.
start --vf "$vf2"
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "none live"
check "bind anew" sh -c "echo $vf2 >$driver_dir/unbind && echo $vf2 >$driver_dir/bind"
check "it has it again" until_true 5 attr_is "$vf2" daemon live
check "bind the other anew" sh -c "echo $vf1 >$driver_dir/unbind && echo $vf1 >$driver_dir/bind"
usleep 300000
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "none live"
stop
program legacy_net "$VVB_PF" "$vf1"
finish
