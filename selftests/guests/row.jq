# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# One row of guests.json, of the facts that it has left, one a line: NAME<TAB>VALUE.

($notes | [split("\n")[] | select(. != "") | split("\t") | {key: .[0], value: .[1]}] | from_entries) as $notes
| def number: if . == null then null else tonumber end;
{
	guest: $guest, kind: $kind, version: $notes.version, driver: $notes.driver,
	interrupt: $interrupt, policy: $policy,
	result: $result, reason: (if $reason == "" then null else $reason end),
	address: $notes.address,
	bytes_to_guest: ($notes.to_guest | number), bytes_from_guest: ($notes.from_guest | number),
	bytes_sent: ($notes.sent | number),
	commands: ($notes.commands | number), seconds: ($notes.seconds | number)
}
