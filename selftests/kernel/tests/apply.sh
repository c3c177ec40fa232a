#!/bin/sh
# vm: --vfs 2
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# vvbctl apply: from nothing but VFs and a file to VFs that are bound, and that nobody can open with
# other settings than the file's; what it says with --dry-run, and of what can't be applied.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

modprobe vfio_iommu_type1

settings=$driver_dir/settings
conf=/etc/vvb/vvb.conf
mkdir -p /etc/vvb
echo 'vvbd:x:970:970::/:/bin/false' >>/etc/passwd

# apply TEXT WANTED [OPTION]... - must succeed, and print that
apply_is()
{
	text=$1 wanted=$2
	shift 2
	out=$(vvbctl apply "$@" 2>&1) || fail "$text: status $?"
	is "$text" "$out" "$wanted"
}

# apply_says TEXT PATTERN... - must fail, and say all of these
apply_says()
{
	text=$1
	shift
	out=$(vvbctl apply 2>&1) && fail "$text: was not refused: $out"
	for pattern in "$@"; do
		case $out in
		*"$pattern"*)	ok "$text: $pattern" ;;
		*)		fail "$text: does not say \"$pattern\": $out" ;;
		esac
	done
}

# What vvbctl takes for the default of a VF that is not bound is what a VF has that is.
check "a VF for which nothing was set" vvbctl vf bind "$vf1"
{
	echo "[vf $vf2]"
	for name in legacy intx owner policy policy_required shadow policy_budget_us on_daemon_loss \
		punt_timeout_ms admin_timeout_ms queue_size_max daemon_uid; do
		echo "$name = $(attr "$vf1" $name)"
	done
} >$conf
is "settings that vf set knows" "$(vvbctl vf set "$vf1" x y 2>&1 | tr ',' '\n' | wc -l)" \
	"$(grep -c = $conf)"
apply_is "defaults" "" --dry-run
rm $conf
check "unbound" vvbctl vf unbind "$vf1"
check "rmmod" rmmod virtio_vfio_bpf

check "the module is not loaded" test ! -e $driver_dir
apply_is "no file: nothing to do" ""
refused "No such file" "a file that is named" vvbctl apply /etc/vvb/other.conf
cat >$conf <<END
[vvbd]
trace_limit = 1M
END
apply_is "nothing for the module" ""
check "it was not loaded for that" test ! -e $driver_dir

cat >$conf <<END
# Two VFs, one of them like all others of its PF.
[all]
intx = off
admin_timeout_ms = 0x1000

[pf $VVB_PF]
bind = yes
legacy = only
policy = ratelimit
policy_required = yes
daemon_uid = vvbd
ratelimit.notify_rate = 500
handler = record

[vf $vf2]
legacy = auto
admin_timeout_ms = 4097
bind = no

[policy ratelimit]
file = $bpf/ratelimit.bpf.o

[vvbd]
trace_dir = /tmp
END
vvbctl apply --dry-run >/tmp/dry 2>&1 || fail "--dry-run: status $?"
cat /tmp/dry
check "--dry-run has loaded nothing" test ! -e $driver_dir
for line in "ratelimit  load - -> $bpf/ratelimit.bpf.o" "$vf1  legacy auto -> only" \
	"$vf1  policy none -> ratelimit" "$vf1  driver none -> virtio_vfio_bpf" \
	"$vf1  ratelimit.notify_rate - -> 500" "$vf2  admin_timeout_ms 5000 -> 4097"; do
	check "--dry-run: $line" grep -qxF -- "$line" /tmp/dry
done
vvbctl apply >/tmp/done 2>&1 || fail "apply: status $? $(cat /tmp/done)"
is "apply did what was said, but for what nobody knew" \
	"$(sed 's/notify_rate [0-9]* ->/notify_rate - ->/' /tmp/done)" "$(cat /tmp/dry)"
check "VF 1 is bound" is_bound "$vf1" virtio_vfio_bpf
check "VF 2 is not" test ! -e "/sys/bus/pci/devices/$vf2/driver"
for pair in legacy=only intx=off policy=ratelimit policy_state=active policy_required=yes \
	admin_timeout_ms=4096 daemon_uid=970 punt_timeout_ms=250; do
	is "${pair%%=*}" "$(attr "$vf1" "${pair%%=*}")" "${pair#*=}"
