// SPDX-License-Identifier: GPL-2.0-only
/*
 * cache - answers from memory what can't have changed since the device said it, and spares the
 * device queue selects that nobody needs.
 *
 *   vvbctl policy load cache.bpf.o && vvbctl policy select 0000:01:00.1 cache
 *
 * By register: what is kept, from when to when, and why it can't have changed.
 *
 *   device_features  as read, until a reset (the knob keep: beyond). A device offers the same all
 *                    the time that a driver runs it (virtio 1.3, 2.2)
 *   driver_features  nothing: the device may refuse some
 *   queue_address    that there is none, since a reset, until the guest writes to that queue's
 *   queue_size       as read, until driver_features is written, as the same queue may be another
 *                    with other features (2 of a network card is for control, or with MQ for
 *                    receiving), or a reset
 *   queue_select     what the guest wrote, until a reset; the write itself waits (DEFER)
 *   queue_notify     nothing: it says nothing
 *   device_status    what the guest wrote, since a reset, as long as it is ACKNOWLEDGE and DRIVER,
 *                    to which no device says no. One that fails before it has anything of the
 *                    guest's in work is seen to have failed after that (the knob status off: it is
 *                    asked, always)
 *   isr_status       nothing: reading clears it
 *   *_vector         nothing: the device may refuse one
 *
 * And of the device configuration, by type:
 *
 *   net: mac         nothing, as host and control queue change it. While the device is fresh (see
 *                    below) there is no control queue, and all of it is fetched: of a row of reads
 *                    with no other access between, the first asks for the field, and the rest,
 *                    each byte once, is answered from that
 *   net: mtu         as read, while the device is fresh (keep: also what was read before the
 *                    reset). A device must not change it (5.1.4.1); should a host do it all the
 *                    same, then the guest is told by isr_status, reading which voids it, whatever
 *                    came of that, or by an interrupt that nobody here sees, for which the guest
 *                    has to give config_vector first
 *   blk              as mtu: what requests must keep to (sizes, segments, geometry, topology, queues,
 *                    discard, write zeroes). Not capacity, which changes with the disk (5.2.4), nor
 *                    writeback, which driver and host change
 *   scsi             as mtu: queues, limits of requests, targets. Not event_info_size, sense_size and
 *                    cdb_size, which are the driver's to write (5.6.4)
 *   console          as mtu: max_nr_ports. Not its size, which is the terminal's
 *   9p               as mtu: the tag
 *   the rest         nothing: link, speed and duplex change, and queue pairs and RSS may, with
 *                    features or by the host. In a row of reads as mac
 *   beyond           of what comes behind what is kept (byte 24 for net, 64 for others) nothing,
 *                    nor rows: each byte is a command of its own
 *
 * Fresh is a device whose reset is over (the guest has written 0, that got there, and it has read 0;
 * each access between was a read, and seen here) as long as no queue has an address, no
 * config_vector was written, nor DRIVER_OK.
 * Between the reset and that read nothing is learned: what a device says then counts for nothing.
 *
 * All is void with a new epoch (somebody has reset the VF, or it was opened), and when the number
 * of an access is not the one behind the last: a guard or another policy has decided one, maybe
 * the daemon, with commands of its own. What a write may change is void before it goes out, so
 * that it does not matter whether one that failed was carried out, or how it ended at all; a read
 * that failed teaches nothing; and as long as a command that timed out is unanswered the kernel
 * answers no other. That MSI-X goes on or off moves the configuration in BAR0, not what is in it.
 *
 * The modern interface (legacy=auto) is within reach of the guest alone. A driver resets a device
 * before it uses it, by whichever interface; a guest whose two drivers use one device at a time
 * may deceive itself here, and nobody else.
 */
#include "vvb.bpf.h"

#define CACHE_QUEUES 64
#define CACHE_CONFIG 64 /* bytes of the device configuration: what comes behind is not kept */

/* A bit for each byte of the device configuration. */
#define CACHE_BYTES(first, last) (~0ull >> (63 - (last)) & ~0ull << (first))
#define CACHE_NET_KEPT CACHE_BYTES(0, 23) /* all that is known of it */
#define CACHE_MAC CACHE_BYTES(0, 5)
#define CACHE_MTU CACHE_BYTES(10, 11)
#define CACHE_BLK (CACHE_BYTES(8, 31) | CACHE_BYTES(34, 63)) /* all but capacity and writeback */
#define CACHE_CONSOLE CACHE_BYTES(4, 7) /* max_nr_ports */
#define CACHE_SCSI (CACHE_BYTES(0, 15) | CACHE_BYTES(28, 35))
#define CACHE_9P CACHE_BYTES(0, 33)

