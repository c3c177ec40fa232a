// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The administration virtqueue (virtio 1.3, 2.13) as a queue: one command after the
 * other, in order, each with its latency; and the ways it goes wrong on request.
 */
#include "admin.h"
#include "command.h"
#include "ring.h"

/* Is the Nth next command up, for a fault that counts down? */
static bool countdown(uint32_t *nth)
{
	return *nth && !--*nth;
}

/* A fresh command: lost, executed at once, or in service from now on. */
static void begin(struct nic *nic)
{
	struct nic_admin *a = &nic->admin;

	if (countdown(&nic->faults.lose_nth)) {
		nic_command_lost(nic, &a->chain);
		return;
	}
	if (!nic->faults.delay_ns) {
		nic_command(nic, &a->chain);
		return;
	}
	a->busy = true;
	a->done_at = nic->ops.now_ns(nic->opaque) + nic->faults.delay_ns;
}

/* The command in service has had its time? */
static bool due(struct nic *nic)
{
	struct nic_admin *a = &nic->admin;

	if (nic->ops.now_ns(nic->opaque) < a->done_at)
		return false;
	a->busy = false;
	nic_command(nic, &a->chain);
	return true;
}

/* Serves at most @budget commands; returns how many it took off the queue or ended. */
unsigned int nic_admin_serve(struct nic *nic, unsigned int budget)
{
	struct nic_admin *a = &nic->admin;
	unsigned int n = 0;

	for (; n < budget && !nic->faults.hang_queue; n++) {
		if (a->busy) {
			if (!due(nic))
				break;
			continue;
		}
		if (nic_vq_pop(nic, NIC_PF, nic_admin_queue(nic), &a->chain) <= 0)
			break;
		begin(nic);
	}
	return n;
}
