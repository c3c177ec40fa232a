// SPDX-License-Identifier: GPL-2.0-or-later
/* Misbehaviour on request. */
#include "doorbell.h"
#include "run.h"

void nic_get_faults(const struct nic *nic, struct nic_faults *f)
{
	*f = nic->faults;
}

/* Whatever the queue waited for may be over. */
void nic_set_faults(struct nic *nic, const struct nic_faults *f)
{
	bool released = nic->faults.hang_queue && !f->hang_queue;

	nic->faults = *f;
	if (!released)
		return;
	nic_doorbell(nic, NIC_PF, nic_admin_queue(nic));
	nic_run(nic);
}
