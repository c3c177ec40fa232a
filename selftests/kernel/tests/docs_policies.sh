#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policies in README.md and docs/policies.md, as they stand there, and the commands around them,
# word by word, but for building.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"
# shellcheck source=selftests/kernel/tests/lib_docs
. "${0%/*}/lib_docs"

mkdir -p /tmp/top/build
cd /tmp/top || exit
cp -r /lib/vvb/bpf build/bpf
cp /lib/vvb/bpf/docs/noreset.bpf.o /lib/vvb/bpf/docs/calm.bpf.o build/bpf/
VF=$vf1

before() { :; }

# denied TEXT WANTED COMMAND... - how many accesses of a command are refused
denied()
{
	text=$1
	wanted=$2
	denied_before=$(event "$VF" denied)
	shift 2
	"$@" >/dev/null
	is "$text" "$(($(event "$VF" denied) - denied_before))" "$wanted"
}

after()
{
	case $1 in
	*" select "*)
		is "policy_state" "$(attr "$VF" policy_state)" active
		[ "$(attr "$VF" policy)" != noreset ] ||
			denied "a reset is refused" 1 vfreg "$VF" write 18 1 0
		;;
	*"show "*)	check "what is shown" grep -qE "calm|ejected" out ;;
	*" readonly on "*)	denied "a write is refused" 1 vfreg "$VF" write 4 4 0 ;;
	*" readonly off "*)	denied "a write is not refused" 0 vfreg "$VF" write 4 4 0 ;;
	"bpftool map update "*)
		is "what bpftool set" "$(vvbctl policy get "$VF" of mask-features |
			tr -s ' ' | cut -d ' ' -f 2)" 0x8000
		;;
	*" eject "*)	is "policy_state" "$(attr "$VF" policy_state)" ejected ;;
	esac
}

follow docs_policies README.md 2
follow docs_policies docs/policies.md 19
# the knob of the page's own policy
check "select" vvbctl policy select "$VF" calm
check "set" vvbctl policy set "$VF" reset_delay 1000
delays=$(event "$VF" delayed)
vfreg "$VF" write 18 1 0
is "a reset waits" "$(($(event "$VF" delayed) - delays))" 1
vfreg "$VF" write 4 4 0
is "nothing else does" "$(($(event "$VF" delayed) - delays))" 1
finish
