// SPDX-License-Identifier: GPL-2.0-only
/*
 * ratelimit - a token bucket for the control accesses of a VF, and one for its notifies.
 * Over the limit a control access waits for its token. A notify does not hold up the guest:
 * it is delivered when there is a token, once per queue for all that came until then, and
 * never lost. As long as no rate is set nothing is limited.
 *
 *   vvbctl policy load ratelimit.bpf.o && vvbctl policy select 0000:01:00.1 ratelimit
 *   vvbctl policy set 0000:01:00.1 notify_rate 10000
 *
 * Either wait is bounded by the VF's punt_timeout_ms: a rate below one in that time is not
 * kept. Late notifies come with the kernel's clock tick, some milliseconds late.
 */
#include "vvb.bpf.h"

#define RATELIMIT_SECOND 1000000000ull
#define RATELIMIT_CONTROL_BURST 64
#define RATELIMIT_NOTIFY_BURST 256
#define RATELIMIT_TRIES 4 /* another CPU may have taken the token at the same time */

struct ratelimit_knobs {
	u32 control_rate;
	u32 control_burst;
	u32 notify_rate;
	u32 notify_burst;
};

/*
 * A bucket is the time at which it will be full again: a token makes that later by one
 * interval, and it is empty when that is a whole burst away.
 */
struct ratelimit_buckets {
	u64 control_full;
	u64 notify_full;
	u64 notify_due; /* when the notifies that wait are delivered */
};

VVB_VF_MAP(ratelimit_knobs, struct ratelimit_knobs);
VVB_VF_MAP(ratelimit_buckets, struct ratelimit_buckets);

VVB_KNOBS = {
	VVB_KNOB(ratelimit_knobs, struct ratelimit_knobs, control_rate, NUMBER, "1/s", 0, 1000000,
		 0, "control accesses that may pass, 0 for no limit"),
	VVB_KNOB(ratelimit_knobs, struct ratelimit_knobs, control_burst, NUMBER, "", 1, 65536,
		 RATELIMIT_CONTROL_BURST, "so many may pass at once after a rest"),
	VVB_KNOB(ratelimit_knobs, struct ratelimit_knobs, notify_rate, NUMBER, "1/s", 0, 10000000,
		 0, "notifies that may pass, 0 for no limit"),
	VVB_KNOB(ratelimit_knobs, struct ratelimit_knobs, notify_burst, NUMBER, "", 1, 65536,
		 RATELIMIT_NOTIFY_BURST, "so many may pass at once after a rest"),
};

/* How long has who takes a token now to wait for it? */
static __always_inline u64 ratelimit_wait(u64 full, u64 now, u64 interval, u64 burst)
{
	u64 room = burst * interval, next = (full > now ? full : now) + interval;

	return next > now + room ? next - now - room : 0;
}

/* Rounded up: a token is not there before its time. */
static __always_inline u32 ratelimit_us(u64 ns)
{
	return (ns + 999) / 1000;
}

/* Control accesses come one at a time. */
static __always_inline int ratelimit_control(struct ratelimit_buckets *s, struct ratelimit_knobs *k,
					     struct vvb_access *acc)
{
	u64 now = vvb_now(), interval, wait;

	if (!k->control_rate)
		return VVB_DEFAULT;
	interval = RATELIMIT_SECOND / k->control_rate;
	wait = ratelimit_wait(s->control_full, now, interval, k->control_burst);
	if (wait > interval) /* the last one did not wait to its end: nobody pays for that */
		wait = interval;
	s->control_full = wait ? now + wait + k->control_burst * interval :
				 (s->control_full > now ? s->control_full : now) + interval;
	acc->delay_us = ratelimit_us(wait);
	return VVB_DEFAULT;
}

static __always_inline int ratelimit_later(struct vvb_access *acc, u64 wait)
{
	acc->delay_us = ratelimit_us(wait);
	return VVB_COALESCE;
}

/* Who waits takes its token beforehand, and all that come until then go with it. */
static __always_inline int ratelimit_notify(struct ratelimit_buckets *s, struct ratelimit_knobs *k,
					    struct vvb_access *acc)
{
	u64 now = vvb_now(), due = s->notify_due, interval, wait, full, next;
	int i;

	if (!k->notify_rate)
		return VVB_DEFAULT;
	if (now < due)
		return ratelimit_later(acc, due - now);
	interval = RATELIMIT_SECOND / k->notify_rate;
	for (i = 0; i < RATELIMIT_TRIES; i++) {
		full = *(volatile u64 *)&s->notify_full;
		wait = ratelimit_wait(full, now, interval, k->notify_burst);
		next = (full > now ? full : now) + interval;
		if (__sync_val_compare_and_swap(&s->notify_full, full, next) != full)
			continue;
		if (!wait)
			return VVB_DEFAULT;
		s->notify_due = now + wait;
		return ratelimit_later(acc, wait);
	}
	return ratelimit_later(acc, interval);
}

VVB_ACCESS(ratelimit_access, acc)
{
	struct ratelimit_knobs *k = vvb_map_get(&ratelimit_knobs, acc->vf);
	struct ratelimit_buckets *s = vvb_map_get(&ratelimit_buckets, acc->vf);

	if (!k || !s)
		return VVB_DEFAULT;
	if (vvb_is_notify(acc->field, acc->write))
		return ratelimit_notify(s, k, acc);
	return ratelimit_control(s, k, acc);
}

VVB_ATTACH(ratelimit_attach, vf)
{
	struct ratelimit_buckets full = {};

	return vvb_map_put(&ratelimit_buckets, vf, &full);
}

VVB_POLICY(ratelimit) = {
	.access = (void *)ratelimit_access,
	.attach = (void *)ratelimit_attach,
	.name = "ratelimit",
};
