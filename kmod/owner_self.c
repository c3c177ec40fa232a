// SPDX-License-Identifier: GPL-2.0-only
/*
 * A function that is its own owner: the legacy registers are made of its own modern interface, as
 * <vvb/modern_legacy.h> has it. In the kernel, as its registers are mapped here, and nowhere else while
 * it is sealed; and as a kick is a store from the thread of the vCPU.
 *
 * An operation runs on the thread that wants it, under memory_lock, so that the device neither falls
 * asleep nor stops decoding under it. It waits for one thing only, that a reset ends, without that
 * lock, and no longer than admin_timeout_ms; so nothing is ever given up half done. What is known of the
 * device is void when something else has reset it.
 */
#include <linux/pci.h>
#include <linux/slab.h>

#include <vvb/modern_legacy.h>

#include "command.h"
#include "compat.h"
#include "notify.h"
#include "owner.h"
#include "owner_self.h"
#include "power.h"
#include "stats.h"
#include "vf.h"

#define VVB_SELF_RESET_MS 10000 /* a reset may take so long when there is no admin_timeout_ms */

static const enum vvb_event vvb_self_events[VVB_MODERN_EV_NR] = {
	[VVB_MODERN_EV_REFUSED] = VVB_EV_FEATURES_REFUSED,
	[VVB_MODERN_EV_WITHOUT_V1] = VVB_EV_WITHOUT_VERSION_1,
	[VVB_MODERN_EV_LATE_FEATURES] = VVB_EV_LATE_FEATURES,
	[VVB_MODERN_EV_HELD_KICK] = VVB_EV_KICK_HELD,
	[VVB_MODERN_EV_EARLY_LIVE] = VVB_EV_EARLY_DRIVER_OK,
	[VVB_MODERN_EV_BAD_QUEUE] = VVB_EV_BAD_QUEUE,
	[VVB_MODERN_EV_QUEUE_RUNS] = VVB_EV_QUEUE_RUNS_ON,
	[VVB_MODERN_EV_NEEDS_RESET] = VVB_EV_NEEDS_RESET,
	[VVB_MODERN_EV_PARTIAL_WRITE] = VVB_EV_PARTIAL_CONFIG,
	[VVB_MODERN_EV_RESTLESS] = VVB_EV_RESTLESS_CONFIG,
};

/* ---- registers; memory_lock is held for reading ---- */

static bool vvb_self_within(const struct vvb_self *self, enum vvb_modern_area area, u32 offset,
			    u8 width)
{
	const struct vvb_modern_place *place = &self->m.places.area[area];

	return width <= place->len && offset <= place->len - width;
}

static int vvb_self_read(void *on, enum vvb_modern_area area, u32 offset, u8 width, u32 *value)
{
	struct vvb_self *self = on;
	void __iomem *io = self->base[area] + offset;

	if (unlikely(!vvb_self_within(self, area, offset, width)))
		return -EIO;
	switch (width) {
	case 1:
		*value = ioread8(io);
		return 0;
	case 2:
		*value = ioread16(io);
		return 0;
	default:
		*value = ioread32(io);
		return 0;
	}
}

static int vvb_self_write(void *on, enum vvb_modern_area area, u32 offset, u8 width, u32 value)
{
	struct vvb_self *self = on;
	void __iomem *io = self->base[area] + offset;

	if (unlikely(!vvb_self_within(self, area, offset, width)))
		return -EIO;
	switch (width) {
	case 1:
		iowrite8(value, io);
		return 0;
	case 2:
		iowrite16(value, io);
		return 0;
	default:
		iowrite32(value, io);
		return 0;
	}
}

/* Is the wait over? Return: 0, it is not; or why. */
static int vvb_self_sleep(struct vvb_vf *vf, const struct vvb_deadline *deadline)
{
	unsigned long at = deadline->at;
	long left;

	if (!deadline->timeout)
		at += msecs_to_jiffies(VVB_SELF_RESET_MS);
	if (time_after_eq(jiffies, at))
		return -ETIMEDOUT;
	left = wait_for_completion_killable_timeout(&vf->revoke.done, 1);
	if (left)
		return left < 0 ? -EINTR : -ECANCELED;
	return 0;
}

