#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbctl against the real driver: what unit tests over plain files cannot tell.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# has TEXT PATTERN COMMAND... - must succeed and say PATTERN
has()
{
	text=$1
	pattern=$2
	shift 2
	out=$("$@" 2>&1) || {
		fail "$text: $out"
		return 1
	}
	case $out in
	*"$pattern"*)	ok "$text" ;;
	*)		fail "$text: no \"$pattern\" in: $out"; return 1 ;;
	esac
}

has "vf" "map key hex $(map_key "$vf1" | sed 's/ $//')" vvbctl vf show "$vf1"
has "vf -j" "\"bdf\":\"$vf2\"" vvbctl -j vf
check "set legacy" vvbctl vf set "$vf1" legacy only
is "legacy" "$(attr "$vf1" legacy)" only
refused "legacy: what is 'maybe'? auto, only or off" "a value that is none" \
	vvbctl vf set "$vf1" legacy maybe
vvbctl vf set "$vf1" legacy maybe 2>/dev/null
is "status, as of a wrong command line" $? 2
refused "what is '0'? 1 to 60000" "out of range" vvbctl vf set "$vf1" punt_timeout_ms 0
refused "what is '-1'? 1 to 60000" "a negative one" vvbctl vf set "$vf1" punt_timeout_ms -- -1
refused "what is '1000001'? 0 to 1000000" "too large" vvbctl vf set "$vf1" policy_budget_us 1000001
refused "what is '60001'? 0 to 60000" "too large" vvbctl vf set "$vf1" admin_timeout_ms 60001
refused "what is 'me'? The name or the number of a user" "no number" vvbctl vf set "$vf1" daemon_uid me
refused "what is 'no'? kernel, fail or wait" "no word" vvbctl vf set "$vf1" on_daemon_loss no
hold "$vf1"
has "while open" "interface legacy" vvbctl vf show "$vf1"
refused "the VF is open" "legacy while open" vvbctl vf set "$vf1" legacy auto
unhold

check "load under another name" vvbctl policy load $bpf/upstream.bpf.o name second
has "listed with its pin" "\"pinned\":\"/sys/fs/bpf/vvb/second/link\"" vvbctl -j policy
refused "'second' is loaded, and pinned as /sys/fs/bpf/vvb/second/link" "a name that is taken" vvbctl policy load $bpf/split.bpf.o name second
refused "value, scratch, delay_us are writable" "the verifier's words" \
	vvbctl policy load $bpf/test/bad-write.bpf.o
refused "has flags 0x80" "the driver's words" vvbctl policy load $bpf/test/bad-flags.bpf.o
refused "no such policy" "select what is not there" vvbctl policy select "$vf1" nonsense
refused "what is 'Split'? A name has 1 to 15 characters" "a name that is none" \
	vvbctl policy select "$vf1" Split
check "a policy that wants no VF" vvbctl policy load $bpf/test/refuse-attach.bpf.o
refused "the policy has refused the VF: Permission denied" "select it" \
	vvbctl policy select "$vf1" refuse-attach
check "unload it" vvbctl policy unload refuse-attach
is "nothing left of what failed" "$(ls /sys/fs/bpf/vvb)" second
check "guard by vvbctl" vvbctl policy load $bpf/guard-readonly.bpf.o
check "guard by bpftool" bpftool prog load $bpf/guard-split.bpf.o /sys/fs/bpf/vvb_guard autoattach
has "the one" "guard-readonly  guard   yes             -  /sys/fs/bpf/vvb/guard-readonly/link" vvbctl policy
has "the other" "guard_split     guard   yes             -  /sys/fs/bpf/vvb_guard" vvbctl policy
refused "guard-readonly: that is a guard: it rules over all VFs" "select it" \
	vvbctl policy select "$vf1" guard-readonly
refused "guard_split: loaded by another tool; it ends with its pin: rm /sys/fs/bpf/vvb_guard" \
	"unload the other" vvbctl policy unload guard_split
check "unload the one" vvbctl policy unload guard-readonly
check "unpin the other" rm /sys/fs/bpf/vvb_guard
check "unload" vvbctl policy unload second
is "nothing pinned" "$(ls /sys/fs/bpf/vvb)" ""

# Who may not is told whom it is for, and nothing that misleads.
cp $bpf/upstream.bpf.o /tmp/u.bpf.o
chmod 644 /tmp/u.bpf.o
not_for()
{
	refused "$1" "another user: $2" as_user 1000 sh -c "vvbctl $2"
	is "in one line" "$(echo "$out" | wc -l)" 1
}
not_for "needs root, or CAP_BPF and CAP_PERFMON" "policy load /tmp/u.bpf.o"
not_for "Permission denied: that is for root" "policy unload upstream"
not_for "Permission denied: that is for root" "policy select $vf1 upstream"
not_for "Permission denied: that is for root" "policy eject $vf1"
not_for "Permission denied: that is for root" "policy get $vf1 of split"
not_for "Permission denied: that is for root" "policy events split"
not_for "Permission denied: that is for root" "vf set $vf1 legacy only"
not_for "$vf1: driver_override: Permission denied: that is for root" "vf unbind $vf1"
not_for "$VVB_PF: sriov_drivers_autoprobe: Permission denied: that is for root" "vf unbind $VVB_PF"
# apply_as_user LINE... - what is said of them
apply_as_user()
{
	printf '%s\n' "[vf $vf1]" "$@" >/tmp/vvb.conf
	chmod 644 /tmp/vvb.conf
	not_for ": Permission denied: that is for root" "apply /tmp/vvb.conf"
}
apply_as_user "punt_timeout_ms = 9"
apply_as_user "guard-readonly.readonly = on"
refused "guards, and the knobs of policies, are left out: they can't be seen" "another user: save" \
	as_user 1000 vvbctl save -
