#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# needs.sh TREE BUILD module|programs|policies|tests - what the Makefiles of kmod/, user/, bpf/ and
# selftests/unit say of what is not there
set -eu
tree=$1 build=$2
unset KDIR VMLINUX_BTF BPFTOOL LIBBPF_CFLAGS LIBBPF_LIBS MAKEFLAGS
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
tools=$(sed -nE 's/^(BPFTOOL|LIBBPF_CFLAGS) \?= (.*)/\1=\2/p' "$build/config.mk")

# says PATTERN MAKE... - it fails with that line, and no compiler's words
says()
{
	pattern=$1
	shift
	if make -s BUILD="$tmp" "$@" >"$tmp/log" 2>&1; then
		echo "make $*: did not fail" >&2
		exit 1
	fi
	! grep -vi '^make\|^kmod: \|^user: \|^bpf: ' "$tmp/log" || exit 1
	grep -q "$pattern" "$tmp/log" || { cat "$tmp/log" >&2; exit 1; }
}

# A kernel grows until nothing is missing but what it would be compiled by.
check_module()
{
	kdir=$tmp/kernel
	conf=$kdir/include/config/auto.conf
	set -- -C "$tree/kmod" KDIR="$kdir"
	says "^kmod: no kernel headers in KDIR=$kdir$" "$@"
	mkdir -p "$kdir/include/config"
	touch "$kdir/Module.symvers"
	# shellcheck disable=SC2016 # the variable is make's
	echo 'modules:; @echo "kmod: was asked"; touch $(M)/virtio_vfio_bpf.ko' >"$kdir/Makefile"
	says "^kmod: the kernel in KDIR=$kdir is not configured: .* include/config/auto.conf$" "$@"
	echo CONFIG_VFIO_PCI=m >"$conf"
	says "^kmod: the kernel in KDIR=$kdir is not configured: .* include/config/kernel.release$" "$@"
	echo 6.12.0-test >"$kdir/include/config/kernel.release"
	says "^kmod: that kernel has no vfio-pci (CONFIG_VFIO_PCI_CORE)$" "$@"
	echo CONFIG_VFIO_PCI_CORE=m >>"$conf"
	says "^kmod: .* (CONFIG_VIRTIO_PCI_ADMIN_LEGACY)$" "$@"
	echo CONFIG_VIRTIO_PCI_ADMIN_LEGACY=y >>"$conf"
	says "^kmod: .* (CONFIG_DEBUG_INFO_BTF_MODULES): no policy could be loaded$" "$@"
	echo CONFIG_DEBUG_INFO_BTF_MODULES=y >>"$conf"
	says "^kmod: there is no $kdir/vmlinux, .*: no policy could be loaded$" "$@"
	grep -q ": cp /sys/kernel/btf/vmlinux $kdir/$" "$tmp/log" || { cat "$tmp/log" >&2; exit 1; }
	echo BTF >"$kdir/vmlinux"
	says "^kmod: PAHOLE=nosuch is no pahole that runs: " "$@" PAHOLE=nosuch
	# all at once
	: >"$conf"
	: >"$kdir/vmlinux"
	says "^kmod: PAHOLE=nosuch is no pahole that runs: " "$@" PAHOLE=nosuch
	[ "$(grep -c '^kmod: ' "$tmp/log")" = 10 ] || { cat "$tmp/log" >&2; exit 1; }
	printf 'CONFIG_%s=m\n' VFIO_PCI_CORE VIRTIO_PCI_ADMIN_LEGACY DEBUG_INFO_BTF_MODULES >"$conf"
	echo BTF >"$kdir/vmlinux"
	! grep -q "was asked" "$tmp/log" || exit 1
	# the kernel's own make is content without types
	says "^kmod: the module has no .BTF section, " "$@" READELF=true
	grep -q "was asked" "$tmp/log" || { cat "$tmp/log" >&2; exit 1; }
}

check_programs()
{
	none="-C $tree/user"
	# shellcheck disable=SC2086 # words
	set -- $none
	says "^user: there is no <bpf/libbpf.h>: install libbpf-dev$" "$@" CC="cc -nostdinc"
	[ "$(grep -c '^user: there is no' "$tmp/log")" = 6 ] || { cat "$tmp/log" >&2; exit 1; }
	mkdir "$tmp/bpf"
	printf '#define LIBBPF_MAJOR_VERSION 1\n#define LIBBPF_MINOR_VERSION 1\n' >"$tmp/bpf/libbpf.h"
	says "^user: libbpf is older than 1.4: " "$@" LIBBPF_CFLAGS="-I$tmp"
}

check_policies()
{
	# shellcheck disable=SC2086 # words
	set -- -C "$tree/bpf" KO="$build/kmod/virtio_vfio_bpf.ko" VMLINUX_BTF=/dev/null $tools
	says "^bpf: CLANG=nosuch is not there: " "$@" CLANG=nosuch
	says "^bpf: BPFTOOL=nosuch is not there: " "$@" BPFTOOL=nosuch
	says "^bpf: there is no <bpf/bpf_helpers.h>: " "$@" LIBBPF_CFLAGS=-nostdinc
	says "^bpf: CLANG=nosuch is not there: " "$@" CLANG=nosuch BPFTOOL=none VMLINUX_BTF=/nonexistent
	[ "$(grep -c '^bpf: ' "$tmp/log")" = 3 ] || { cat "$tmp/log" >&2; exit 1; } # all at once
	printf '#!/bin/sh\necho bpftool v7.4.0\n' >"$tmp/older"
	chmod +x "$tmp/older"
	says "^bpf: BPFTOOL=$tmp/older is of version 7.4.0: " "$@" BPFTOOL="$tmp/older"
	mkdir -p "$tmp/headers/bpf"
	touch "$tmp/headers/bpf/bpf_helpers.h"
	printf '#define LIBBPF_MAJOR_VERSION 1\n#define LIBBPF_MINOR_VERSION 3\n' >"$tmp/headers/bpf/libbpf_version.h"
	says "^bpf: libbpf is older than 1.4: " "$@" LIBBPF_CFLAGS="-I$tmp/headers"
	says "^bpf: VMLINUX_BTF=/nonexistent is not there: " "$@" VMLINUX_BTF=/nonexistent
	says "^bpf: there is no module $tmp/none.ko, .*: make -C kmod first" "$@" KO="$tmp/none.ko"
}

check_tests()
{
	says "no test 'nosuch': " -C "$tree/selftests/unit" check T="user_vf nosuch"
}

"check_$3"