/* The device resets itself, or a queue. */
static int vvb_self_pause(void *on)
{
	struct vvb_self *self = on;
	struct vvb_vf *vf = self->vf;

	up_read(&vf->core.memory_lock);
	self->late = vvb_self_sleep(vf, &self->call->deadline);
	down_read(&vf->core.memory_lock);
	if (!self->late && !vvb_memory_enabled(vf))
		self->late = -EIO;
	return self->late;
}

static const struct vvb_modern_bus vvb_self_bus = {
	.read = vvb_self_read,
	.write = vvb_self_write,
	.pause = vvb_self_pause,
};

/* ---- one operation; under the VF's turn ---- */

/* A kick is a store while the device is live. */
static void vvb_self_publish(struct vvb_vf *vf, const struct vvb_self *self)
{
	void __iomem *base = self->m.live ? self->base[VVB_MODERN_NOTIFY] : NULL;

	if (vf->notify_addr != base)
		smp_store_release(&vf->notify_addr, base); /* queues first */
}

/* What there is to show. */
static void vvb_self_show(struct vvb_vf *vf, const struct vvb_modern *m)
{
	struct vvb_features *features = &vf->owner.features;

	WRITE_ONCE(features->offered, m->offered);
	WRITE_ONCE(features->chosen, m->chosen);
	WRITE_ONCE(features->taken, m->agreed ? m->taken : 0);
}

static void vvb_self_count(struct vvb_vf *vf, struct vvb_modern *m)
{
	unsigned int i;

	if (m->events & BIT(VVB_MODERN_EV_NEEDS_RESET))
		dev_warn_ratelimited(
			&vf->core.pdev->dev,
			"the device needs a reset, which its legacy driver can't see\n");
	if (m->events & BIT(VVB_MODERN_EV_REFUSED))
		dev_warn_ratelimited(
			&vf->core.pdev->dev,
			"the device does not take features %#llx, of which its driver chose %#x: it finds no queues\n",
			m->taken, m->chosen);
	for (i = 0; i < VVB_MODERN_EV_NR; i++)
		if (m->events & BIT(i))
			vvb_stats_event(vf, vvb_self_events[i]);
	m->events = 0;
}

/* What was learned before a reset is void, and a kick is none that the device could have. */
static void vvb_self_refresh(struct vvb_vf *vf, struct vvb_self *self)
{
	u32 epoch = READ_ONCE(vf->state.epoch);

	if (likely(self->epoch == epoch))
		return;
	self->epoch = epoch;
	vvb_modern_forget(&self->m);
	vvb_self_publish(vf, self);
}

static int vvb_self_errno(const struct vvb_self *self, int err)
{
	if (likely(err <= 0))
		return err;
	return err == VVB_MODERN_SILENT ? self->late : -EIO;
}

/* memory_lock is held for reading. */
static int vvb_self_run(struct vvb_vf *vf, struct vvb_self *self, struct vvb_call *call)
{
	int err;

	if (unlikely(!vvb_memory_enabled(vf))) {
		vvb_stats_event(vf, VVB_EV_MEM_DISABLED);
		return -EIO;
	}
	vvb_self_refresh(vf, self);
	self->call = call;
	call->sent = true;
	call->value = 0;
	err = vvb_self_errno(self, vvb_modern_run(&self->m, call->op, &call->value));
	if (unlikely(self->m.events))
		vvb_self_count(vf, &self->m);
	vvb_self_publish(vf, self);
	vvb_self_show(vf, &self->m);
	return err;
}

/**
 * vvb_owner_self_ask - one operation
 * @vf:		its turn is the caller's
 * @call:	what to do; filled in
 *
 * Context: sleeps while a reset takes its time; killable then.
 * Return: 0; -ECANCELED the VF is closed or wanted back, or the operation is wanted no more; -EINTR;
 * -ETIMEDOUT a reset did not end; -EIO the device does not decode its registers, or is gone.
 */
