# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=sh
#
# What the shell tests inside the VM share. Sourced by each; written for busybox.
# A test prints "ok ..." and "FAIL ..." lines and ends with `finish`.

good=0
bad=0
# shellcheck disable=SC2034 # for the tests
{
bpf=/lib/vvb/bpf
driver_dir=/sys/bus/pci/drivers/virtio_vfio_bpf
vf1=$(echo "$VVB_VFS" | cut -d ' ' -f 1)
vf2=$(echo "$VVB_VFS" | cut -d ' ' -f 2)
pf_dir=/sys/bus/pci/devices/$VVB_PF
}

ok()
{
	good=$((good + 1))
	echo "ok   $*"
}

fail()
{
	bad=$((bad + 1))
	echo "FAIL $*"
}

skip()
{
	echo "SKIP $*"
	exit 77
}

die()
{
	fail "$@"
	exit 1
}

finish()
{
	echo "     $good ok, $bad failed"
	[ "$bad" = 0 ] && [ "$good" != 0 ]
	exit
}

# check TEXT COMMAND... - must succeed; what it prints is shown when it does not
check()
{
	text=$1
	shift
	if out=$("$@" 2>&1); then
		ok "$text"
	else
		fail "$text: $out"
		return 1
	fi
}

# refused PATTERN TEXT COMMAND... - must fail, and say PATTERN
refused()
{
	pattern=$1
	text=$2
	shift 2
	if out=$("$@" 2>&1); then
		fail "$text: was not refused"
		return 1
	fi
	case $out in
	*"$pattern"*)	ok "$text: $pattern" ;;
	*)		fail "$text: refused, but not with \"$pattern\": $out"; return 1 ;;
	esac
}

# is TEXT GOT WANTED
is()
{
	if [ "$2" = "$3" ]; then
		ok "$1: $2"
	else
		fail "$1: \"$2\", wanted \"$3\""
		return 1
	fi
}

# program COMMAND... - a test program that prints its own lines
program()
{
	echo "---- $*"
	"$@"
	status=$?
	if [ $status = 0 ]; then
		ok "$*"
	else
		fail "$*: status $status"
	fi
	return $status
}

# until_true SECONDS COMMAND... - wait for it
until_true()
{
	left=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		usleep 100000
	done
}

# put VALUE FILE - write to sysfs, so that a refusal is a status and a message
put()
{
	echo "$1" >"$2"
}

# attr VF NAME [VALUE] - one file of the VF's directory
attr()
{
	if [ $# = 2 ]; then
		cat "/sys/bus/pci/devices/$1/vvb/$2"
	else
		put "$3" "/sys/bus/pci/devices/$1/vvb/$2"
	fi
}

# event VF NAME - one event counter: a name out of enum vvb_event, in lower case
event()
{
	case $2 in
	illegal_verdict)	nr=0 ;;
	illegal_guard)		nr=1 ;;
	denied)			nr=5 ;;
	command_error)		nr=6 ;;
	command_retry)		nr=7 ;;
	command_limit)		nr=8 ;;
	gate_closed)		nr=9 ;;
	no_daemon)		nr=10 ;;
	notify_fallback)	nr=15 ;;
	*)			die "what is the event '$2'?" ;;
	esac
	vfreg "$1" event $nr
}

# bind VF DRIVER - from whatever it is bound to
bind()
{
	dev=/sys/bus/pci/devices/$1
	[ ! -e "$dev/driver" ] || put "$1" "$dev/driver/unbind"
	put "$2" "$dev/driver_override" && put "$1" "/sys/bus/pci/drivers/$2/bind"
}

# is_bound VF DRIVER
is_bound()
{
	[ "$(basename "$(readlink "/sys/bus/pci/devices/$1/driver")")" = "$2" ]
}

# vfs N - make them, bind them to our driver
vfs()
{
	put "$1" "$pf_dir/sriov_numvfs" || return
	VVB_VFS=
	for i in $(seq 0 $(($1 - 1))); do
		vf=$(basename "$(readlink "$pf_dir/virtfn$i")")
		VVB_VFS="$VVB_VFS${VVB_VFS:+ }$vf"
		bind "$vf" virtio_vfio_bpf || return
	done
}

# hold VF [LINGER_MS] - hold_vf in the background, until it is open
hold()
{
	hold_log=$(mktemp)
	hold_vf "$@" >"$hold_log" 2>&1 &
	hold_pid=$!
	until_true 10 grep -q open "$hold_log" || die "hold_vf: $(cat "$hold_log")"
}

unhold()
{
	kill "$hold_pid" 2>/dev/null
	wait "$hold_pid" 2>/dev/null
	rm -f "$hold_log"
}

# map_key VF - the VF's key in the per-VF BPF maps, as bpftool takes it
map_key()
{
	id=$(attr "$1" vf_id)
	for shift in 0 8 16 24 32 40 48 56; do
		printf '%02x ' $((id >> shift & 255))
	done
}

# The network interface of a PCI device that virtio_net drives.
interface_of()
{
	for d in "/sys/bus/pci/devices/$1"/virtio*/net/*; do
		[ -e "$d" ] && echo "${d##*/}" && return
	done
	return 1
}
