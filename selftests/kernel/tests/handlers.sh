#!/bin/sh
# vm: --vfs 3 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvb.conf: handlers by VF, traces, a plugin, reloads that are right and wrong; and a plugin that
# turns on vvbd, and gets nowhere.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

vf3=$(echo "$VVB_VFS" | cut -d ' ' -f 3)
plugins=/lib/vvb/plugins
conf=/etc/vvb/vvb.conf
traces=/var/traces
log=/tmp/vvbd.log

# Standard input becomes a new file in its place, as editors do.
config()
{
	cat >$conf.new && mv $conf.new $conf
}

is_daemon()
{
	[ "$(attr "$1" daemon)" = "$2" ]
}

start()
{
	: >$log
	vvbd --foreground --config $conf --user svc --stats-file /tmp/stats 2>>$log &
	daemon=$!
	until_true 10 grep -q ready $log || die "vvbd: $(cat $log)"
}

reloads()
{
	[ "$(grep -c 'in force' "$log")" = "$1" ]
}

# reload - and wait until it is over
reload()
{
	nr=$(grep -c 'in force' "$log")
	kill -HUP $daemon
	check "reload" until_true 10 reloads $((nr + 1))
}

said()
{
	grep -q "$1" "$log"
}

# lines VF - of its trace
lines()
{
	wc -l <"$traces/$1.trace" 2>/dev/null || echo none
}

# mac VF - as a guest reads it, with MSI-X off
mac()
{
	echo "$(vfreg "$1" read 20 4) $(vfreg "$1" read 24 2)"
}

# ---- no configuration yet, nor a directory for it: root makes one, others look on from above ----

# later UID - vvbd of that user finds a configuration that comes later, in a directory that does
later()
{
	rm -rf /etc/vvb
	: >$log
	as_user "$1" vvbd --foreground --vf "$vf3" 2>>$log &
	daemon=$!
	check "user $1: ready" until_true 10 grep -q ready $log
	check "user $1: no file" said "$conf: no such file: the defaults are in force"
	mkdir -p /etc/vvb
	printf '[all]\nhandler = nosuch\n' >$conf
	reload
	check "user $1: a wrong one" said "$conf:2: handler: what is 'nosuch'?"
	printf '[all]\nhandler = legacy-admin\n\n' >$conf
	reload
	check "user $1: a right one" said "$conf: 3 lines, 1 sections: in force"
	kill $daemon
	wait $daemon
	is "user $1: status" $? 0
}

check "a group's device" chmod 666 /dev/vvb
check "daemon_uid" attr "$vf3" daemon_uid 701
later 0
later 701
printf '[all]\nhandler = legacy-admin\n' >/tmp/of701
chown 701 /tmp/of701
refused "/tmp/of701: belongs to user 701; it must be root's" "root, a user's file" \
	vvbd --foreground --config /tmp/of701
refused "/tmp/of701: belongs to user 701; it must be root's, or that of user 702, who starts this" "another user's file" \
	as_user 702 vvbd --foreground --config /tmp/of701
check "a user, a file of his own" as_user 701 vvbd --check-config --config /tmp/of701
check "daemon_uid" attr "$vf3" daemon_uid 0

echo 'svc:x:777:777::/:/bin/sh' >>/etc/passwd
mkdir -p /etc/vvb $traces
chown 777 $traces
check "load split" vvbctl policy load $bpf/split.bpf.o
for vf in $VVB_VFS; do
	check "select" vvbctl policy select "$vf" split
done
device_mac=$(mac "$vf3")

config <<END
[vvbd]
trace_dir = $traces
[vf $vf1]
handler = record
[vf $vf2]
handler = exec-plugin
plugin = $plugins/fixed-mac.so
arguments = 02:0a:0b:0c:0d:0e
END
check "check-config" vvbd --check-config --config $conf
start
is "a trace" "$(lines "$vf1")" 0
check "VF 1: read" vfreg "$vf1" read 0 4
check "VF 1: write" vfreg "$vf1" write 14 2 0x0102
is "VF 1: trace" "$(cut -d ' ' -f 3- "$traces/$vf1.trace" | tr '\n' ';')" \
	"read device_features 0+4 - legacy_common_cfg_read;\
write queue_select 14+2 0x0102 legacy_common_cfg_write;"
is "VF 2: the plugin's MAC address" "$(mac "$vf2")" "0x0c0b0a02 0x0e0d"
is "VF 3: the device's" "$(mac "$vf3")" "$device_mac"
is "VF 2: a read across its end" "$(vfreg "$vf2" read 24 4 | cut -c 7-)" 0e0d
is "VF 2: otherwise as the device has it" "$(vfreg "$vf2" read 0 4)" "$(vfreg "$vf3" read 0 4)"
is "trace of others" "$(lines "$vf3")" none
is "none without vvbd" "$(event "$vf2" no_daemon)" 0

