// SPDX-License-Identifier: GPL-2.0-or-later
/* The NIC as a whole: made, reconfigured, reset, looked at. */
#include <stdlib.h>
#include <string.h>

#include "nic_int.h"

void nic_settings_init(struct nic_settings *s)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0x76, 0x62, 0x00 };

	memset(s, 0, sizeof(*s));
	memcpy(s->mac, mac, sizeof(mac));
	s->mtu = 1500;
	s->config_len = NIC_DEVICE_CFG_LEN;
	s->max_vfs = NIC_MAX_VFS;
	s->queue_size = 256;
	s->admin_queue_size = 64;
	s->vf_indirect = true;
	s->admin_vq = true;
	s->legacy_commands = true;
	s->member_bar = 4;
	s->member_offset = 0x3000;
	s->owner_bar = 4;
	s->owner_offset = 0x4000;
	s->msix_bar = 5;
	s->msix_offset = 0xc00;
}

static bool queue_size_ok(uint16_t size)
{
	return size && size <= NIC_QUEUE_SIZE_MAX && !(size & (size - 1));
}

static bool settings_ok(const struct nic_settings *s)
{
	return s->max_vfs <= NIC_MAX_VFS && queue_size_ok(s->queue_size) &&
	       queue_size_ok(s->admin_queue_size) && s->config_len >= NIC_DEVICE_CFG_LEN &&
	       s->config_len <= NIC_DEVICE_CFG_MAX;
}

struct nic *nic_new(const struct nic_ops *ops, void *opaque, const struct nic_settings *s)
{
	struct nic *nic;

	if (!settings_ok(s))
		return NULL;
	nic = calloc(1, sizeof(*nic));
	if (!nic)
		return NULL;
	nic->ops = *ops;
	nic->opaque = opaque;
	nic->set = *s;
	nic->faults.short_result = -1;
	nic->resume_at = NIC_NO_DEADLINE;
	nic->armed = NIC_NO_DEADLINE;
	nic_trace_init(nic);
	nic_fn_init(nic, NIC_PF);
	nic_admin_reset(nic);
	return nic;
}

void nic_free(struct nic *nic)
{
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

void nic_get_counters(struct nic *nic, struct nic_counters *c)
{
	*c = nic->count;
	c->waiting = nic_vq_waiting(nic, NIC_PF, NIC_Q_ADMIN) + nic->admin.busy;
}

void nic_get_fn_counters(const struct nic *nic, unsigned int fn, struct nic_fn_counters *c)
{
	memset(c, 0, sizeof(*c));
	if (fn < NIC_NR_FNS && nic->fn[fn].exists)
		*c = nic->fn[fn].count;
}

void nic_get_fn_state(const struct nic *nic, unsigned int fn, struct nic_fn_state *s)
{
	const struct nic_fn *f;
	unsigned int q;

	memset(s, 0, sizeof(*s));
	if (fn >= NIC_NR_FNS || !nic->fn[fn].exists)
		return;
	f = &nic->fn[fn];
	s->exists = true;
	s->interface = f->interface;
	s->status = f->status;
	s->features = f->driver_features;
	memcpy(s->mac, f->mac, sizeof(s->mac));
	for (q = 0; q < NIC_NR_QUEUES; q++) {
		s->enabled |= (uint8_t)(f->vq[q].enabled << q);
		s->broken |= (uint8_t)(f->vq[q].broken << q);
	}
}
