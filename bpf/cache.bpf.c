// SPDX-License-Identifier: GPL-2.0-only
/*
 * cache - answers from memory what can't have changed since the device said it, and spares the
 * device queue selects that nobody needs.
 *
 *   vvbctl policy load cache.bpf.o && vvbctl policy select 0000:01:00.1 cache
 *
 * Remembered, of a net device: the features it offers, the size of each queue, and of its
 * configuration mac, max_virtqueue_pairs, mtu and what belongs to RSS. Remembered of the
 * guest: the queue it selected; since a reset that is known to be over, that a queue has no
 * address, and until DRIVER_OK its own device_status: a device that fails before it has anything
 * of the guest's in work is seen to have failed after that (the knob status has it asked). Never:
 * driver_features and the vectors, which a device may refuse, nor mac unless the control queue
 * can't have set it since a reset. A field of the configuration that may change unseen, as the
 * link's, is read as a whole and given out in a row of reads that has no other between.
 *
 * Forgotten: all, when the device was reset by anybody, or when an access has passed by here,
 * decided by a guard or another policy; the configuration, when the guest writes to it or the
 * device says in isr_status that it has changed.
 */
#include "vvb.bpf.h"

#define CACHE_QUEUES 64
#define CACHE_CONFIG 24 /* bytes of struct virtio_net_config: what comes behind is not kept */

#define CACHE_MAC 0x3full /* a bit for each byte */
#define CACHE_FIXED 0xfe0f00ull /* max_virtqueue_pairs, mtu; RSS */

#define CACHE_ISR_CONFIG 2
#define CACHE_F_CTRL_MAC_ADDR 0x800000ull
#define CACHE_STATUS 0x03 /* ACKNOWLEDGE and DRIVER: no device says no to them */

/* The first two say whether the rest still holds. */
struct cache_state {
	u64 seq; /* of the last access that was seen */
	u32 epoch;
	u8 mac_fixed; /* since the reset no driver can have set it */
	u8 mac_settable; /* the guest accepted that the control queue sets it */
	u8 queues_up; /* and it may have one */
	u8 resetting; /* the guest has written the reset, and nothing else since */
	u8 status_known;
	u8 status;
	u8 selected_known;
	u16 selected;
	u64 features; /* bit 32: known */
	u64 sizes_known; /* a bit for each queue */
	u64 unset; /* queues that have no address, likewise */
	u64 config_known; /* a bit for each byte */
	u64 config_ahead; /* known only to a read of them that comes next */
	u16 sizes[CACHE_QUEUES];
	u8 config[CACHE_CONFIG];
};

VVB_VF_MAP(cache_state, struct cache_state);
VVB_VF_MAP(cache_keep, u8);
VVB_VF_MAP(cache_status, u8);

VVB_KNOBS = {
	VVB_KNOB_ONE("keep", cache_keep, u8, SWITCH, "", 0, 1, 0,
		     "what the device offers outlives a reset by the guest (mac does not)"),
	VVB_KNOB_ONE("status", cache_status, u8, SWITCH, "", 0, 1, 1,
		     "until DRIVER_OK device_status is what the guest wrote"),
};

#define CACHE_KNOWN 0x100000000ull

static __always_inline void cache_forget(struct cache_state *s)
{
	s->resetting = 0;
	s->status_known = 0;
	s->unset = 0;
	s->config_ahead = 0;
	s->mac_fixed = 0;
	s->selected_known = 0;
	s->features = 0;
	s->sizes_known = 0;
	s->config_known = 0;
}

/* The guest resets the device: what that leaves alone is a matter of trust in the device. */
static __always_inline void cache_reset(struct cache_state *s, u64 vf)
{
	u8 *keep = vvb_map_get(&cache_keep, vf);

	s->status_known = 0;
	s->unset = 0;
	s->mac_fixed = 0;
	s->mac_settable = 0;
	s->queues_up = 0;
	s->selected_known = 0;
	s->config_known &= CACHE_FIXED;
	if (!keep || !*keep)
		cache_forget(s);
}

/* What is known of the VF at this access, which is the one after the last or all is void. */
static __always_inline struct cache_state *cache_of(struct vvb_access *acc)
{
	struct cache_state *s = vvb_map_get(&cache_state, acc->vf);

	if (!s)
		return 0;
	if (s->epoch != acc->epoch || s->seq + 1 != acc->seq)
		cache_forget(s);
	s->epoch = acc->epoch;
	s->seq = acc->seq;
	return s;
}