done
is "knob" "$(vvbctl -j policy get "$vf1" notify_rate | jq '.[0].value')" 500
is "VF 2 has settings, too" "$(sed -n "s/^$vf2 //p" $settings)" \
	"intx=off policy=ratelimit policy_required=yes admin_timeout_ms=4097 daemon_uid=970"
check "and those that the PF could have besides" \
	[ "$(grep -c 'legacy=only' $settings)" = $(($(cat "$pf_dir/sriov_totalvfs") - 1)) ]
is "VFs that come are not virtio_pci's" "$(cat "$pf_dir/sriov_drivers_autoprobe")" 0
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" legacy
apply_is "again: nothing" ""
sed -i 's/^legacy = only/legacy = off/' $conf
apply_says "while it is open" "$conf:8: $vf1: legacy = off: the VF is open; it stays only"
unhold
apply_is "one VF" "$vf1  legacy only -> off" --vf "$vf1"
sed -i 's/^legacy = off/legacy = only/' $conf
apply_is "another, which is not bound" "" --vf "$vf2"
vvbctl -j apply --dry-run --vf "$vf1" >/tmp/json
is "as JSON" "$(jq -c '.[0]' /tmp/json)" \
	"{\"of\":\"$vf1\",\"file\":\"$conf\",\"line\":8,\"what\":\"legacy\",\"from\":\"off\",\"to\":\"only\"}"
check "apply" vvbctl apply

# What is in force becomes a file that says the same.
cp $conf /tmp/mine
refused "No such file" "save where there is no directory" vvbctl save /tmp/no/vvb.conf
check "save" vvbctl save
check "the file before is kept" cmp $conf.old /tmp/mine
cat $conf
apply_is "what was saved is in force" ""
for line in "[pf $VVB_PF]" "bind = yes" "legacy = only" "ratelimit.notify_rate = 500" "[vf $vf2]" \
	"admin_timeout_ms = 4097" "bind = no" "legacy = auto" "file = $bpf/ratelimit.bpf.o" \
	"trace_dir = /tmp" "handler = record"; do
	check "saved: $line" grep -qxF -- "$line" $conf
done
is "sections: of the PF, of a VF, of the policy, of vvbd" "$(grep -c '^\[' $conf)" 4
is "on standard output" "$(vvbctl save -)" "$(cat $conf)"
check "what it has else" vvbctl vf set "$vf1" punt_timeout_ms 70
check "and a knob" vvbctl policy set "$vf1" control_burst 7
vvbctl save /tmp/saved || fail "save"
check "another file" grep -qx "punt_timeout_ms = 70" /tmp/saved
check "with the knob" grep -qx "ratelimit.control_burst = 7" /tmp/saved
refused "control_burst 7 -> " "the file undoes it" sh -c "sed 's/^ratelimit.control_burst = 7/ratelimit.control_burst = 64/; s/^punt_timeout_ms = 70/punt_timeout_ms = 250/' /tmp/saved >/tmp/other; vvbctl apply /tmp/other; false"
check "upstream, from nobody knows where" vvbctl policy load $bpf/upstream.bpf.o
refused "upstream: from which file it was loaded is not known" "save" vvbctl save /tmp/saved
check "it was written" grep -qxF "[policy upstream]" /tmp/saved
check "unload it" vvbctl policy unload upstream
printf 'nonsense\n' >/tmp/saved
refused "/tmp/saved:1: neither a [section]" "save over what is no such file" vvbctl save /tmp/saved
cp /tmp/mine $conf

# A VF that comes is what the file says, whoever binds it.
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
check "VFs" put 2 "$pf_dir/sriov_numvfs"
check "bound by somebody" bind "$vf1" virtio_vfio_bpf
is "legacy policy policy_state" "$(attr "$vf1" legacy) $(attr "$vf1" policy) $(attr "$vf1" policy_state)" \
	"only ratelimit active"

# policy_required: without its policy it does not open, and it is said why.
check "unload" vvbctl policy unload ratelimit
refused "Protocol driver not attached" "open without its policy" vfreg "$vf1" read 0 4
check "the kernel log says why" \
	sh -c "dmesg | grep -q '$vf1: not opened: policy_required, and policy ratelimit is missing'"