not_for "/dev/vvb: Permission denied: that is for root, and for the group vvbd" "stats"

check "stats --reset" vvbctl stats --reset
vfreg "$vf1" read 0 4 >/dev/null
has "stats" "legacy_common_cfg_read 1" vvbctl stats --vf "$vf1"
has "stats -j" "\"name\":\"device_features\",\"offset\":0,\"reads\":1" \
	vvbctl -j stats --vf "$vf1" --reset
vfreg "$vf1" read 0 4 >/dev/null
refused "write error: No space left on device" "stats --reset on a full disk" \
	sh -c "vvbctl stats --vf $vf1 --reset >/dev/full"
has "they are still there" "\"name\":\"device_features\",\"offset\":0,\"reads\":1" \
	vvbctl -j stats --vf "$vf1"
refused "not reset: Operation not permitted" "--reset by another user" \
	sh -c "chmod 666 /dev/vvb; as_user 1000 vvbctl -j stats --vf $vf1 --reset"
check "set to zero" vvbctl stats --vf "$vf1" --reset
has "after --reset" "\"name\":\"device_features\",\"offset\":0,\"reads\":0" \
	vvbctl -j stats --vf "$vf1"
# counted as a register, and each for its own: a read of 6 bytes of "mac", one of "status"
vvbctl stats --vf "$vf1" --reset >/dev/null
vfreg "$vf1" read 20 6 >/dev/null
vfreg "$vf1" read 26 2 >/dev/null
vfreg "$vf1" read 25 1 >/dev/null
has "the fields of the configuration" \
	'"config":[{"name":"mac","offset":0,"reads":2,"writes":0,"errors":0},{"name":"status","offset":6,"reads":1,"writes":0,"errors":0}]' \
	vvbctl -j stats --vf "$vf1"
has "as text" "    mac                +0      2" vvbctl stats --vf "$vf1"
vvbctl stats --vf "$vf1" --reset >/dev/null
has "none after --reset" '"config":[]' vvbctl -j stats --vf "$vf1"
for _ in $(seq 10); do
	vfreg "$vf1" write 16 2 0
done
has "kicks" '"reads":0,"writes":10,"verdict":"notify","verdicts":{"default":0,"notify":10,' \
	vvbctl -j stats --vf "$vf1"
has "stats -j has a histogram" "\"latency\":[" vvbctl -j stats --vf "$vf1"

check "load what errs" vvbctl policy load $bpf/test/error.bpf.o
has "a policy in place" "policy none (none)  shadow none" vvbctl policy show "$vf1"
check "select it" vvbctl policy select "$vf1" error
vfreg "$vf1" read 12 2 >/dev/null
has "its end" "policy error (ejected)" vvbctl policy show "$vf1"
has "why" "code 42, \"no queue is this small\"" vvbctl policy show "$vf1"
has "where" "at a read of queue_size, 2 bytes at 12" vvbctl policy show "$vf1"
has "the same as JSON" "\"kind\":\"error\",\"code\":42" vvbctl -j policy show "$vf1"
refused "$vf1: eject: no policy decides" "eject what is gone" vvbctl policy eject "$vf1"
check "select it again" vvbctl policy select "$vf1" error
has "and it is back" "policy error (active)" vvbctl policy show "$vf1"
check "eject" vvbctl policy eject "$vf1" "had enough of it"
has "by the operator" "\"kind\":\"by_operator\"" vvbctl -j policy show "$vf1"
has "with a reason" "had enough of it" vvbctl policy show "$vf1"
check "deselect" vvbctl policy select "$vf1" none
refused "has no shadow" "diff without a shadow" vvbctl policy diff "$vf1"
refused "has to be stateless" "a shadow with a state" vvbctl policy shadow "$vf1" error
check "load a candidate" vvbctl policy load $bpf/test/shadow-mask.bpf.o
check "shadow" vvbctl policy shadow "$vf1" shadow-mask
has "in place" "shadow shadow-mask" vvbctl vf show "$vf1"
features=$(vfreg "$vf1" read 0 4)
vfreg "$vf1" read 18 1 >/dev/null
has "compared" "\"name\":\"device_status\",\"compared\":1,\"differ\":0" vvbctl -j policy diff "$vf1"
has "differs" "\"name\":\"device_features\",\"compared\":1,\"differ\":1" \
	vvbctl -j policy diff "$vf1"
has "what was and would be" "\"value\":\"$features\",\"shadow_value\":\"$(printf '0x%08x' \
	$((features & ~(1 << 15))))\"" vvbctl -j policy diff "$vf1"
has "as text" "read    device_features  " vvbctl policy diff "$vf1"
for command in vf policy "policy show $vf1" "policy diff $vf1" stats daemon version help; do
	refused "write error: No space left on device" "$command on a full disk" \
		sh -c "vvbctl $command >/dev/full"
	check "$command as JSON" sh -c "vvbctl -j $command | jq -e ."
done
check "no shadow" vvbctl policy shadow "$vf1" none
check "unload the one" vvbctl policy unload error
check "unload the other" vvbctl policy unload shadow-mask
usleep 300000
check "rmmod at once" rmmod virtio_vfio_bpf
refused "not loaded: modprobe virtio_vfio_bpf" "without the module" vvbctl vf
refused "not loaded: modprobe virtio_vfio_bpf" "load without it" vvbctl policy load $bpf/split.bpf.o
refused "not loaded: modprobe virtio_vfio_bpf" "select without it" vvbctl policy select "$vf1" split
finish
