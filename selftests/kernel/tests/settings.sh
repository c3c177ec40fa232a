#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# What is set for a VF belongs to its address: it outlives the binding and the VF, and can be given
# before there is one. The module parameter says what a VF gets for which nothing was set.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

settings=$driver_dir/settings
invalid="Invalid argument"
range="Numerical result out of range"

rebind()
{
	check "VF unbound" put "$vf1" $driver_dir/unbind
	check "VF bound again" put "$vf1" $driver_dir/bind
}

# setting NAME=VALUE... - what the driver's file says of VF 1
settings_are()
{
	is "settings of VF 1" "$(sed -n "s/^$vf1 //p" $settings)" "$*"
}

attrs_are()
{
	for pair in "$@"; do
		is "${pair%%=*}" "$(attr "$vf1" "${pair%%=*}")" "${pair#*=}"
	done
}

not_default="legacy=only policy_budget_us=77 on_daemon_loss=fail punt_timeout_ms=123 admin_timeout_ms=456 daemon_uid=99"
default="legacy=auto policy=none shadow=none policy_budget_us=1000 on_daemon_loss=kernel punt_timeout_ms=250 admin_timeout_ms=5000 daemon_uid=0"

# shellcheck disable=SC2086 # words
attrs_are $default
is "nothing differs from the default" "$(cat $settings)" ""

# They outlive the binding, and the VF.
for pair in $not_default; do
	check "$pair" attr "$vf1" "${pair%%=*}" "${pair#*=}"
done
rebind
# shellcheck disable=SC2086 # words
attrs_are $not_default
# shellcheck disable=SC2086 # words
settings_are $not_default
is "VF 2 has its own" "$(attr "$vf2" legacy)" auto
hold "$vf1"
is "interface of the VF that was bound again" "$(attr "$vf1" interface)" legacy
refused "resource busy" "legacy by the driver's file while open" put "$vf1 legacy=off" $settings
refused "busy" "legacy=off while open" attr "$vf1" legacy off
refused "$invalid" "legacy=sometimes while open" attr "$vf1" legacy sometimes
unhold
check "no VFs" put 0 "$pf_dir/sriov_numvfs"
# shellcheck disable=SC2086 # words
settings_are $not_default
check "by the driver's file, without a VF" put "$vf1 punt_timeout_ms=124" $settings
check "VFs made anew" vfs 2
attrs_are legacy=only punt_timeout_ms=124
for pair in $default; do
	check "$pair by the driver's file" put "$vf1 $pair" $settings
done
# shellcheck disable=SC2086 # words
attrs_are $default
settings_are

# Policies: selected as the VF is bound, where that is refused it is said.
check "mask-features, upstream" sh -c "vvbctl policy load $bpf/mask-features.bpf.o && vvbctl policy load $bpf/upstream.bpf.o"
check "policy" attr "$vf1" policy mask-features
check "shadow" attr "$vf1" shadow upstream
rebind
attrs_are policy=mask-features shadow=upstream policy_state=active
is "VFs that run it" "$(sed -n 's/^mask-features //p' $driver_dir/policies)" 1
check "ejected" attr "$vf1" eject enough
is "ejected" "$(attr "$vf1" policy_state)" ejected
rebind
is "an ejection is no setting" "$(attr "$vf1" policy_state)" active
check "no shadow" put "$vf1 shadow=none" $settings
is "shadow" "$(attr "$vf1" shadow)" none
check "policy by the driver's file" put "$vf1 policy=upstream" $settings
attrs_are policy=upstream policy_state=active
refused "No such file" "a policy that is not there, of a bound VF" put "$vf1 policy=odd" $settings
is "policy after that" "$(attr "$vf1" policy)" upstream
check "VF unbound" put "$vf1" $driver_dir/unbind
check "a policy that is not there, of no VF" put "$vf1 policy=refuse-attach" $settings
settings_are policy=refuse-attach
check "VF bound" put "$vf1" $driver_dir/bind
attrs_are policy=refuse-attach policy_state=missing
check "the kernel log says so" sh -c "dmesg | grep -q '$vf1: policy refuse-attach is not there'"
check "it comes, and refuses" vvbctl policy load $bpf/test/refuse-attach.bpf.o
is "policy_state" "$(attr "$vf1" policy_state)" refused
check "the kernel log says so" sh -c "dmesg | grep -q '$vf1: policy refuse-attach is not bound'"
rebind
attrs_are policy=refuse-attach policy_state=refused
check "it goes" vvbctl policy unload refuse-attach
is "policy_state" "$(attr "$vf1" policy_state)" missing
check "policy=none" put "$vf1 policy=none" $settings
attrs_are policy=none policy_state=none
check "a shadow with a state, of no VF" sh -c "echo $vf1 >$driver_dir/unbind && echo $vf1 shadow=cache >$settings"
check "cache" vvbctl policy load $bpf/cache.bpf.o
check "VF bound" put "$vf1" $driver_dir/bind
check "the kernel log says so" sh -c "dmesg | grep -q '$vf1: shadow cache is not bound'"
is "VFs that run it" "$(sed -n 's/^cache //p' $driver_dir/policies)" 0
check "shadow=none" attr "$vf1" shadow none