check "vf show says why" sh -c "vvbctl vf show $vf1 | grep -q 'policy_required yes  DOES NOT OPEN'"
is "interface" "$(attr "$vf1" interface)" closed
check "apply loads it" sh -c "vvbctl apply | grep -q '^ratelimit  load'"
check "open" vfreg "$vf1" read 0 4
check "eject" vvbctl policy eject "$vf1" enough
refused "Protocol driver not attached" "open after it was ejected" vfreg "$vf1" read 0 4
check "select it again" vvbctl policy select "$vf1" ratelimit
check "open" vfreg "$vf1" read 0 4
check "select none" vvbctl policy select "$vf1" none
refused "Protocol driver not attached" "open without any policy" vfreg "$vf1" read 0 4
check "the kernel log says why" \
	sh -c "dmesg | grep -q '$vf1: not opened: policy_required, and no policy is selected'"
check "not required" vvbctl vf set "$vf1" policy_required no
check "open" vfreg "$vf1" read 0 4
refused "policy_required: what is 'maybe'? yes or no" "a value that is none" \
	vvbctl vf set "$vf1" policy_required maybe
apply_is "apply has it back" "$vf1  policy_required no -> yes
$vf1  policy none -> ratelimit"

# What can't be applied is told of each VF, and changes nothing.
cat >$conf <<END
[vf $vf1]
policy = nosuch
shadow = ratelimit
daemon_uid = nobody-here
[vf $vf2]
bind = yes
ratelimit.speed = 7
ratelimit.notify_rate = fast
[vf 0000:00:1f.0]
bind = yes
[pf $vf1]
legacy = only
[pf 0000:7f:00.0]
legacy = only
END
apply_says "what can't be" \
	"$conf:2: nosuch: load /usr/local/lib/vvb/nosuch.bpf.o: No such file or directory" \
	"$conf:2: $vf1: policy = nosuch: no such policy is loaded; it stays ratelimit" \
	"$conf:3: $vf1: shadow = ratelimit: a shadow has to be stateless" \
	"$conf:4: $vf1: daemon_uid: there is no user 'nobody-here'" \
	"$conf:7: $vf2: ratelimit.speed: there is no such knob" \
	"$conf:8: $vf2: ratelimit.notify_rate: what is 'fast'? A number" \
	"$conf:6: $vf2: not bound, as it would not have all that is said above" \
	"$conf:10: 0000:00:1f.0: bind: is no modern virtio function" \
	"$conf:11: $vf1: is a VF; [pf ADDRESS] wants a virtio PF" \
	"$conf:13: 0000:7f:00.0: there is no such PCI device"
is "VF 1 is as before" "$(attr "$vf1" policy) $(attr "$vf1" shadow) $(attr "$vf1" daemon_uid)" "ratelimit none 970"
check "VF 2 has no driver" test ! -e "/sys/bus/pci/devices/$vf2/driver"

# A file that is wrong, or whose it must not be, changes nothing at all.
printf '[vf %s]\nlegacy = off\npunt_timeout_ms = 0\n' "$vf1" >$conf
apply_says "a wrong file" "$conf:3: punt_timeout_ms: what is '0'? 1 to 60000"
is "legacy" "$(attr "$vf1" legacy)" only
printf '[vf %s]\nlegacy = off\n' "$vf1" >$conf
check "somebody else's" chown 970 $conf
apply_says "somebody else's" "$conf: belongs to user 970; it must be root's"
check "root's" chown 0 $conf
is "legacy" "$(attr "$vf1" legacy)" only
cp $bpf/upstream.bpf.o /tmp/theirs.bpf.o
chown 970 /tmp/theirs.bpf.o
printf '[policy upstream]\nfile = /tmp/theirs.bpf.o\n' >$conf
apply_says "a policy of somebody else" "$conf:2: upstream: /tmp/theirs.bpf.o: belongs to user 970"
refused "" "it was not loaded" grep upstream $driver_dir/policies
printf '[policy bad-write]\nfile = %s\n' $bpf/test/bad-write.bpf.o >$conf
apply_says "a policy that the verifier refuses" \
	"$conf:2: bad-write: load $bpf/test/bad-write.bpf.o: the verifier refuses 'bad_write_access': vvb_access: "
program legacy_net "$VVB_PF" "$vf1"
finish
