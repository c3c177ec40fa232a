#!/bin/sh
# vm: --vfs 2 --driver ours
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# The policy mask-features hides feature bits of one VF, and lets no driver accept them.
# shellcheck source=selftests/kernel/tests/lib
. "${0%/*}/lib"

mrg_rxbuf=$((1 << 15))

# shellcheck disable=SC2046,SC2086 # words
hide()
{
	bpftool map update pinned /sys/fs/bpf/vvb/mask-features/maps/features_hidden \
		key hex $(map_key "$1") value hex $2
}

features=$(vfreg "$vf1" read 0 4)
check "MRG_RXBUF is offered ($features)" [ $((features & mrg_rxbuf)) != 0 ]
check "load" vvbctl policy load $bpf/mask-features.bpf.o
check "select" attr "$vf1" policy mask-features
check "select for the other VF, too" attr "$vf2" policy mask-features
is "nothing hidden yet" "$(vfreg "$vf1" read 0 4)" "$features"
check "hide MRG_RXBUF" hide "$vf1" "00 80 00 00"
is "hidden" "$(vfreg "$vf1" read 0 4)" "$(printf '0x%08x' $((features & ~mrg_rxbuf)))"
is "hidden by parts, too" $(($(vfreg "$vf1" read 1 1) & 0x80)) 0
is "the other VF" "$(vfreg "$vf2" read 0 4)" "$features"
out=$(legacy_net "$VVB_PF" "$vf1")
case $out in
*"FAIL header with MRG_RXBUF"*)	ok "a driver that wants MRG_RXBUF does not get it" ;;
*)				fail "a driver that wants MRG_RXBUF: $out" ;;
esac
case $out in
*"ok   MSI-X, 10-byte header: 330 frames from PF to VF"*)	ok "frames pass without it" ;;
*)						fail "frames without it: $out" ;;
esac
check "hide nothing" vvbctl policy set "$vf1" features_hidden 0
is "nothing hidden" "$(vfreg "$vf1" read 0 4)" "$features"
program legacy_net "$VVB_PF" "$vf1" "$vf2"
finish
