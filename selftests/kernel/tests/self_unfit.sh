#!/bin/sh
# vm: --vfs 1 --driver ours --owner self --device-opt offer-access-platform=off
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A function that would go past the IOMMU is not its own owner: its guest's page numbers would be the host's.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

why="off: the device goes past the IOMMU (no VIRTIO_F_ACCESS_PLATFORM)"
is "capable" "$(attr "$vf1" capable)" "$why"
is "owner" "$(attr "$vf1" owner_active)" none
check "legacy=only" attr "$vf1" legacy only
refused "not supported" "open" vfreg "$vf1" read 0 4
check "owner=auto" attr "$vf1" owner auto
is "owner" "$(attr "$vf1" owner_active)" pf
check "open" vfreg "$vf1" read 0 4
finish