config <<END
[vvbd]
trace_dir = $traces
[all]
handler = record
[vf $vf1]
handler = legacy-admin
[vf $vf2]
handler = exec-plugin
plugin = $plugins/fixed-mac.so
arguments = 02:00:00:00:00:01
END
reload
check "VF 1: read" vfreg "$vf1" read 0 4
is "reload: VF 1 is not recorded any more" "$(lines "$vf1")" 2
check "VF 3: read" vfreg "$vf3" read 0 4
is "reload: VF 3 is" "$(lines "$vf3")" 1
is "reload: VF 2: another MAC address" "$(mac "$vf2")" "0x00000002 0x0100"
mv "$traces/$vf3.trace" "$traces/old"
reload
check "VF 3: read" vfreg "$vf3" read 0 4
is "renamed and reloaded: a new trace" "$(lines "$vf3") $(wc -l <$traces/old)" "1 1"

printf '[all]\nhandler = nosuch\n' | config
refused "$conf:2: handler: what is 'nosuch'?" "check-config" vvbd --check-config --config $conf
reload
check "reload of a wrong file: told" said "$conf:2: handler: what is 'nosuch'?"
check "and the old one stays" said "the configuration of before stays in force"
check "VF 3: read" vfreg "$vf3" read 0 4
is "VF 3 is still recorded" "$(lines "$vf3")" 2
printf '[all]\nhandler = exec-plugin\nplugin = %s/rogue.so\n' $plugins | config
reload
check "a plugin that was not loaded at the start" said "$conf:3: .*rogue.so: was not loaded"
is "VF 2: still its plugin" "$(mac "$vf2")" "0x00000002 0x0100"
rm $conf
reload
check "no file" said "$conf: No such file"
is "the same process all the time" "$(cat /proc/$daemon/comm)" vvbd
kill $daemon
wait $daemon
is "status" $? 0
refused "$conf: No such file" "start without the file" vvbd --foreground --config $conf
refused "/nosuch: No such file" "no directory of traces" sh -c \
	"printf '[vvbd]\ntrace_dir = /nosuch\n' >$conf; vvbd --foreground --config $conf"

# ---- a plugin that turns on vvbd ----

printf '[vf %s]\nhandler = exec-plugin\nplugin = %s/rogue.so\n' "$vf1" $plugins | config
start
check "read a file" vfreg "$vf1" write 14 2 0x100
check "Landlock: refused" said "rogue: read: Permission denied"
check "reach for another VF" vfreg "$vf1" write 14 2 0x108
check "the kernel: refused" said "rogue: another VF: Invalid argument"
check "fail" vfreg "$vf1" write 14 2 0x106
check "swallow too much" vfreg "$vf1" write 14 2 0x107
is "a bad reply" "$(event "$vf1" bad_reply)" 1
before=$(event "$vf1" daemon_late)
check "say nothing" vfreg "$vf1" write 14 2 0x10a
is "nobody was late" "$(event "$vf1" daemon_late)" "$before"
is "and vvbd is not" "$(attr "$vf1" daemon)" live
kill -USR1 $daemon
until_true 5 grep -q '"failed":2,"late":0,"refused":1' /tmp/stats
check "counted: $(cat /tmp/stats)" grep -q '"failed":2,"late":0,"refused":1' /tmp/stats
is "VF 3 is served as ever" "$(mac "$vf3")" "$device_mac"

# killed_by STATUS TEXT VALUE - the access is done by the kernel, vvbd is dead
killed_by()
{
	start
	check "$2" vfreg "$vf1" write 14 2 "$3"
	wait $daemon
	is "$2: vvbd's status" $? "$1"
	is "$2: the kernel goes on" "$(vfreg "$vf1" read 0 4)" "$(vfreg "$vf3" read 0 4)"
	refused "" "$2: it did not get past it" said "rogue:"
}

sigsys=$((128 + 31)) sigill=$((128 + 4))
kill $daemon
wait $daemon
killed_by $sigsys "write a file" 0x101
killed_by $sigsys "make code" 0x102
killed_by $sigsys "speak to the net" 0x103
killed_by $sigsys "start a program" 0x104
killed_by $sigill "crash" 0x109

start
check "punt_timeout_ms" attr "$vf1" punt_timeout_ms 500
check "hang: the guest goes on" vfreg "$vf1" write 14 2 0x105
check "hang: it is late" is_daemon "$vf1" late
kill -9 $daemon
finish
