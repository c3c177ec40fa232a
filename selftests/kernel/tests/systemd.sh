#!/bin/sh
# vm: --vfs 2 --driver ours --systemd
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbd's unit, udev rules and user as they are installed, under a real systemd: readiness, rights,
# reload, and deaths that no guest notices.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_systemd
. "${0%/*}/lib_systemd"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"

is_daemon()
{
	[ "$(attr "$1" daemon)" = "$2" ]
}

status()
{
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

# Is vvbd at work again, as another process than @1?
restarted()
{
	unit_is ActiveState active && [ "$(unit MainPID)" != "$1" ] && is_daemon "$vf1" live
}

# The id of the last request in vvbd's log
last_id()
{
	sed -n 's/.*request \([0-9]*\):.*/\1/p' $vvbd_log | tail -n 1
}

taken_up()
{
	grep -c 'taking up the channel' $vvbd_log
}

# undisturbed WHAT - the guest that reads all the time has seen no failure
undisturbed()
{
	for name in no_daemon daemon_late denied command_error; do
		is "$1: $name" "$(event "$vf1" $name)" 0
	done
	# shellcheck disable=SC2046 # words
	set -- "$1" $(vvbctl stats --vf "$vf1" | sed -n 's/^ *device_features//p')
	check "$1: $3 reads" [ "$3" -gt "$reads" ]
	reads=$3
	is "$1: all-ones" "$5" 0
}

# The order of README.md: udev has read the rules, and both VFs are bound, before the user exists.
reads=0
check "udev, without the user" install_vvbd
is "/dev/vvb" "$(stat -c '%a %G' /dev/vvb)" "600 root"
is "daemon_uid" "$(attr "$vf1" daemon_uid) $(attr "$vf2" daemon_uid)" "0 0"
block sh systemd docs/operating.md | commands >/tmp/commands
is "commands" "$(grep -c . /tmp/commands)" 5
while read -r command <&5; do
	case $command in
	systemctl*)	break ;;
	esac
	# shellcheck disable=SC2086 # words
	check "$command" $command
done 5</tmp/commands
uid=$(id -u vvbd)
is "/dev/vvb" "$(stat -c '%a %G' /dev/vvb)" "660 vvbd"
is "daemon_uid" "$(attr "$vf1" daemon_uid) $(attr "$vf2" daemon_uid)" "$uid $uid"

# And a VF that is bound later.
attr "$vf1" daemon_uid 0
attr "$vf2" daemon_uid 0
check "bind, with the rules in place" bind "$vf1" virtio_vfio_bpf
check "settle" udevadm settle
is "daemon_uid" "$(attr "$vf1" daemon_uid) $(attr "$vf2" daemon_uid)" "$uid 0"
check "load split" vvbctl policy load $bpf/split.bpf.o
check "select" vvbctl policy select "$vf1" split
echo 'OPTIONS=--log-level debug' >/etc/default/vvbd
mkdir -p /etc/systemd/system/vvbd.service.d
printf '[Service]\nStandardError=append:%s\n' $vvbd_log >/etc/systemd/system/vvbd.service.d/log.conf
start_systemd


# Active means ready: while it stands before its first step, it is not.
cat >/etc/systemd/system/vvbd.service.d/stop.conf <<'END'
[Service]
ExecStart=
ExecStart=/bin/sh -c 'kill -STOP $$$$; exec /usr/sbin/vvbd --foreground $OPTIONS'
END
check "daemon-reload" sd systemctl daemon-reload
check "start" sd systemctl start --no-block vvbd
until_true 10 vvbd_pid
sleep 1
is "before READY" "$(unit ActiveState) $(unit SubState)" "activating start"
check "go on" kill -CONT "$(vvbd_pid)"
check "READY" until_true 10 unit_is ActiveState active
is "status" "$(unit StatusText)" "serving 1 VFs"
check "stop" sd systemctl stop vvbd
is "stopped" "$(unit ActiveState) $(unit Result)" "inactive success"
rm /etc/systemd/system/vvbd.service.d/stop.conf

check "daemon-reload" sd systemctl daemon-reload
grep ^systemctl /tmp/commands >/tmp/of_systemd
while read -r command <&5; do
	check "$command" sd sh -c "$command"
done 5</tmp/of_systemd
is "enabled" "$(unit UnitFileState)" enabled
is "daemon" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live none"
pid=$(vvbd_pid)
is "Uid" "$(status "$pid" Uid | tr '\t' ' ')" "$uid $uid $uid $uid"
for set in CapPrm CapEff CapBnd CapAmb; do
	is "$set" "$(status "$pid" $set)" 0000000000000000
