#!/bin/sh
# vm: --vfs 2 --driver ours
# suite: debug
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# VFs by their own files and iommufd, which the stock kernel is built without: binding, and
# what is tested by group and container elsewhere.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

program iommufd_binding "$vf1"
export VF_IOMMUFD=1
program legacy_net "$VVB_PF" "$vf1" "$vf2"
program legacy_registers "$vf1"
program config_space "$vf1"
program bad_access "$vf1"
program ioeventfd "$vf1"

check "sealed" attr "$vf1" legacy only
program legacy_net "$VVB_PF" "$vf1"
check "not sealed" attr "$vf1" legacy auto

# The device is wanted back from a user who has it by its own file.
hold "$vf1" 500
check "unbind waits for its user" timeout 20 sh -c "echo $vf1 >$driver_dir/unbind"
check "who was asked" until_true 5 grep -q closed "$hold_log"
unhold
check "bound again" bind "$vf1" virtio_vfio_bpf
program legacy_net "$VVB_PF" "$vf1"
finish
