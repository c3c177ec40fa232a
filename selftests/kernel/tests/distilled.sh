#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The module as pahole 1.26 and later build it, or Linux 7.2 and later by themselves: its types have a
# base of their own, and the kernel numbers them anew when it is loaded. Policies may write what they may, and nothing else; what is theirs to call is for them
# alone.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

grep -qa '\.BTF\.base' "/lib/modules/$(uname -r)/extra/virtio_vfio_bpf.ko" ||
	skip "the module's types have no base of their own"
is "bpf" "$(cat $driver_dir/bpf)" available
features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"

# Writes value, and scratch, and delay_us.
check "load emulate" vvbctl policy load $bpf/test/emulate.bpf.o
check "select emulate" attr "$vf1" policy emulate
is "a value of the policy's own" "$(vfreg "$vf1" read 0 4)" 0xa5a5a504
check "load ratelimit" vvbctl policy load $bpf/ratelimit.bpf.o
check "select ratelimit" attr "$vf1" policy ratelimit
is "which lets the device answer" "$(vfreg "$vf1" read 0 4)" "$features"

# Calls vvb_policy_error().
check "load error" vvbctl policy load $bpf/test/error.bpf.o
check "select error" attr "$vf1" policy error
vfreg "$vf1" read 12 2 >/dev/null
check "it gave up on itself" until_true 5 attr_is "$vf1" policy_state ejected

# The guard's hook is numbered, too.
check "load guard-split" vvbctl policy load $bpf/guard-split.bpf.o
check "unload guard-split" vvbctl policy unload guard-split
for policy in error ratelimit emulate; do
	check "unload $policy" vvbctl policy unload $policy
done
program "${0%/*}/policy_bad.sh"
finish