/* ---- what is remembered ---- */

/* Bytes of the configuration that can't change unseen. */
static __always_inline u64 cache_config_fixed(struct cache_state *s)
{
	return s->mac_fixed ? CACHE_FIXED | CACHE_MAC : CACHE_FIXED;
}

static __always_inline u64 cache_config_bits(struct vvb_access *acc)
{
	u32 offset = acc->offset, width = acc->width;

	return offset + width <= CACHE_CONFIG ? ((1ull << width) - 1) << offset : 0;
}

/* Byte @i of what @acc is about; NULL for one that is not kept. */
static __always_inline u8 *cache_config_at(struct cache_state *s, struct vvb_access *acc, u32 i)
{
	u32 at = acc->offset + i;

	return at < CACHE_CONFIG ? &s->config[at] : 0;
}

/* Of @field the bytes behind those that were asked for. */
static __always_inline u64 cache_above(u64 field, u64 asked)
{
	return field & ~(asked | (asked - 1));
}

/* All of the field is fetched, as drivers read byte by byte; not mac while it may change. */
static __always_inline int cache_config(struct cache_state *s, struct vvb_access *acc, u64 ahead)
{
	u64 bits = cache_config_bits(acc), known = s->config_known | ahead, value = 0;
	u8 *byte;
	u32 i;

	if (!bits || (bits & CACHE_MAC && !s->mac_fixed))
		return VVB_DEFAULT;
	if ((known & bits) != bits) {
		acc->scratch = bits;
		return VVB_PREFETCH;
	}
	s->config_ahead = cache_above(ahead, bits);
	for (i = 0; i < 8 && i < acc->width; i++) {
		byte = cache_config_at(s, acc, i);
		value |= byte ? (u64)*byte << (8 * i) : 0;
	}
	acc->value = value;
	return VVB_EMULATE;
}

/* It has none as none was written since the reset. */
static __always_inline int cache_address(struct cache_state *s, struct vvb_access *acc)
{
	u32 queue = s->selected;

	if (!s->selected_known || queue >= CACHE_QUEUES || !(s->unset >> queue & 1))
		return VVB_DEFAULT;
	acc->value = 0;
	return VVB_EMULATE;
}

static __always_inline int cache_size(struct cache_state *s, struct vvb_access *acc)
{
	u32 queue = s->selected;

	if (!s->selected_known || queue >= CACHE_QUEUES || !(s->sizes_known >> queue & 1))
		return VVB_DEFAULT;
	acc->value = s->sizes[queue];
	return VVB_EMULATE;
}

static __always_inline int cache_status_kept(u64 vf)
{
	u8 *kept = vvb_map_get(&cache_status, vf);

	return !kept || *kept;
}

static __always_inline int cache_read(struct cache_state *s, struct vvb_access *acc)
{
	u64 ahead = s->config_ahead;

	s->config_ahead = 0;
	switch (acc->field) {
	case VVB_FIELD_DEVICE_FEATURES:
		if (!(s->features & CACHE_KNOWN))
			return VVB_DEFAULT;
		acc->value = s->features & 0xffffffff;
		return VVB_EMULATE;
	case VVB_FIELD_QUEUE_SIZE:
		return cache_size(s, acc);
	case VVB_FIELD_QUEUE_SELECT:
		if (!s->selected_known)
			return VVB_DEFAULT;
		acc->value = s->selected;
		return VVB_EMULATE;
	case VVB_FIELD_QUEUE_ADDRESS:
		return cache_address(s, acc);
	case VVB_FIELD_DEVICE_STATUS:
		if (!s->status_known || !cache_status_kept(acc->vf))
			return VVB_DEFAULT;
		acc->value = s->status;
		return VVB_EMULATE;
	case VVB_FIELD_DEVICE_CONFIG:
		return cache_config(s, acc, ahead);
	default:
		return VVB_DEFAULT;
	}
}

/* It takes the feature and a queue to set mac behind our back. */
static __always_inline void cache_mac(struct cache_state *s)
{
	if (!s->mac_settable || !s->queues_up)
		return;
	s->mac_fixed = 0;
	s->config_known &= ~CACHE_MAC;
}

