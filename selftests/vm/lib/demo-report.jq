# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# demo.json for a person.

def left($n): tostring | . + " " * ([$n - length, 0] | max);
def right($n): tostring | " " * ([$n - length, 0] | max) + .;
def name: {"0": "list query", "1": "list use", "2": "legacy common config write",
	"3": "legacy common config read", "4": "legacy device config write",
	"5": "legacy device config read", "6": "legacy notify info"}[.] // "unknown";

"",
"host    Linux \(.kernel), \(.driver), policy \(.policy)\(if .loader then " (by \(.loader))"
	else "" end), legacy=\(.legacy)",
"        \(if .device == "model" then "the model of a \(if .type == "net" then "network card" else "disk" end)" else "QEMU's own virtio-\(.type)-pci" end), owner \(.owner)",
"guest   Linux \(.guest.kernel), virtio_\(.type) over the \(.guest.interface) interface",
"        \([.guest.interrupts[] | "\(.count) by \(.kind)"] | join(", ")) interrupts",
"",
(if .registers != [] then
	("register" | left(17)) + ("offset" | right(6)) + ("reads" | right(8))
	+ ("writes" | right(8)) + "  " + ("verdict" | left(9)) + ("handler" | left(12))
	+ ("mean us" | right(9)) + ("max us" | right(10))
else empty end),
(.registers[] | (.name | left(17)) + (.offset | right(6)) + (.reads | right(8))
	+ (.writes | right(8)) + "  " + (.verdict // "-" | left(9))
	+ (.handler // "-" | left(12))
	+ (if .timed > 0 then (.mean_ns / 1000 | round | right(9))
		+ (.max_ns / 1000 | round | right(10)) else ("-" | right(9)) + ("-" | right(10)) end)),
"",
(if .features then "features offered \(.features.offered), chosen \(.features.guest), taken \(.features.taken)"
	else empty end),
(if .type == "net" then "ping    guest to host \(.guest.ping.received) of \(.guest.ping.sent), host to guest \(
	.guest.pinged.received) of \(.guest.pinged.sent)" else empty end),
(.guest.transfers[] | "file    \(.direction | gsub("-"; " ")) \(.bytes) bytes, sha256 \(
	if .sha256_match then "matches" else "DIFFERS" end)"),
"",
(if .device == "model" then "administration commands, as the device model counted them:" else empty end),
(.admin_commands | to_entries[] | "  \(.key | right(2))  \(.key | name | left(28)) \(.value | right(6))"),
"of these before the guest was up: \(.admin_commands_boot)",
(if .daemon_commands != {} then "built by vvbd: \([.daemon_commands[]] | add)" else empty end),
(if .events != {} then "events: \(.events | to_entries | map("\(.key) \(.value)") | join(", "))"
	else empty end),
"",
(.checks | to_entries[] | (if .value then "ok      " else "FAILED  " end) + .key)