#define CACHE_STATUS 0x03 /* ACKNOWLEDGE and DRIVER */
#define CACHE_DRIVER_OK 0x04

/*
 * The guest has written the reset. The device has carried it out, and whatever came since was a read
 * that was seen here; or that is not known, so that the status says nothing.
 */
#define CACHE_RESET 1
#define CACHE_RESET_MIXED 2

/* The first two say whether the rest still holds. */
struct cache_state {
	u64 seq; /* of the last access that was seen */
	u32 epoch;
	u8 resetting; /* CACHE_RESET..., 0: none that is not over */
	u8 fresh;
	u8 status_known;
	u8 status;
	u8 selected_known;
	u16 selected;
	u64 features; /* bit 32: known */
	u64 sizes_known; /* a bit for each queue */
	u64 unset; /* queues that have no address, likewise */
	u64 config_known; /* a bit for each byte; of use while fresh */
	u64 config_ahead; /* known only to a read of them that comes next */
	u16 sizes[CACHE_QUEUES];
	u8 config[CACHE_CONFIG];
};

VVB_VF_MAP(cache_state, struct cache_state);
VVB_VF_MAP(cache_keep, u8);
VVB_VF_MAP(cache_status, u8);

VVB_KNOBS = {
	VVB_KNOB_ONE("keep", cache_keep, u8, SWITCH, "", 0, 1, 0,
		     "what the device offers (features, MTU) outlives a reset by the guest"),
	VVB_KNOB_ONE("status", cache_status, u8, SWITCH, "", 0, 1, 1,
		     "until DRIVER_OK device_status is what the guest wrote"),
};

#define CACHE_KNOWN 0x100000000ull

/* What nobody trusts to outlive a reset. */
static __always_inline void cache_forget_driver(struct cache_state *s)
{
	s->fresh = 0;
	s->status_known = 0;
	s->selected_known = 0;
	s->unset = 0;
	s->sizes_known = 0;
	s->config_ahead = 0;
}

static __always_inline void cache_forget(struct cache_state *s)
{
	cache_forget_driver(s);
	s->features = 0;
	s->config_known = 0;
}

/* The guest resets the device: what that leaves alone is a matter of trust in the device. */
static __always_inline void cache_reset(struct cache_state *s, u64 vf)
{
	u8 *keep = vvb_map_get(&cache_keep, vf);

	cache_forget_driver(s);
	if (!keep || !*keep)
		cache_forget(s);
	s->resetting = CACHE_RESET_MIXED; /* until the device has it */
}

/* attach() has made it, but does not run when this takes the place of an older cache. */
static __noinline struct cache_state *cache_begin(u64 vf)
{
	struct cache_state nothing = {};

	return vvb_map_add(&cache_state, vf, &nothing);
}

/* What is known of the VF at this access, which is the one after the last or all is void. */
static __always_inline struct cache_state *cache_of(struct vvb_access *acc)
{
	struct cache_state *s = vvb_map_get(&cache_state, acc->vf);

	if (!s)
		s = cache_begin(acc->vf);
	if (!s)
		return 0;
	if (s->epoch != acc->epoch || s->seq + 1 != acc->seq) {
		cache_forget(s);
		if (s->resetting)
			s->resetting = CACHE_RESET_MIXED;
	}
	if (s->epoch != acc->epoch)
		s->resetting = 0; /* that one is over */
	s->epoch = acc->epoch;
	s->seq = acc->seq;
	return s;
}

/* ---- what is remembered ---- */

/* Of what type of device, bytes that do not change while it is fresh. */
static __always_inline u64 cache_constant(u32 device_type)
{
	switch (device_type) {
	case VVB_DEVICE_NET:
		return CACHE_MTU;
	case VVB_DEVICE_BLK:
		return CACHE_BLK;
	case VVB_DEVICE_CONSOLE:
		return CACHE_CONSOLE;
	case VVB_DEVICE_SCSI:
		return CACHE_SCSI;
	case VVB_DEVICE_9P:
		return CACHE_9P;
	default:
		return 0;
	}
}

/* What @acc is about; 0: it is not all kept. */
static __always_inline u64 cache_config_bits(struct vvb_access *acc)
{
	u32 offset = acc->offset, width = acc->width;
	u64 bits;

	if (width < 1 || width > 8 || offset + width > CACHE_CONFIG)
		return 0;
	bits = ((1ull << width) - 1) << offset;
	if (acc->device_type == VVB_DEVICE_NET && bits & ~CACHE_NET_KEPT)
		return 0;
	return bits;
}

