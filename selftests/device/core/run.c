// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The outer loop, and what sets it going from outside: doorbells and the one timer. A doorbell only
 * leaves a bit; the loop serves the queues with bits set. So a doorbell rung by our own DMA (a ring
 * that points into another VF's BAR) adds work to the loop instead of a recursion, and the loop is
 * bounded: beyond its budget it goes on from the timer, and the processors get their turn.
 */
#include "admin.h"
#include "doorbell.h"
#include "fn.h"
#include "ring.h"
#include "run.h"

#define RUN_BUDGET 8192u /* chains and doorbells in one go */
#define BYTES_A_CHAIN 16384u /* so many to move count as one chain more */
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

static bool served(const struct nic_fn *f, unsigned int q)
{
	enum nic_role role = nic_fn_role(f, q);

	return role != NIC_ROLE_NONE && f->type->served(f, role, q);
}

/* Serves what the driver has put into one queue; returns what of the budget that took. */
static unsigned int serve(struct nic *nic, unsigned int fn, unsigned int q, unsigned int budget)
{
	unsigned int n = 0;
	uint64_t moved;

	if (nic_fn_role(&nic->fn[fn], q) == NIC_ROLE_ADMIN)
		return nic_admin_serve(nic, budget);
	while (n < budget && served(&nic->fn[fn], q) &&
	       nic_vq_pop(nic, fn, q, &nic->serve_chain) > 0) {
		moved = nic->type->serve(nic, fn, q, &nic->serve_chain);
		n += 1 + (unsigned int)(moved / BYTES_A_CHAIN);
	}
	return n < budget ? n : budget;
}

/* One round over a function's doorbells; returns what is left of the budget. */
static unsigned int run_fn(struct nic *nic, unsigned int fn, unsigned int budget)
{
	struct nic_fn *f = &nic->fn[fn];
	unsigned int q, n;

	for (q = 0; q < NIC_MAX_QUEUES && budget; q++) {
		if (!(f->pending & 1u << q))
			continue;
		f->pending &= ~(1u << q);
		if (!nic_vq_live(f, q)) {
			budget--;
			continue;
		}
		if (nic->faults.stamp_doorbells && fn != NIC_PF)
			nic_vq_stamp(nic, fn, q, f->rung_ns[q]);
		n = serve(nic, fn, q, budget - 1);
		budget -= 1 + n;
		if (!budget)
			f->pending |= 1u << q;
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

void nic_timer_expired(struct nic *nic)
{
	nic->armed = NIC_NO_DEADLINE;
	if (nic->admin.busy)
		nic_doorbell(nic, NIC_PF, nic_admin_queue(nic));
	nic_run(nic);
}

void nic_notify(struct nic *nic, unsigned int fn, unsigned int queue)
{
	if (nic_doorbell_modern(nic, fn, queue))
		nic_run(nic);
}

void nic_legacy_notify(struct nic *nic, unsigned int fn, uint16_t value)
{
	if (nic_doorbell_legacy(nic, fn, value))
		nic_run(nic);
}

void nic_owner_notify(struct nic *nic, unsigned int vf, uint16_t value)
{
	if (nic_doorbell_owner(nic, vf, value))
		nic_run(nic);
}
