# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=bash
#
# The uncompressed kernel inside of a bzImage. Sourced after common.sh.

bzimage_word()
{
	od -An -t u4 -j "$(($2))" -N 4 "$1" | tr -d ' '
}

# bzimage_unpack BZIMAGE OUT - the ELF image inside, found by the boot protocol's own header
bzimage_unpack()
{
	local sects offset length tool

	sects=$(od -An -t u1 -j $((0x1f1)) -N 1 "$1" | tr -d ' ')
	offset=$(((sects + 1) * 512 + $(bzimage_word "$1" 0x248)))
	length=$(bzimage_word "$1" 0x24c)
	case $(od -An -t x1 -j "$offset" -N 4 "$1" | tr -d ' ') in
	fd377a58)	tool='xz -dc --single-stream' ;;
	28b52ffd)	tool='zstd -dcq' ;;
	1f8b08*)	tool='gzip -dcq' ;;
	*)		die "$1: unknown compression" ;;
	esac
	# The payload ends in its own length, which the tools take for garbage.
	tail -c +$((offset + 1)) "$1" | head -c "$length" | $tool >"$2" 2>/dev/null || true
	[ "$(head -c 4 "$2" | tail -c 3)" = ELF ] || die "$1: no ELF image inside"
}
