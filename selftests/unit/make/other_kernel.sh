#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# other_kernel.sh TREE BUILD module|policies - what the Makefiles of kmod/ and bpf/ do when they are
# given another kernel than the last time. The module is that of a kernel whose Makefile only notes
# that it was asked; the policies are compiled against the module in BUILD.
set -eu
tree=$1 build=$2
unset KDIR VMLINUX_BTF MAKEFLAGS
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export BUILD="$tmp/build"
ko=$BUILD/kmod/virtio_vfio_bpf.ko

fault()
{
	echo "$*" >&2
	exit 1
}

# kernel NAME - headers. What stands for the objects stays as it is, as Kbuild would leave them.
kernel()
{
	mkdir -p "$tmp/$1/include/config"
	echo "$1" | tee "$tmp/$1/Module.symvers" >"$tmp/$1/vmlinux"
	printf 'CONFIG_%s=y\n' VFIO_PCI_CORE VIRTIO_PCI_ADMIN_LEGACY DEBUG_INFO_BTF_MODULES \
		>"$tmp/$1/include/config/auto.conf"
	echo "$1" >"$tmp/$1/include/config/kernel.release"
	cat >"$tmp/$1/Makefile" <<END
modules:
	[ -e \$(M)/objects ] || echo $1 >\$(M)/objects
	\$(CC) -c -x c /dev/null -o \$(M)/empty.o
	objcopy --add-section .BTF=\$(M)/objects --add-section .BTF_ids=\$(M)/objects \\
		--add-section .kernel=\$(M)/objects \$(M)/empty.o \$(M)/virtio_vfio_bpf.ko
END
}

# made_for - print the kernel that the module is for
made_for()
{
	objcopy -O binary --only-section=.kernel --set-section-flags .kernel=alloc "$ko" "$tmp/is"
	cat "$tmp/is"
}

make_module()
{
	make -s -C "$tree/kmod" KDIR="$tmp/$1" >"$tmp/log" 2>&1 || fault "kmod: $(cat "$tmp/log")"
	[ "$(made_for)" = "$1" ] || fault "kmod: built for $(cat "$tmp/is"), wanted $1"
}

check_module()
{
	kernel one
	kernel other
	make_module one
	made=$(stat -c %y "$ko")
	make_module one
	[ "$(stat -c %y "$ko")" = "$made" ] || fault "kmod: built again for the same kernel"
	make_module other
	# the same place has another kernel
	mv "$tmp/other" "$tmp/gone"
	kernel newer
	mv "$tmp/newer" "$tmp/other"
	make -s -C "$tree/kmod" KDIR="$tmp/other" >"$tmp/log" 2>&1 || fault "kmod: $(cat "$tmp/log")"
	[ "$(made_for)" = newer ] || fault "kmod: not built anew for what took a kernel's place"
	if make -s -C "$tree/kmod" KDIR="$tmp/none" >"$tmp/log" 2>&1; then
		fault "kmod: built for a kernel that is not there"
	fi
	grep -q "no kernel headers in KDIR=$tmp/none" "$tmp/log" || fault "kmod: $(cat "$tmp/log")"
	[ -e "$ko" ] || fault "kmod: a build that can't be done has removed the module"
	make_module one
}

# make_policy BTF - of one policy, which is enough
make_policy()
{
	# shellcheck disable=SC2086 # words
	make -s -C "$tree/bpf" SRC="$tmp/src" KO="$build/kmod/virtio_vfio_bpf.ko" VMLINUX_BTF="$1" \
		$tools >"$tmp/log" 2>&1
}

check_policies()
{
	btf=$(sed -n 's/^KDIR ?= //p' "$build/config.mk")/vmlinux
	tools=$(sed -nE 's/^(BPFTOOL|LIBBPF_CFLAGS) \?= (.*)/\1=\2/p' "$build/config.mk")
	mkdir "$tmp/src"
	cp "$tree/bpf/upstream.bpf.c" "$tmp/src"
	make_policy "$btf" || fault "bpf: $(cat "$tmp/log")"
	made=$(stat -c %y "$BUILD/bpf/upstream.bpf.o")
	make_policy "$btf" || fault "bpf: $(cat "$tmp/log")"
	[ "$(stat -c %y "$BUILD/bpf/upstream.bpf.o")" = "$made" ] || fault "bpf: built again"
	! make_policy /nonexistent || fault "bpf: built for a kernel that is not there"
	grep -q nonexistent "$tmp/log" || fault "bpf: $(cat "$tmp/log")"
}

"check_$3"
