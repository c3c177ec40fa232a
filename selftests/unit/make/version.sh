#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# version.sh TREE BUILD - what has to be written twice is the same: where is it not?
set -eu
tree=$1 build=$2
version=$(cat "$tree/VERSION")
wrong=0

# is WHERE VERSION
is()
{
	[ "$2" != "$version" ] || return 0
	echo "$1: '$2', and VERSION is '$version'" >&2
	wrong=1
}

is dkms.conf "$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$tree/dkms.conf")"
is debian/changelog "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$tree/debian/changelog")"
is "the module" "$(modinfo -F version "$build/kmod/virtio_vfio_bpf.ko")"
exit "$wrong"
