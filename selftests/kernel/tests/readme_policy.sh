#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy in README.md's "five minutes", as it stands there, and the commands around it,
# word by word, but for building.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

mkdir -p /tmp/top/build
cd /tmp/top || exit
cp -r /lib/vvb/bpf build/bpf
cp /lib/vvb/bpf/readme/noreset.bpf.o build/bpf/

# section TITLE - the commands under a heading, up to the next; a backslash joins lines
section()
{
	sed -n "/^##* $1\$/,/^##* /{/^    /s/^    //p}" /lib/vvb/README.md |
		sed -e ':a' -e '/\\$/N; s/\\\n//; ta'
}

# run TITLE COUNT - all of them must succeed
run()
{
	section "$1" | grep -v '^make' >commands
	is "commands of \"$1\"" "$(grep -c . commands)" "$2"
	while read -r command <&5; do
		command=$(echo "$command" | sed "s/key hex.* value/key hex $(map_key "$vf1")value/")
		eval "$command" >out 2>&1
		is "$command" "$?" 0 || cat out
	done 5<commands
}

# shellcheck disable=SC2034 # for the commands
VF=$vf1
run "A policy in five minutes" 2
is "policy" "$(attr "$vf1" policy) $(attr "$vf1" policy_state)" "noreset active"
before=$(event "$vf1" denied)
vfreg "$vf1" write 18 1 0
is "a reset is refused" "$(($(event "$vf1" denied) - before))" 1

for policy in ratelimit guard-readonly mask-features; do
	check "load $policy" vvbctl policy load build/bpf/$policy.bpf.o
done
check "select ratelimit" vvbctl policy select "$vf1" ratelimit
run "Tuned" 4
is "the last of them" "$(vvbctl policy get "$vf1" of mask-features | tr -s ' ' | cut -d ' ' -f 2)" \
	0x8000
run "Replaced, tried, ejected" 5
is "in the end" "$(attr "$vf1" policy_state)" ejected
finish
