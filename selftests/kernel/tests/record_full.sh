#!/bin/sh
# vm: --vfs 1 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# A trace on a disk that is full: vvbd says so, writes whole lines only, and answers as before.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

cd /tmp || exit
mkdir full
check "a disk of one page" mount -t tmpfs -o size=4k none full
printf '[vvbd]\ntrace_dir = /tmp/full\n[all]\nhandler = record\n' >vvb.conf
check "split" vvbctl policy load $bpf/split.bpf.o
check "select it" attr "$vf1" policy split
check "what can be said beforehand" vvbd --check-config --config /tmp/vvb.conf
is "that has recorded nothing" "$(ls full)" ""
vvbd --foreground --config /tmp/vvb.conf 2>vvbd.log &
vvbd=$!
until_true 10 attr_is "$vf1" daemon live || die "$(cat vvbd.log)"
vfreg "$vf1" read 18 1 200 >/dev/null
said=$(grep "its trace ends" vvbd.log)
is "it says why" "${said#*bytes: }" "No space left on device"
is "once" "$(grep -c "its trace ends" vvbd.log)" 1
check "no line is cut" sh -c "! grep -vE '^[0-9]+ [0-9]+ read device_status 18\+1 - legacy_common_cfg_read$' full/*.trace"
bytes=${said#*ends at }
is "size of the trace" "$(stat -c %s full/*.trace)" "${bytes%% *}"
is "it answers still" "$(attr "$vf1" daemon)" live
check "a read" vfreg "$vf1" read 18 1
kill $vvbd
wait $vvbd
check "umount" umount full
finish
