#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The release of each part, as they really are, and what is said when one of them is of another.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

release=$(cat /sys/module/virtio_vfio_bpf/version)

part()
{
	vvbctl -j version 2>/dev/null | jq -r "$1"
}

start()
{
	rm -f /tmp/vvbd.log
	"$@" --foreground 2>/tmp/vvbd.log &
	daemon=$!
	until_true 10 grep -q ready /tmp/vvbd.log || die "vvbd: $(cat /tmp/vvbd.log)"
}

check "all fit" vvbctl version
is "vvbctl, module, vvbd" "$(part '"\(.version) \(.module) \(.daemon)"')" "$release $release $release"
is "nobody has /dev/vvb open" "$(part '.running | length')" 0

cp "$(command -v vvbd)" /tmp/vvbd
start /tmp/vvbd
is "who has" "$(part '.running[] | "\(.pid) \(.name) \(.replaced)"')" "$daemon vvbd false"
check "all fit" vvbctl version
rm /tmp/vvbd
refused "process $daemon, vvbd, runs of a file that has been replaced" "an upgrade" vvbctl version
kill $daemon
wait $daemon
check "no warning: $(cat /tmp/vvbd.log)" [ "$(grep -c version /tmp/vvbd.log)" = 0 ]

echo 0.1.0 >/tmp/older
check "another module" mount --bind /tmp/older /sys/module/virtio_vfio_bpf/version
refused "module virtio_vfio_bpf is of version 0.1.0, vvbctl of $release: once" "it" vvbctl version
start vvbd
check "vvbd says so" grep -q "module virtio_vfio_bpf is of version 0.1.0, this vvbd of $release" /tmp/vvbd.log
kill $daemon
wait $daemon
check "as it was" umount /sys/module/virtio_vfio_bpf/version
echo "$vf1" >$driver_dir/unbind
check "rmmod" until_true 5 rmmod virtio_vfio_bpf
is "no module" "$(part .module)" null
finish
