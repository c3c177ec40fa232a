#!/bin/sh
# vm: --vfs 1 --driver ours --owner self --device-opt requires-version-1=on
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A function that is its own owner, and whose device lies.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

check "admin_timeout_ms" attr "$vf1" admin_timeout_ms 500
program own_owner "$vf1"
check "the kernel log says which features were refused" sh -c "dmesg | grep -q 'does not take features 0x'"
check "and that the device needs a reset" sh -c "dmesg | grep -q 'needs a reset'"
# Nobody's feature word is all-ones: there is no device behind it. What the open gives is an error.
check "all features" testbed set features-all true
refused "nput/output error" "open" vfreg "$vf1" read 0 4
check "bound anew" bind "$vf1" virtio_vfio_bpf
is "capable" "$(attr "$vf1" capable)" "off: its registers read as all-ones: it does not answer"
check "no more" testbed set features-all false
check "bound once more" bind "$vf1" virtio_vfio_bpf
is "capable then" "$(attr "$vf1" capable)" only
check "open" vfreg "$vf1" read 0 4
finish
