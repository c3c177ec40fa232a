#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Policies that no one should load, or trust.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

features=$(vfreg "$vf1" read 0 4) || die "no answer: $features"

for policy in bad-name-empty bad-name-long bad-name-none bad-name-slash bad-name-space \
	      bad-name-upper bad-flags bad-interest bad-empty bad-sleep bad-write bad-stateless; do
	refused "" "$policy: load" vvbctl policy load $bpf/test/$policy.bpf.o
	refused "" "$policy: past vvbctl" register_policy $bpf/test/$policy.bpf.o
done
refused "the name 'abcdefghijklmnop': it has 1 to 15 characters" "bad-name-long: why" \
	vvbctl policy load $bpf/test/bad-name-long.bpf.o
refused "the name 'none': it has" "bad-name-none: why" vvbctl policy load $bpf/test/bad-name-none.bpf.o
# why POLICY TEXT - one line says it
why()
{
	refused "vvbctl: load $bpf/test/$1.bpf.o: $2" "$1: why" vvbctl policy load "$bpf/test/$1.bpf.o"
	is "lines" "$(vvbctl policy load "$bpf/test/$1.bpf.o" 2>&1 | wc -l)" "${3:-1}"
}
why bad-interest "the policy 'bad-interest' has interest 0x"
why bad-flags "the policy 'bad-flags' has flags 0x80: there is VVB_POLICY_STATELESS (0x1)"
why bad-empty "the policy 'bad-empty' has no access()"
why bad-stateless "the policy 'bad-stateless' has VVB_POLICY_STATELESS, and attach() or detach()"
why bad-sleep "'bad_sleep_access' is in the section struct_ops.s/access: no callback of a policy may sleep"
why bad-knobs "knob 2, 'odd': its default value is not between the least and the most; knob 3, 'large': its most"
why bad-write "the verifier refuses 'bad_write_access': vvb_access: value, scratch, delay_us are writable, not 8 bytes at 0 (at acc->vf = 0;" 2
refused "processed 3 insns" "the rest with -v" vvbctl -v policy load $bpf/test/bad-write.bpf.o
check "and as JSON" sh -c "vvbctl -j policy load $bpf/test/bad-write.bpf.o | jq -e '.log | contains(\"processed 3 insns\")'"
cp $bpf/guard-readonly.bpf.o /tmp/a-guard-with-a-long-name.bpf.o
refused "the name 'a-guard-with-a-long-name' of the file is too long for a guard's: give one of at most 15" \
	"a guard's name" vvbctl policy load /tmp/a-guard-with-a-long-name.bpf.o
check "by another name" vvbctl policy load /tmp/a-guard-with-a-long-name.bpf.o name short
check "unload" vvbctl policy unload short
check "what is good: past vvbctl" register_policy $bpf/upstream.bpf.o
usleep 300000
is "policies" "$(wc -l <$driver_dir/policies)" 0

refused "are writable, not 8 bytes at 0" "bad-write: why" \
	vvbctl policy load $bpf/test/bad-write.bpf.o
program kept_pointer $bpf/test/keep-read.bpf.o $bpf/test/keep-write.bpf.o

# What policies may call is for them alone, not for whatever else is a struct_ops.
check "tcp-plain: load" bpftool struct_ops register $bpf/test/tcp-plain.bpf.o
check "tcp-plain: unload" bpftool struct_ops unregister name tcp_ops
refused "calling kernel function vvb_policy_error is not allowed" "tcp-error: load" \
	bpftool struct_ops register $bpf/test/tcp-error.bpf.o

load_and_select()
{
	check "$1: load" vvbctl policy load "$bpf/test/$1.bpf.o" || return
	check "$1: select" attr "$vf1" policy "$1"
}

load_and_select bad-verdict
before=$(event "$vf1" illegal_verdict)
is "illegal verdict: the default took over" "$(vfreg "$vf1" read 0 4)" "$features"
is "illegal verdict: counted" "$(($(event "$vf1" illegal_verdict) - before))" 1
program legacy_net "$VVB_PF" "$vf1"

# errors VF - accesses answered with all-ones or dropped
errors()
{
	vvbctl -j stats --vf "$1" | jq '[.[].registers[].errors] | add'
}

load_and_select deny
before=$(event "$vf1" denied)
failed=$(errors "$vf1")
is "DENY: read" "$(vfreg "$vf1" read 0 4)" 0xffffffff
check "DENY: write" vfreg "$vf1" write 4 4 1
check "DENY: notify" vfreg "$vf1" write 16 2 0
is "DENY: counted" "$(($(event "$vf1" denied) - before))" 3
is "DENY: counted as errors" "$(($(errors "$vf1") - failed))" 3

load_and_select emulate
before=$(vfreg "$vf1" opcode 3)
is "EMULATE: device_features" "$(vfreg "$vf1" read 0 4)" 0xa5a5a504
is "EMULATE: device_status, cut to its width" "$(vfreg "$vf1" read 18 1)" 0x61
is "EMULATE: no command" "$(($(vfreg "$vf1" opcode 3) - before))" 0

check "refuse-attach: load" vvbctl policy load $bpf/test/refuse-attach.bpf.o
refused "Permission denied" "refuse-attach: select" attr "$vf1" policy refuse-attach
check "refuse-odd: load" vvbctl policy load $bpf/test/refuse-odd.bpf.o
refused "Operation not permitted" "refuse-odd: select" attr "$vf1" policy refuse-odd
is "policy after that" "$(attr "$vf1" policy)" emulate
check "none" attr "$vf1" policy none
is "device_features" "$(vfreg "$vf1" read 0 4)" "$features"
finish
