// SPDX-License-Identifier: GPL-2.0-or-later
/* What a driver writes to device status, and what the device makes of it. */
#include "doorbell.h"
#include "fn.h"
#include "reset.h"
#include "status.h"

static bool features_acceptable(const struct nic *nic, unsigned int fn)
{
	const struct nic_fn *f = &nic->fn[fn];

	if (fn != NIC_PF && nic->faults.features_refused)
		return false;
	if (f->driver_features_high || (f->driver_features & ~nic_fn_offered(nic, fn)))
		return false;
	if (nic->set.requires_version_1 && !nic_fn_has(f, NIC_F_VERSION_1))
		return false;
	return nic->type->acceptable(f);
}

/* Return: the driver has become ready. What it put into its queues before counts as rung for. */
bool nic_status_write(struct nic *nic, unsigned int fn, uint8_t status)
{
	struct nic_fn *f = &nic->fn[fn];
	uint8_t old = f->status;

	if (!status) {
		nic_fn_device_reset(nic, fn);
		return false;
	}
	status &= (uint8_t)~NIC_S_NEEDS_RESET;
	if (f->interface == NIC_IF_MODERN && (status & ~old & NIC_S_FEATURES_OK) &&
	    !features_acceptable(nic, fn))
		status &= (uint8_t)~NIC_S_FEATURES_OK;
	f->status = status | (old & NIC_S_NEEDS_RESET);
	if (!(status & ~old & NIC_S_DRIVER_OK))
		return false;
	nic_doorbell_all(nic, fn);
	return true;
}