# What is wrong changes nothing.
bad()
{
	refused "$1" "\"$2\"" put "$2" $settings
}
bad "$invalid" ""
bad "$invalid" "$vf1"
bad "$invalid" "$vf1 "
bad "$invalid" "$vf1 legacy"
bad "$invalid" "$vf1 legacy="
bad "$invalid" "$vf1 =only"
bad "$invalid" "$vf1 legacy=Only"
bad "$invalid" "$vf1 legacy=only off"
bad "$invalid" "$vf1 legacy=only shadow=none"
bad "$invalid" "$vf1 legal=only"
bad "$invalid" "$vf1 interface=legacy"
bad "$invalid" "legacy=only $vf1"
bad "$invalid" "$vf1 legacy=only
$vf2 legacy=only"
for address in 00:00.0 0000:01:00 0000:01:00.8 0000:01:20.0 0000:100:00.0 0000:01:000.0 000000000:01:00.0 \
		0000:01:00.10 0000:01:00.x -1:01:00.0 0000:01:00.1:1; do
	bad "$invalid" "$address legacy=only"
done
for value in -1 soon 1.5 "" 0x 99999999999999999999 12345678901234567890123456789012345; do
	refused "" "punt_timeout_ms=\"$value\"" put "$vf1 punt_timeout_ms=$value" $settings
	refused "" "punt_timeout_ms=\"$value\" of the VF" attr "$vf1" punt_timeout_ms "$value"
	refused "" "daemon_uid=\"$value\"" put "$vf1 daemon_uid=$value" $settings
done
bad "$range" "$vf1 punt_timeout_ms=0"
bad "$range" "$vf1 punt_timeout_ms=60001"
bad "$range" "$vf1 admin_timeout_ms=60001"
bad "$range" "$vf1 policy_budget_us=1000001"
bad "$invalid" "$vf1 daemon_uid=4294967295"
bad "$invalid" "$vf1 on_daemon_loss=panic"
for name in UPPER a/b a.b 0123456789abcdef; do
	bad "$invalid" "$vf1 policy=$name"
	bad "$invalid" "0000:7f:00.0 policy=$name"
	refused "$invalid" "policy=$name of the VF" attr "$vf1" policy "$name"
done
refused "$invalid" "a line that is too long" put "$vf1 legacy=only$(printf '%200s' '')" $settings
refused "" "a zero in it" sh -c "printf '%s legacy=only\\0' $vf1 >$settings"
# shellcheck disable=SC2086 # words
attrs_are $default
is "nothing was set" "$(cat $settings)" ""
check "blanks around it" put "  $vf1	legacy=only " $settings
settings_are legacy=only
check "legacy=auto" attr "$vf1" legacy auto

# Many addresses: a file of a page, and an end to them.
awk 'BEGIN { for (n = 0; n < 4096; n++)
	printf "0001:%02x:%02x.%x legacy=only\n", int(n / 256), int(n / 8) % 32, n % 8 }' >/tmp/many
nr=0
while read -r line; do
	put "$line" $settings 2>/tmp/said || break
	nr=$((nr + 1))
done </tmp/many
is "addresses until there were too many, beside those of two VFs" "$nr" 4094
check "the last was refused" grep -q "No space left" /tmp/said
is "the last line of many" "$(tail -n 1 $settings)" "..."
check "no line is cut" sh -c "! grep -vxE '[0-9a-f:.]+ legacy=only|\.\.\.' $settings"
check "a known address can still be set" put "$vf1 legacy=only" $settings
rebind
attrs_are legacy=only

# The module parameter.
reload()
{
	check "rmmod" rmmod virtio_vfio_bpf
	check "modprobe $*" modprobe virtio_vfio_bpf "$@"
}
for policy in mask-features upstream cache; do
	check "unload $policy" vvbctl policy unload $policy
done
reload legacy=only
check "VF bound" is_bound "$vf1" virtio_vfio_bpf
attrs_are legacy=only
is "nothing differs from it" "$(cat $settings)" ""
hold "$vf1"
is "interface" "$(attr "$vf1" interface)" legacy
unhold
check "legacy=auto" attr "$vf1" legacy auto
settings_are legacy=auto
is "the parameter" "$(cat /sys/module/virtio_vfio_bpf/parameters/legacy)" only
check "it can't be written" sh -c "! echo off >/sys/module/virtio_vfio_bpf/parameters/legacy" 2>/dev/null
reload legacy=off
check "VF bound" is_bound "$vf1" virtio_vfio_bpf
attrs_are legacy=off
for value in sometimes "" ONLY only,off; do
	check "rmmod" sh -c "! grep -q virtio_vfio_bpf /proc/modules || rmmod virtio_vfio_bpf"
	refused "" "modprobe legacy=$value" modprobe virtio_vfio_bpf "legacy=$value"
	check "the kernel log says why" sh -c "dmesg | grep -q 'legacy=$value: it is one of auto, only, off'"
done
check "modprobe" modprobe virtio_vfio_bpf
check "VF bound" is_bound "$vf1" virtio_vfio_bpf
attrs_are legacy=auto
program legacy_net "$VVB_PF" "$vf1"
finish
