#!/bin/sh
# vm: --vfs 1 --driver ours
# suite: long
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Who changes VFs while another does waits for him, but not for ever. That takes a minute.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

# held_for SECONDS - by somebody else
held_for()
{
	(flock 9 && touch /tmp/held && sleep "$1") 9>$driver_dir/bind &
	holder=$!
	check "held" until_true 5 [ -e /tmp/held ]
	rm -f /tmp/held
}

mkdir -p /etc/vvb
printf '[all]\nlegacy = only\n' >/etc/vvb/vvb.conf
held_for 3
check "apply waits for him" vvbctl apply
wait "$holder"
is "legacy" "$(attr "$vf1" legacy)" only

printf '[all]\nlegacy = auto\n' >/etc/vvb/vvb.conf
held_for 600
before=$(date +%s)
refused "another vvbctl has been changing VFs for 60 s: end it, or try again" "apply gives up" vvbctl apply
took=$(($(date +%s) - before))
check "after a minute: $took s" [ $took -ge 58 -a $took -le $((90 * VVB_SLOWDOWN)) ]
is "legacy, as it was" "$(attr "$vf1" legacy)" only
kill $holder
killall -q sleep
check "and then it can" vvbctl apply
is "legacy" "$(attr "$vf1" legacy)" auto
finish
