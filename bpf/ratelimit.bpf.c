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
 * kept. Late notifies come with the kernel's clock tick, some milliseconds late. A VF for which
 * there is no room to keep a bucket has its rates all the same, and no bursts.
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

/* attach() has made them, but does not run when this takes the place of an older ratelimit. */
static __noinline struct ratelimit_buckets *ratelimit_begin(u64 vf)
{
	struct ratelimit_buckets full = {};

	return vvb_map_add(&ratelimit_buckets, vf, &full);
}

/*
 * When is the bucket full again, if a token is taken now? At most a whole @room away before that:
 * an empty bucket, by the limits of now, whatever was owed by those that held before.
 */
static __always_inline u64 ratelimit_take(u64 full, u64 now, u64 interval, u64 room)
{
	if (full < now)
		full = now;
	if (full > now + room)
		full = now + room;
	return full + interval;
}

/* How long does who took the token wait for it? No longer than an interval. */
static __always_inline u64 ratelimit_wait(u64 full, u64 now, u64 room)
{
	return full > now + room ? full - now - room : 0;
}

/* Rounded up: a token is not there before its time. An interval is a second at most. */
static __always_inline u32 ratelimit_us(u64 ns)
{
	return (ns + 999) / 1000;
}

/* Control accesses come one at a time. */
static __always_inline int ratelimit_control(struct ratelimit_buckets *s, struct ratelimit_knobs *k,
					     struct vvb_access *acc)
{
	u64 now = vvb_now(), interval, room;

	if (!k->control_rate)
		return VVB_DEFAULT;
	interval = RATELIMIT_SECOND / k->control_rate;
	if (!s) {
		acc->delay_us = ratelimit_us(interval);
		return VVB_DEFAULT;
	}
	room = k->control_burst * interval;
	s->control_full = ratelimit_take(s->control_full, now, interval, room);
	acc->delay_us = ratelimit_us(ratelimit_wait(s->control_full, now, room));
	return VVB_DEFAULT;
}

static __always_inline int ratelimit_later(struct vvb_access *acc, u64 wait)
{
	acc->delay_us = ratelimit_us(wait);
	return VVB_COALESCE;
}

/* A token out of the bucket, which several CPUs may be at. */
static __always_inline int ratelimit_token(struct ratelimit_buckets *s, struct vvb_access *acc,
					   u64 now, u64 interval, u64 room)
{
	u64 full, next, wait;
	int i;

	for (i = 0; i < RATELIMIT_TRIES; i++) {
		full = *(volatile u64 *)&s->notify_full;
		next = ratelimit_take(full, now, interval, room);
		if (__sync_val_compare_and_swap(&s->notify_full, full, next) != full)
			continue;
		wait = ratelimit_wait(next, now, room);
		if (!wait)
			return VVB_DEFAULT;
		s->notify_due = now + wait;
		return ratelimit_later(acc, wait);
	}
	return ratelimit_later(acc, interval);
}

/*
 * Who waits takes its token beforehand, and all that come until then go with it; but not for
 * longer than one waits by the limits of now.
 */
static __always_inline int ratelimit_notify(struct ratelimit_buckets *s, struct ratelimit_knobs *k,
					    struct vvb_access *acc)
{
	u64 now = vvb_now(), due, interval;

	if (!k->notify_rate)
		return VVB_DEFAULT;
	interval = RATELIMIT_SECOND / k->notify_rate;
	if (!s)
		return ratelimit_later(acc, interval);
	due = s->notify_due;
	if (now < due && due - now <= interval)
		return ratelimit_later(acc, due - now);
	return ratelimit_token(s, acc, now, interval, k->notify_burst * interval);
}

VVB_ACCESS(ratelimit_access, acc)
{
	struct ratelimit_knobs *k = vvb_map_get(&ratelimit_knobs, acc->vf);
	struct ratelimit_buckets *s;

	if (!k)
		return VVB_DEFAULT;
	s = vvb_map_get(&ratelimit_buckets, acc->vf);
	if (!s)
		s = ratelimit_begin(acc->vf);
	if (vvb_is_notify(acc->field, acc->write))
		return ratelimit_notify(s, k, acc);
	return ratelimit_control(s, k, acc);
}

VVB_ATTACH(ratelimit_attach, vf)
{
	struct ratelimit_buckets full = {};

	return vvb_map_put(&ratelimit_buckets, vf, &full);
}

VVB_DETACH(ratelimit_detach, vf)
{
	vvb_map_del(&ratelimit_buckets, vf);
}

VVB_POLICY(ratelimit) = {
	.access = (void *)ratelimit_access,
	.attach = (void *)ratelimit_attach,
	.detach = (void *)ratelimit_detach,
	.name = "ratelimit",
};
