# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Assembles demo.json from what the host VM left behind. Counts from three places that do not
# know of each other: the driver, the daemon, the device model.

def trim: sub("\\s+$"; "");
def words: [split("\n")[] | select(. != "") | split(" ")];
def total: to_entries | map(select(.key | test("^[2-5]$")) | .value) | add // 0;

# "0:1,1:1,2:40,other:0"
def counts: trim | split(",") | map(split(":") | {key: .[0], value: (.[1] | tonumber)})
	| map(select(.value > 0)) | from_entries;

($vf[0][0] // {}) as $vf
| ($stats[0][0] // {registers: [], events: {}, commands: {}}) as $stats
| ($daemon[0] // {}) as $daemon
| ($pings | words | map({sent: (.[0] | tonumber), received: (.[1] | tonumber)})) as $pings
| {
	kernel: ($host_kernel | trim),
	driver: (if $driver == "ours" then "virtio_vfio_bpf" else "virtio_vfio_pci" end),
	policy: $policy,
	legacy: $legacy,
	interrupt: $interrupt,
	owner: (if $driver == "ours" then $owner else "pf" end),
	device: $device,
	type: $type,
	# of one that is its own owner: what it offered, what the guest chose of that, what it was given
	features: $vf.features,
	loader: (if $policy == "none" then null else $loader end),
	seconds: $seconds,
	guest: {
		kernel: ($guest_kernel | trim),
		interface: ($interface | trim),
		interrupts: ($interrupts | words | map({kind: .[1], count: (.[0] | tonumber)})),
		ping: ($pings[0] // {sent: 0, received: 0}),
		pinged: ($pings[1] // {sent: 0, received: 0}),
		transfers: ($transfers | words | map({
			direction: .[0],
			bytes: (.[3] | tonumber),
			sha256_match: (.[1] == .[3] and .[2] == .[4])
		}))
	},
	registers: ($stats.registers | map({name, offset, reads, writes, verdict, handler,
					    mean_ns, max_ns, timed, errors, verdicts, handlers})),
	events: ($stats.events | with_entries(select(.value > 0))),
	admin_commands: ($admin | counts),
	admin_commands_boot: ($admin_boot | counts | total),
	driver_commands: $stats.commands,
	daemon_commands: ($daemon.commands // {})
}
| .checks = {
	"guest drives the legacy interface": (.guest.interface == "legacy"),
	"it has interrupts of that kind": (.guest.interrupts | length > 0
		and all(.kind | test("MSI") == ($interrupt == "msix")) and any(.count > 0)),
	"both files arrived": ([.guest.transfers[] | select(.sha256_match and .bytes >= 8388608)
		| .direction] == ["host-to-guest", "guest-to-host"])
} + (if $type == "net" then {
	"every ping answered": ([.guest.ping, .guest.pinged]
		| all(.sent > 0 and .sent == .received))
} else {} end) + (if $driver == "ours" then {
	"driver and model count the same commands":
		((.driver_commands | total) == (.admin_commands | total)),
	"there are commands, or none, as the owner has it":
		((.admin_commands | total > 0) == ($owner == "pf")),
	"guest and device agreed on features": ($owner == "pf" or (.features.taken // "0x0") != "0x0"),
	"no access failed": ([.registers[].errors] | all(. == 0))
} else {} end) + (if $policy == "split" and $owner == "pf" then {
	# with INTx, by which firmware drives a disk before the guest does, the module tells the device of
	# its vectors: two, and two for each queue
	"the daemon built the commands": ((.driver_commands | total) - (.daemon_commands | total)
		| if $interrupt == "msix" and $type == "net" then . == 0 else . <= 8 end)
} else {} end) + (if $interrupt == "intx" then {
	"no command while it works": (.admin_commands_boot as $boot
		| (.admin_commands | total) - $boot < 20)
} else {} end)
| {ok: ([.checks[]] | all)} + .
