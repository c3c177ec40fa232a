#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A daemon that is the owner of a VF: what it is asked, and what becomes of a guest when it lies, is late,
# dies, or is not there.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

lacks="no daemon that carries out operations has claimed it"

refused "Invalid argument" "owner=process" attr "$vf1" owner process
check "owner" attr "$vf1" owner daemon
check "load split" vvbctl policy load $bpf/split.bpf.o
is "no daemon" "$(attr "$vf1" capable)" "off: $lacks"
is "no daemon" "$(attr "$vf1" owner_active)" none
refused "Invalid argument" "legacy=auto, no daemon: no BAR0" vfreg "$vf1" read 0 4
hold "$vf1"
is "legacy=auto, no daemon" "$(attr "$vf1" interface)" modern
refused "busy" "owner of a VF that is open" attr "$vf1" owner pf
unhold
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "legacy=only, no daemon: open" vfreg "$vf1" read 0 4
check "the log says why" sh -c "dmesg | grep -q 'legacy=only: not opened: $lacks'"
check "on_daemon_loss=wait" attr "$vf1" on_daemon_loss wait
is "a daemon may come" "$(attr "$vf1" capable)" only
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 600
refused "not supported" "legacy=only, none comes: open" vfreg "$vf1" read 0 4
check "legacy=auto" attr "$vf1" legacy auto
check "on_daemon_loss=kernel" attr "$vf1" on_daemon_loss kernel
check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 5000

program operations "$vf1"
program operations_lost "$vf1"

# The VF is wanted back while its VMM waits.
check "bound again" bind "$vf1" virtio_vfio_bpf
check "on_daemon_loss=wait" attr "$vf1" on_daemon_loss wait
check "admin_timeout_ms=0" attr "$vf1" admin_timeout_ms 0
hold_log=$(mktemp)
hold_vf "$vf1" >"$hold_log" 2>&1 &
hold_pid=$!
usleep 500000
start=$(date +%s)
check "unbind while an open waits" timeout 20 sh -c "echo $vf1 >$driver_dir/unbind"
check "after $(($(date +%s) - start)) s" [ $(($(date +%s) - start)) -lt $((5 * VVB_SLOWDOWN)) ]
unhold
finish
