// SPDX-License-Identifier: GPL-2.0-only
/*
 * No policy: holds a worker that has the answer of a command, for longer than the vCPU waits: every
 * third time before it tells the vCPU; now and then, as failures are rationed, before it has even
 * noted the answer.
 */
#include "hold.h"

#define HOLD_MS 15

static u64 answers, tellings;

/* Of those that come first, "kworker/1:2H", on which our commands run. */
static __always_inline bool hold_is_worker(void)
{
	char name[16];
	int i;

	bpf_get_current_comm(name, sizeof(name));
	if (name[0] != 'k' || name[1] != 'w')
		return false;
	for (i = 8; i < 16; i++)
		if (name[i] == 'H')
			return true;
	return false;
}

SEC("fexit/virtio_pci_admin_legacy_common_io_read") int BPF_PROG(hold_answered)
{
	if (hold_is_worker() && answers++ % 10 == 1)
		hold_ms(HOLD_MS);
	return 0;
}

SEC("fentry/complete_all") int BPF_PROG(hold_telling)
{
	if (hold_is_worker() && tellings++ % 3 == 0)
		hold_ms(HOLD_MS);
	return 0;
}
