#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR MIT
# Runs unit test binaries: run.sh DIRECTORY NAME... ; ends with "N passed, N failed".
# A binary that ends badly without naming a failed test counts as one failure.
out=$1
shift
passed=0
failed=0
for name; do
	tap=$out/$name.tap
	rm -f "$tap"
	"$out/$name" --timeout 300 --tap="$tap" >"$out/$name.log" 2>&1
	rc=$?
	ok=$(grep -c '^ok' "$tap" 2>/dev/null)
	bad=$(grep -c '^not ok' "$tap" 2>/dev/null)
	[ "$rc" -ne 0 ] && [ "${bad:-0}" -eq 0 ] && bad=1
	# a binary without a single test is a mistake, not a success
	[ "${ok:-0}" -eq 0 ] && [ "${bad:-0}" -eq 0 ] && bad=1
	passed=$((passed + ${ok:-0}))
	failed=$((failed + ${bad:-0}))
	printf '%-24s %4d passed, %d failed\n' "$name" "${ok:-0}" "${bad:-0}"
	if [ "${bad:-0}" -ne 0 ]; then
		[ -f "$tap" ] && grep -A3 '^not ok' "$tap"
		tail -n 40 "$out/$name.log"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
