// SPDX-License-Identifier: GPL-2.0-or-later
/* The NIC as a whole: made, reconfigured, reset. */
#include <stdlib.h>

#include "fn.h"
#include "reset.h"
#include "trace.h"
#include "type.h"

/* Of all functions that there may ever be: what is on a disk stays. */
static bool disks_new(struct nic *nic)
{
	if (nic->set.type == NIC_TYPE_BLK)
		nic->disk = calloc(nic->set.max_vfs + 1, nic->set.disk_size);
	return nic->set.type != NIC_TYPE_BLK || nic->disk;
}

struct nic *nic_new(const struct nic_ops *ops, void *opaque, const struct nic_settings *s)
{
	struct nic *nic;

	if (!nic_settings_ok(s))
		return NULL;
	nic = calloc(1, sizeof(*nic));
	if (!nic)
		return NULL;
	nic->ops = *ops;
	nic->opaque = opaque;
	nic->set = *s;
	nic->type = nic_type(s->type);
	if (!disks_new(nic)) {
		free(nic);
		return NULL;
	}
	nic_faults_init(&nic->faults);
	nic->resume_at = NIC_NO_DEADLINE;
	nic->armed = NIC_NO_DEADLINE;
	nic_trace_init(nic);
	nic_fn_init(nic, NIC_PF);
	return nic;
}

void nic_free(struct nic *nic)
{
	free(nic->disk);
	free(nic);
}

static void vf_vanish(struct nic *nic, unsigned int fn)
{
	nic_fn_device_reset(nic, fn);
	nic->fn[fn].exists = false;
}

void nic_set_num_vfs(struct nic *nic, unsigned int n)
{
	unsigned int fn;

	if (n > nic->set.max_vfs)
		n = nic->set.max_vfs;
	for (fn = 1; fn <= nic->num_vfs; fn++)
		vf_vanish(nic, fn);
	nic->num_vfs = n;
	for (fn = 1; fn <= n; fn++)
		nic_fn_init(nic, fn);
}

unsigned int nic_num_vfs(const struct nic *nic)
{
	return nic->num_vfs;
}

void nic_fn_reset(struct nic *nic, unsigned int fn)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f)
		return;
	if (fn == NIC_PF)
		nic_set_num_vfs(nic, 0);
	nic_fn_device_reset(nic, fn);
	f->msix = false;
	if (fn != NIC_PF && nic->set.flr_busy_ns)
		f->flr_until = nic->ops.now_ns(nic->opaque) + nic->set.flr_busy_ns;
}

void nic_set_flr_busy(struct nic *nic, uint64_t ns)
{
	nic->set.flr_busy_ns = ns;
}

void nic_set_msix(struct nic *nic, unsigned int fn, bool enabled, unsigned int nr_vectors)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f)
		return;
	f->msix = enabled;
	f->nr_vectors = nr_vectors < NIC_NO_VECTOR ? (uint16_t)nr_vectors : NIC_NO_VECTOR;
}
