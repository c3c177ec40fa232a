// SPDX-License-Identifier: GPL-2.0-or-later
/* Misbehaviour on request. */
#include <string.h>

#include "doorbell.h"
#include "run.h"

void nic_faults_init(struct nic_faults *f)
{
	memset(f, 0, sizeof(*f));
	f->short_result = -1;
	f->queue_size_shown = -1;
	f->notify_off_shown = -1;
}

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
