// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Doorbells and the one timer. A doorbell only leaves a bit; the outer loop serves the
 * queues with bits set. So a doorbell rung by our own DMA (a ring that points into
 * another VF's BAR) adds work to the loop instead of a recursion, and the loop is bounded:
 * beyond its budget it goes on from the timer, and the processors get their turn.
 */
#include "nic_int.h"

#define RUN_BUDGET 8192u /* chains and doorbells in one go */
#define RESUME_NS UINT64_C(50000)

static uint64_t soonest(const struct nic *nic)
{
	uint64_t at = nic->resume_at;

	if (nic->admin.busy && !nic->faults.hang_queue && nic->admin.done_at < at)
		at = nic->admin.done_at;
	return at;
}

static void rearm(struct nic *nic)
{
	uint64_t at = soonest(nic);

	if (at == nic->armed)
		return;
	nic->armed = at;
	nic->ops.arm_timer(nic->opaque, at);
}

static void serve_chain(struct nic *nic, unsigned int fn, unsigned int q)
{
	const struct nic_chain *chain = &nic->serve_chain;

	if (q == NIC_Q_TX)
		nic_tx(nic, fn, chain);
	else
		nic_ctrl(nic, fn, chain);
}

/* Serves what the driver has put into one queue; returns the number of chains. */
static unsigned int serve(struct nic *nic, unsigned int fn, unsigned int q, unsigned int budget)
{
	unsigned int n = 0;

	if (q == NIC_Q_ADMIN)
		return nic_admin_serve(nic, budget);
	if (q == NIC_Q_RX)
		return 0; /* new buffers: taken when a frame comes */
	while (n < budget && nic_vq_pop(nic, fn, q, &nic->serve_chain) > 0) {
		serve_chain(nic, fn, q);
		n++;
	}
	return n;
}

/* One round over a function's doorbells; returns what is left of the budget. */
static unsigned int run_fn(struct nic *nic, unsigned int fn, unsigned int budget)
{
	struct nic_fn *f = &nic->fn[fn];
	unsigned int q, n;

	for (q = 0; q < NIC_NR_QUEUES && budget; q++) {
		if (!(f->pending & 1u << q))
			continue;
		f->pending &= (uint8_t) ~(1u << q);
		if (!nic_vq_live(f, q)) {
			budget--;
			continue;
		}
		n = serve(nic, fn, q, budget - 1);
		budget -= 1 + n;
		if (!budget)
			f->pending |= (uint8_t)(1u << q);
	}
	if (f->pending)
		nic->work = true;
	return budget;
}

static unsigned int run_all(struct nic *nic, unsigned int budget)
{
	unsigned int fn;

	nic->work = false;
	for (fn = 0; fn < NIC_NR_FNS && budget; fn++)
		if (nic->fn[fn].pending)
			budget = run_fn(nic, fn, budget);
	nic->work |= !budget;
	return budget;
}

/* The outer loop; does nothing when it is at work already. */
void nic_run(struct nic *nic)
{
	unsigned int budget = RUN_BUDGET;

	if (nic->running)
		return;
	nic->running = true;
	while (nic->work && budget)
		budget = run_all(nic, budget);
	nic->resume_at = nic->work ? nic->ops.now_ns(nic->opaque) + RESUME_NS : NIC_NO_DEADLINE;
	nic->running = false;
	rearm(nic);
}

void nic_kick(struct nic *nic, unsigned int fn, unsigned int q)
{
	nic->fn[fn].pending |= (uint8_t)(1u << q);
	nic->work = true;
	nic_run(nic);
}

/* The driver is ready: what was put into its queues before counts as rung for. */
void nic_kick_all(struct nic *nic, unsigned int fn)
{
	nic->fn[fn].pending = (1u << NIC_NR_QUEUES) - 1;
	nic->work = true;
	nic_run(nic);
}

void nic_timer_expired(struct nic *nic)
{
	nic->armed = NIC_NO_DEADLINE;
	if (nic->admin.busy)
		nic_kick(nic, NIC_PF, NIC_Q_ADMIN);
	else
		nic_run(nic);
}

void nic_notify(struct nic *nic, unsigned int fn, unsigned int queue)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f)
		return;
	if (queue >= NIC_NR_QUEUES || !f->vq[queue].size_max) {
		f->count.bad_accesses++;
		return;
	}
	f->count.notifies++;
	nic_kick(nic, fn, queue);
}

static void legacy_doorbell(struct nic *nic, unsigned int fn, uint16_t value)
{
	if (value < NIC_NR_NET_QUEUES)
		nic_kick(nic, fn, value);
	else
		nic->fn[fn].count.bad_accesses++;
}

void nic_legacy_notify(struct nic *nic, unsigned int fn, uint16_t value)
{
	struct nic_fn *f = nic_fn_get(nic, fn);

	if (!f || fn == NIC_PF)
		return;
	f->count.legacy_notifies++;
	legacy_doorbell(nic, fn, value);
}

void nic_owner_notify(struct nic *nic, unsigned int vf, uint16_t value)
{
	struct nic_fn *f = nic_fn_get(nic, vf);

	if (!f || vf == NIC_PF)
		return;
	f->count.owner_notifies++;
	legacy_doorbell(nic, vf, value);
}
