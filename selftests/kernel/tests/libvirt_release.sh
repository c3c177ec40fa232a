#!/bin/sh
# vm: --vfs 1 --driver ours --guest --libvirt release --memory 3072 --timeout 2400
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The libvirt of the release itself knows no vfio variant drivers: it says what docs/operating.md says, and
# leaves the VF alone.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"
# shellcheck source=selftests/kernel/tests/lib_libvirt
. "${0%/*}/lib_libvirt"

prepare_machine
check "libvirt" start_libvirt
virsh version
check "define" define pc
refused "must be manually detached from the host" "start" virsh start $domain
check "the VF is still ours" is_bound "$vf1" virtio_vfio_bpf
is "interface" "$(attr "$vf1" interface)" closed
finish
