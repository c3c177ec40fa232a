# SPDX-License-Identifier: GPL-2.0-only OR MIT
# shellcheck shell=bash
#
# What every script of the test bed shares: places, messages, locks. Sourced.

VVB_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
VVB_VM=$VVB_TOP/selftests/vm
VVB_BUILD=${VVB_BUILD:-$VVB_TOP/build}
VVB_CACHE=${VVB_CACHE:-${HOME:-/root}/.cache/vvb}

# shellcheck source=selftests/vm/lib/versions
. "$VVB_VM/lib/versions"

# Exact time, as QEMU's -icount takes it: an instruction is a nanosecond, idle time is skipped.
export VVB_ICOUNT=shift=0,sleep=off

# A make that a script starts can't share the jobs of the one that has started the script.
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS

mkdir -p "$VVB_CACHE" "$VVB_BUILD"

# When the command that a person typed began, in seconds of the clock.
export VVB_START=${VVB_START:-$EPOCHSECONDS}

# stamp TEXT... - a line with the time since then
stamp()
{
	printf '[%4d s] %s\n' $((EPOCHSECONDS - VVB_START)) "$*"
}

# say TEXT... - one line of progress, to stderr
say()
{
	stamp "${0##*/}: $*" >&2
}

# die TEXT... - say it and fail
die()
{
	say "error: $*"
	exit 1
}

# lock NAME - hold a lock of the cache until this process ends
#
# Several clones share one cache, so that every writer takes the lock of what it writes.
lock()
{
	local fd

	exec {fd}>"$VVB_CACHE/$1.lock"
	flock "$fd"
}

# scratch NAME - print a fresh directory beside the place that NAME will be published at
scratch()
{
	mkdir -p "$(dirname "$VVB_CACHE/$1")"
	mktemp -d "$VVB_CACHE/$1.XXXXXX.tmp"
}

# publish DIR NAME - make a finished scratch directory visible in the cache, all at once
publish()
{
	chmod 755 "$1"
	if [ -e "$VVB_CACHE/$2" ]; then
		mv -T "$VVB_CACHE/$2" "$1.old"
		mv -T "$1" "$VVB_CACHE/$2"
		rm -rf "$1.old"
	else
		mv -T "$1" "$VVB_CACHE/$2"
	fi
}

# logged LOG COMMAND... - run quietly; on failure show the end of the log and where it is
logged()
{
	local log=$1

	shift
	mkdir -p "$(dirname "$log")"
	if ! "$@" >"$log" 2>&1; then
		tail -n 25 "$log" >&2
		die "failed: $* (full log: $log)"
	fi
}

# archive ROOT OUT - a tree as one more archive for an initramfs, the same bytes each time
archive()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --quiet -0 -o -H newc -R 0:0 --reproducible) >"$2"
}