done
is "NoNewPrivs, Seccomp" "$(status "$pid" NoNewPrivs) $(status "$pid" Seccomp)" "1 2"
check "a network of its own" [ "$(readlink "/proc/$pid/ns/net")" != "$(readlink /proc/self/ns/net)" ]
refused "Read-only" "a write to its /usr" touch "/proc/$pid/root/usr/x"
check "/dev/vfio/vfio" sh -c ': </dev/vfio/vfio'
refused "not permitted" "/dev/vfio/vfio in its cgroup" nsenter -t "$systemd_pid" -m -- \
	sh -c 'echo 0 >/sys/fs/cgroup/system.slice/vvbd.service/cgroup.procs; : </dev/vfio/vfio'
is "the channel is kept" "$(unit NFileDescriptorStore)" 1
check "an access" vfreg "$vf1" read 0 4
is "nobody else did it" "$(event "$vf1" no_daemon)" 0

attr "$vf2" daemon_uid "$uid"
is "the other VF is taken at once" "$(attr "$vf2" daemon)" live
check "and vvbd knows" until_true 10 unit_is StatusText "serving 2 VFs"
check "reload" sd systemctl reload vvbd
is "reload is over" "$(unit ActiveState) $(unit StatusText)" "active serving 2 VFs"
is "the same process" "$(vvbd_pid)" "$pid"

# The directory of its configuration is not the daemon's own, and root's check believes it.
is "/etc/vvb" "$(stat -c '%U %a' /etc/vvb)" "root 755"
refused "Read-only" "a write to it" nsenter -t "$pid" -m -- touch /etc/vvb/vvb.conf
printf '[all]\nhandler = legacy-admin\n' >/etc/vvb/vvb.conf
check "vvbd --check-config, by root" vvbd --check-config
printf '[all]\nhandler = nosuch\n' >/etc/vvb/vvb.conf
refused "failed" "reload with a wrong configuration" sd systemctl reload vvbd
is "vvbd was not told" "$(unit ActiveState) $(unit StatusText)" "active serving 2 VFs"
check "the log says why" grep -q "vvb.conf:2: .*nosuch" $vvbd_log
check "SIGHUP" kill -HUP "$pid"
check "a wrong configuration" until_true 10 unit_is StatusText \
	"serving 2 VFs; the configuration is wrong, see the log"
rm /etc/vvb/vvb.conf
check "reload" sd systemctl reload vvbd
is "none" "$(unit StatusText)" "serving 2 VFs"

# Asked while vvbd stands still, answered by the next vvbd under the same id.
attr "$vf1" on_daemon_loss wait
attr "$vf1" punt_timeout_ms 60000
before=$(last_id)
main=$(unit MainPID)
kill -STOP "$pid"
vfreg "$vf1" read 0 4 >/tmp/value &
reader=$!
sleep 1
check "kill -9" kill -9 "$pid"
check "restarted" until_true 20 restarted "$main"
wait $reader
check "the access has its value: $(cat /tmp/value)" [ "$(cat /tmp/value)" != 0xffffffff ]
is "and its id" "$(last_id)" $((before + 1))
is "restarts" "$(unit NRestarts)" 1
is "channels taken up" "$(taken_up)" 1
is "VFs" "$(attr "$vf1" daemon) $(attr "$vf2" daemon)" "live live"

# Under a guest that never rests.
hold "$vf1"
for _ in 2 3 4 5 6; do
	main=$(unit MainPID)
	check "kill -9" kill -9 "$(vvbd_pid)"
	check "restarted" until_true 20 restarted "$main"
done
is "restarts" "$(unit NRestarts)" 6
undisturbed "killed five times"
main=$(unit MainPID)
check "an upgrade: systemctl restart" sd systemctl restart vvbd
check "restarted" restarted "$main"
undisturbed "upgraded"
is "channels taken up" "$(taken_up)" 7

# Standing still for longer than WatchdogSec is death too.
main=$(unit MainPID)
check "SIGSTOP" kill -STOP "$(vvbd_pid)"
check "the watchdog sees it" until_true 40 restarted "$main"
undisturbed "stopped"
unhold

check "stop" sd systemctl stop vvbd
is "stopped" "$(unit ActiveState) $(unit NFileDescriptorStore)" "inactive 0"
is "daemon" "$(attr "$vf1" daemon)" none
finish