/* A write may make void what is known, even if nobody comes to tell how it ended. */
static __always_inline int cache_write(struct cache_state *s, struct vvb_access *acc)
{
	s->resetting = 0;
	s->config_ahead = 0;
	switch (acc->field) {
	case VVB_FIELD_QUEUE_SELECT:
		s->selected_known = 0;
		return VVB_DEFER;
	case VVB_FIELD_DEVICE_STATUS:
		acc->scratch = s->status_known;
		s->status_known = 0;
		if (!acc->value)
			cache_reset(s, acc->vf);
		return VVB_DEFAULT;
	case VVB_FIELD_DRIVER_FEATURES:
		if (acc->value & CACHE_F_CTRL_MAC_ADDR)
			s->mac_settable = 1;
		cache_mac(s);
		return VVB_DEFAULT;
	case VVB_FIELD_QUEUE_ADDRESS:
		s->queues_up = 1;
		s->unset = s->selected_known && s->selected < CACHE_QUEUES ?
				   s->unset & ~(1ull << s->selected) :
				   0;
		cache_mac(s);
		return VVB_DEFAULT;
	case VVB_FIELD_DEVICE_CONFIG:
		s->config_known = 0;
		return VVB_DEFAULT;
	default:
		return VVB_DEFAULT;
	}
}

/* Notifies come at any time and on any CPU: they are not for what is kept here. */
VVB_ACCESS(cache_access, acc)
{
	struct cache_state *s;

	if (vvb_is_notify(acc->field, acc->write))
		return VVB_DEFAULT;
	s = cache_of(acc);
	if (!s)
		return VVB_DEFAULT;
	return acc->write ? cache_write(s, acc) : cache_read(s, acc);
}

/* ---- what is learned ---- */

static __always_inline void cache_learn_config(struct cache_state *s, struct vvb_access *acc)
{
	u64 bits = cache_config_bits(acc);
	u8 *byte;
	u32 i;

	for (i = 0; i < 8 && i < acc->width; i++) {
		byte = cache_config_at(s, acc, i);
		if (byte)
			*byte = acc->value >> (8 * i);
	}
	s->config_known |= bits & cache_config_fixed(s);
	if (acc->scratch)
		s->config_ahead = cache_above(bits & ~s->config_known, acc->scratch);
}

static __always_inline void cache_learn_size(struct cache_state *s, struct vvb_access *acc)
{
	u32 queue = s->selected;

	if (!s->selected_known || queue >= CACHE_QUEUES)
		return;
	s->sizes[queue] = acc->value;
	s->sizes_known |= 1ull << queue;
}

/* The guest's own bits read back as it wrote them; a reset is over when 0 was read. */
static __always_inline void cache_learn_status(struct cache_state *s, struct vvb_access *acc)
{
	if (acc->write && !acc->value) {
		s->resetting = 1;
		s->mac_fixed = 1;
		return;
	}
	if (acc->write) {
		s->status_known = acc->scratch && !(acc->value & ~CACHE_STATUS);
	} else if (s->resetting && !acc->value) {
		s->resetting = 0;
		s->unset = ~0ull;
		s->status_known = 1;
	}
	s->status = acc->value;
}

VVB_DONE(cache_done, acc)
{
	struct cache_state *s = vvb_map_get(&cache_state, acc->vf);

	/* a reset may have come in between */
	if (!s || acc->error || acc->taken == VVB_EMULATE || s->seq != acc->seq ||
	    s->epoch != acc->epoch)
		return;
	switch (acc->field) {
	case VVB_FIELD_QUEUE_SELECT:
		s->selected = acc->value;
		s->selected_known = 1;
		break;
	case VVB_FIELD_DEVICE_FEATURES:
		if (!acc->write)
			s->features = (acc->value & 0xffffffff) | CACHE_KNOWN;
		break;
	case VVB_FIELD_QUEUE_SIZE:
		if (!acc->write)
			cache_learn_size(s, acc);
		break;
	case VVB_FIELD_DEVICE_CONFIG:
		if (!acc->write)
			cache_learn_config(s, acc);
		break;
	case VVB_FIELD_DEVICE_STATUS:
		cache_learn_status(s, acc);
		break;
	case VVB_FIELD_ISR_STATUS:
		if (acc->value & CACHE_ISR_CONFIG)
			s->config_known = 0;
		break;
	default:
		break;
	}
}

VVB_ATTACH(cache_attach, vf)
{
	struct cache_state nothing = {};

	return vvb_map_put(&cache_state, vf, &nothing);
}

VVB_POLICY(cache) = {
	.access = (void *)cache_access,
	.done = (void *)cache_done,
	.attach = (void *)cache_attach,
	.name = "cache",
};