int vvb_owner_self_ask(struct vvb_vf *vf, struct vvb_call *call)
{
	struct vvb_self *self = vf->owner.self;
	int err;

	call->sent = false;
	call->status = 0;
	if (!self || (call->wanted && !call->wanted->ask(call->wanted->what)))
		return -ECANCELED;
	err = vvb_power_get(vf);
	if (err)
		return err;
	scoped_guard(rwsem_read, &vf->core.memory_lock)
		err = vvb_self_run(vf, self, call);
	vvb_power_put(vf);
	return err;
}

/* A policy, or a daemon, has answered for the device. The VF's turn is the caller's. */
void vvb_owner_self_size_told(struct vvb_vf *vf, u16 queue, u16 size)
{
	struct vvb_self *self = vf->owner.self;

	if (!self)
		return;
	vvb_self_refresh(vf, self);
	vvb_modern_size_told(&self->m, queue, size);
}

/* ---- can it be? ---- */

static void vvb_self_bar_len(struct pci_dev *pdev, u64 len[VVB_MODERN_BARS])
{
	unsigned int bar;

	for (bar = 0; bar < VVB_MODERN_BARS; bar++)
		len[bar] = pci_resource_flags(pdev, bar) & IORESOURCE_MEM ?
				   pci_resource_len(pdev, bar) :
				   0;
}

/* Where the modern interface is. Return: NULL, or what is missing. */
static const char *vvb_self_find(struct pci_dev *pdev, struct vvb_modern_places *places)
{
	u8 config[VVB_MODERN_CONFIG_LEN];
	u64 len[VVB_MODERN_BARS];
	unsigned int at;
	u32 word;

	for (at = 0; at < sizeof(config); at += sizeof(word)) {
		pci_read_config_dword(pdev, at, &word);
		vvb_put_le(config + at, word, sizeof(word));
	}
	vvb_self_bar_len(pdev, len);
	return vvb_modern_find(config, len, places);
}

/* Features 32 to 63. */
static u32 vvb_self_high(void __iomem *common)
{
	iowrite32(1, common + VVB_MODERN_DEVICE_FEATURE_SELECT);
	return ioread32(common + VVB_MODERN_DEVICE_FEATURE);
}

static const char *vvb_self_unfit(u32 high)
{
	if (high == U32_MAX)
		return "its registers read as all-ones: it does not answer";
	if (high & (u32)(VVB_F_ACCESS_PLATFORM >> 32))
		return NULL;
	return "the device goes past the IOMMU (no VIRTIO_F_ACCESS_PLATFORM)";
}

/* @pdev is enabled. */
static const char *vvb_self_probe(struct pci_dev *pdev, const struct vvb_modern_place *place)
{
	void __iomem *common = pci_iomap_range(pdev, place->bar, place->offset, place->len);
	const char *lacks = "its common configuration can't be mapped";

	if (!common)
		return lacks;
	lacks = vvb_self_unfit(vvb_self_high(common));
	pci_iounmap(pdev, common);
	return lacks;
}

/**
 * vvb_owner_self_look - could a function be its own owner?
 * @vf:		identified, not yet registered
 *
 * Asked once, when it is bound, and of what the device offers again when it is opened.
 * Context: sleeps. Return: NULL, or what it lacks, in words.
 */
const char *vvb_owner_self_look(struct vvb_vf *vf)
{
	struct pci_dev *pdev = vf->core.pdev;
	struct vvb_modern_places places;
	const char *lacks = vvb_self_find(pdev, &places);

	if (lacks)
		return lacks;
	if (pci_enable_device(pdev))
		return "it can't be enabled";
	lacks = vvb_self_probe(pdev, &places.area[VVB_MODERN_COMMON]);
	pci_disable_device(pdev);
	return lacks;
}

/* ---- open and close ---- */

static int vvb_self_map(struct vvb_vf *vf, struct vvb_self *self)
{
	const struct vvb_modern_place *place;
	void __iomem *base;
	unsigned int area;

	for (area = 0; area < VVB_MODERN_AREAS; area++) {
		place = &self->m.places.area[area];
		if (!place->len)
			continue;
		base = vvb_map_bar(&vf->core, place->bar);
		if (IS_ERR(base))
			return PTR_ERR(base);
		self->base[area] = base + place->offset;
	}
	return 0;
}