/* Bytes that change without a word, which are kept while the device is fresh and for one row of reads. */
static __always_inline u64 cache_restless(u32 device_type)
{
	return device_type == VVB_DEVICE_NET ? CACHE_MAC : 0;
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

/* All of the field is fetched, as drivers read byte by byte. */
static __always_inline int cache_config(struct cache_state *s, struct vvb_access *acc, u64 ahead)
{
	u64 bits = cache_config_bits(acc), known = ahead, value = 0;
	u8 *byte;
	u32 i;

	if (s->fresh)
		known |= s->config_known;
	if (!bits || (bits & cache_restless(acc->device_type) && !s->fresh))
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
	case VVB_FIELD_ISR_STATUS:
		s->config_known = 0;
		return VVB_DEFAULT;
	case VVB_FIELD_DEVICE_CONFIG:
		return cache_config(s, acc, ahead);
	default:
		return VVB_DEFAULT;
	}
}

static __always_inline void cache_write_status(struct cache_state *s, struct vvb_access *acc)
{
	acc->scratch = s->status_known;
	s->status_known = 0;
	if (acc->value & CACHE_DRIVER_OK)
		s->fresh = 0;
	if (!acc->value)
		cache_reset(s, acc->vf);
}

static __always_inline void cache_write_address(struct cache_state *s)
{
	s->fresh = 0;
	s->unset = s->selected_known && s->selected < CACHE_QUEUES ?
			   s->unset & ~(1ull << s->selected) :
			   0;
}

/* A write may make void what is known, even if nobody comes to tell how it ended. */
static __always_inline int cache_write(struct cache_state *s, struct vvb_access *acc)
{
	if (s->resetting)
		s->resetting = CACHE_RESET_MIXED;
	s->config_ahead = 0;
	switch (acc->field) {
	case VVB_FIELD_QUEUE_SELECT:
		s->selected_known = 0;
		return VVB_DEFER;
	case VVB_FIELD_DEVICE_STATUS:
		cache_write_status(s, acc);
		return VVB_DEFAULT;
	case VVB_FIELD_DRIVER_FEATURES:
		s->sizes_known = 0;
		return VVB_DEFAULT;
	case VVB_FIELD_QUEUE_ADDRESS:
		cache_write_address(s);
		return VVB_DEFAULT;
	case VVB_FIELD_CONFIG_VECTOR:
		s->fresh = 0;
		return VVB_DEFAULT;
	case VVB_FIELD_DEVICE_CONFIG:
		s->config_known = 0;
		return VVB_DEFAULT;
	default:
		return VVB_DEFAULT;
	}
}

VVB_ACCESS(cache_access, acc)
{
	struct cache_state *s = cache_of(acc);

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
	s->config_known |= bits & cache_constant(acc->device_type);
	if (acc->scratch)
		s->config_ahead = cache_above(bits, acc->scratch);
}

static __always_inline void cache_learn_size(struct cache_state *s, struct vvb_access *acc)
{
	u32 queue = s->selected;

	if (!s->selected_known || queue >= CACHE_QUEUES)
		return;
	s->sizes[queue] = acc->value;
	s->sizes_known |= 1ull << queue;
}

static __always_inline void cache_reset_over(struct cache_state *s)
{
	s->resetting = 0;
	s->fresh = 1;
	s->unset = ~0ull;
	s->status_known = 1;
	s->status = 0;
}

/* The guest's own bits read back as it wrote them. */
static __always_inline void cache_learn_status(struct cache_state *s, struct vvb_access *acc)
{
	if (s->resetting && acc->write && !acc->value)
		s->resetting = CACHE_RESET;
	if (s->resetting == CACHE_RESET && !acc->write && !acc->value)
		cache_reset_over(s);
	if (s->resetting || !acc->write)
		return;
	s->status_known = acc->scratch && !(acc->value & ~CACHE_STATUS);
	s->status = acc->value;
}

VVB_DONE(cache_done, acc)
{
	struct cache_state *s = vvb_map_get(&cache_state, acc->vf);

	/* a reset may have come in between */
	if (!s || acc->error || acc->verdict == VVB_EMULATE || s->seq != acc->seq ||
	    s->epoch != acc->epoch)
		return;
	if (acc->field == VVB_FIELD_DEVICE_STATUS)
		cache_learn_status(s, acc);
	if (s->resetting)
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
	default:
		break;
	}
}

VVB_ATTACH(cache_attach, vf)
{
	struct cache_state nothing = {};

	return vvb_map_put(&cache_state, vf, &nothing);
}

VVB_DETACH(cache_detach, vf)
{
	vvb_map_del(&cache_state, vf);
}

VVB_POLICY(cache) = {
	.access = (void *)cache_access,
	.done = (void *)cache_done,
	.attach = (void *)cache_attach,
	.detach = (void *)cache_detach,
	.name = "cache",
	/* kicks come at any time and on any CPU: they are not for what is kept here */
	.interest = VVB_CONTROL,
};
