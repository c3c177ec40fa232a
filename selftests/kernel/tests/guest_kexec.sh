#!/bin/sh
# vm: --vfs 1 --driver ours --guest --memory 3072 --timeout 1800
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The guest boots another kernel while the VF runs, and while frames come in: by kexec, and by a
# panic, the crash kernel of which has the VF as its driver had left it.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_guest
. "${0%/*}/lib_guest"

# kexec_tools - the guest gets the program, a kernel and an image
kexec_tools()
{
	for file in kexec.tar vmlinuz initramfs; do
		in_guest "$file" 120 "wget -q -O /srv/$file http://10.0.0.1/$file" || return
	done
	in_guest "kexec" 30 "tar -x -C / -f /srv/kexec.tar"
}

prepare_guest || die "the PF's end"
attr "$vf1" legacy only
VMM_MEMORY=1024 boot_guest "$vf1" crashkernel=384M
traffic "before"

kexec_tools
in_guest "kernel loaded" 60 "/sbin/kexec -l /srv/vmlinuz --initrd=/srv/initramfs --reuse-cmdline"
arrives_all_the_time
new_mark
echo "run /sbin/kexec -e" >&7
check "up by kexec" heard ready 300 || die_of_guest
nothing_arrives
traffic "kexec"

kexec_tools
in_guest "crash kernel loaded" 60 "/sbin/kexec -p /srv/vmlinuz --initrd=/srv/initramfs \
	--append='console=ttyS0 loglevel=4 panic=-1 nr_cpus=1 irqpoll reset_devices'"
arrives_all_the_time
new_mark
echo "run echo c >/proc/sysrq-trigger" >&7
check "up after a panic" heard ready 300 || die_of_guest
in_guest "it is the crash kernel" 10 "[ -e /proc/vmcore ]"
nothing_arrives
traffic "crash kernel"

is "commands refused" "$(event "$vf1" command_error)" 0
stop_guest
program legacy_net "$VVB_PF" "$vf1"
finish
