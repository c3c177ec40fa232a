#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# run.sh OUT SECONDS keep|forget TARGET... - run fuzzers, one after the other; ends with
# "N passed, N failed"
#
# keep: go on from the inputs that earlier runs found, and keep the new ones. forget: from the
# seeds, with the same random numbers each time.

set -euo pipefail
cd "$(dirname "$0")"
out=$(realpath "$1") seconds=$2 mode=$3
shift 3
passed=0 failed=0

# lines FILE - print what is no comment
lines()
{
	[ ! -e "$1" ] || grep -v '^#' "$1"
}

# seeds TARGET DIR - unpack what the repository has
seeds()
{
	local n=0 line

	mkdir -p "$2"
	while read -r line; do
		n=$((n + 1))
		perl -e 'print pack("H*", $ARGV[0])' "$line" >"$2/seed$n"
	done < <(lines "corpus/$1.hex")
	while read -r line; do
		n=$((n + 1))
		printf '%s' "${line// /$'\n'}" >"$2/seed$n"
	done < <(lines "corpus/$1.words")
	[ "$n" -gt 0 ] || { echo "$1 has no seeds" >"$out/$mode-$1.log"; return 1; }
}

# fuzz TARGET - run it; its last words are the reason when it fails
fuzz()
{
	local corpus=$out/corpus/$1 log=$out/$mode-$1.log options=()

	if [ "$mode" = forget ]; then
		corpus=$out/check/$1
		rm -rf "$corpus"
		options=(-seed=1)
	fi
	seeds "$1" "$corpus" || return
	mkdir -p "$out/found/$1"
	# a hang is an input that takes over 20 seconds; what the target prints goes nowhere
	"$out/$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=4096 \
		-close_fd_mask=1 -print_final_stats=1 -artifact_prefix="$out/found/$1/" \
		"${options[@]}" "$corpus" >"$log" 2>&1 </dev/null
}

for target; do
	start=$SECONDS status=ok log=$out/$mode-$target.log
	fuzz "$target" || status=FAIL
	execs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" 2>/dev/null)
	coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" 2>/dev/null | tail -n 1)
	printf '%-4s fuzz %-10s %5d s, %s inputs, coverage %s\n' "$status" "$target" \
		$((SECONDS - start)) "${execs:-no}" "${coverage:-none}"
	if [ "$status" = ok ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		grep -aE 'does not hold|ERROR|runtime error|Test unit written' "$log" ||
			tail -n 20 "$log"
	fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