static struct vvb_self *vvb_self_new(struct vvb_vf *vf)
{
	unsigned int nr = VVB_MODERN_QUEUES;
	struct vvb_self *self = kvzalloc(struct_size(self, queue, nr), GFP_KERNEL_ACCOUNT);

	if (!self)
		return NULL;
	self->vf = vf;
	self->epoch = READ_ONCE(vf->state.epoch);
	self->m.bus = &vvb_self_bus;
	self->m.on = self;
	self->m.layout = vf->layout;
	self->m.device_type = vf->core.pdev->device - VVB_MODERN_ID_BASE;
	self->m.queue = self->queue;
	self->m.queue_size_max = READ_ONCE(vf->set->queue_size_max);
	self->m.strongly_ordered = IS_ENABLED(CONFIG_X86);
	return self;
}

/*
 * The device as a legacy driver is to find it. memory_lock is held for reading. Return: 0, a negative errno
 * or an enum vvb_modern_refusal.
 */
static int vvb_self_begin(struct vvb_vf *vf, struct vvb_self *self)
{
	u32 nr;
	int err;

	if (!vvb_memory_enabled(vf))
		return -EIO;
	vvb_modern_forget(&self->m);
	err = vvb_modern_reset(&self->m);
	if (!err)
		err = vvb_modern_get(&self->m, VVB_MODERN_NUM_QUEUES, 2, &nr);
	if (!err)
		err = vvb_modern_ask(&self->m);
	if (err)
		return err;
	if (vvb_self_unfit(self->m.offered >> 32))
		return -EOPNOTSUPP;
	self->m.nr_queues = min_t(u32, nr, VVB_MODERN_QUEUES);
	vvb_modern_forget(&self->m);
	return 0;
}

/**
 * vvb_owner_self_open - a function is its own owner as long as it is open
 * @vf:		enabled, not yet visible to its user
 *
 * Context: sleeps while the device resets itself; killable then.
 * Return: 0 or a negative errno.
 */
int vvb_owner_self_open(struct vvb_vf *vf)
{
	struct vvb_self *self = vvb_self_new(vf);
	struct vvb_call call = {};
	int err;

	if (!self)
		return -ENOMEM;
	err = vvb_self_find(vf->core.pdev, &self->m.places) ? -EOPNOTSUPP : 0;
	self->m.config_len = min_t(u32, vf->config_len, self->m.places.area[VVB_MODERN_DEVICE].len);
	if (!err)
		err = vvb_self_map(vf, self);
	if (!err)
		err = vvb_owner_begin(vf, &call);
	if (err)
		goto free;
	self->call = &call;
	scoped_guard(rwsem_read, &vf->core.memory_lock)
		err = vvb_self_errno(self, vvb_self_begin(vf, self));
	if (!err) {
		vf->owner.self = self;
		WRITE_ONCE(vf->doorbells, self);
	}
	vvb_owner_finish(vf);
	if (!err)
		return 0;
free:
	pci_warn(vf->core.pdev, "its modern interface can't be used: error %d\n", err);
	kvfree(self);
	return err;
}

/* memory_lock is held for reading. */
static void vvb_self_stop(struct vvb_vf *vf, struct vvb_self *self)
{
	if (vvb_memory_enabled(vf))
		vvb_modern_put(&self->m, VVB_MODERN_STATUS, 1, 0);
}

/*
 * Before vfio-pci closes the device. Nobody kicks any more; a daemon's command may be under way. The
 * device is told to stop, as vfio-pci can't reset every function; it may have to wake up for that.
 */
void vvb_owner_self_close(struct vvb_vf *vf)
{
	struct vvb_self *self = vf->owner.self;

	if (!self)
		return;
	vvb_owner_take(vf);
	WRITE_ONCE(vf->notify_addr, NULL);
	WRITE_ONCE(vf->doorbells, NULL);
	vf->owner.self = NULL;
	vf->owner.features = (struct vvb_features) {};
	vvb_owner_finish(vf);
	if (!vvb_power_get(vf)) {
		scoped_guard(rwsem_read, &vf->core.memory_lock)
			vvb_self_stop(vf, self);
		vvb_power_put(vf);
	}
	kvfree(self);
}
