/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * virtio_vfio_bpf: a vfio-pci variant driver that shows a legacy virtio guest an I/O BAR0
 * on a VF that has none.
 *
 * One access goes one way: bar0 or kick (decode) -> access (prepare, decide, delay, act, done,
 * count) -> back. What act needs done is done by notify, punt or owner.
 *
 * Locks, outermost first:
 *
 *   vvb_vfs_lock	mutex: the list of VFs, the policies there are, which of them a VF runs
 *   vf->config.lock	mutex, killable: one access to config space, of up to four bytes
 *   vf->ioeventfds.lock	mutex, killable: which ioeventfds there are
 *   vf->lock		mutex, killable: one control access of a VF from decide to done, or one
 *			reset by the user or VFIO_DEVICE_SET_IRQS
 *   vf->owner.turn	a bit, as no mutex can be waited for until a deadline: one legacy operation
 *			of a VF
 *   inflight->lock	spinlock, a leaf: the commands of a PF
 *   vvb_punt_lock	spinlock: claims of channels on VFs, pending requests and operations
 *   vf->state.lock	spinlock, a leaf: what open, reset and config space publish
 *   vf->intx.lock	spinlock, irqs off, a leaf: the line of INTx
 *   vf->kicks.lock	spinlock, irqs off, a leaf: kicks that wait, and when their work runs
 *   vf->eject.lock	raw spinlock, irqs off, a leaf: what is told of a policy. It is taken with
 *			preemption off, where PREEMPT_RT allows no other
 *   vf->diff.lock	the same, of a shadow
 *
 * Beside these vvb_pfs_lock, a mutex: the PFs; the virtio device's lock and inflight->lock come
 * under it. None of ours is held while a page of the user's is fetched (user.h). VFIO calls open
 * and close with its group's and device set's locks held; vvb_vfs_lock is taken under those in open,
 * vf->lock in close, and under no other of VFIO's. We take memory_lock for reading around the one
 * store of a notify, and around what a function that is its own owner does with its registers; and, where an eventfd is signalled, around all that becomes of a kick that does
 * not sleep; the leaves but inflight->lock come under it. For writing it comes under vf->lock, around
 * what reaches the MSI-X table. The PCI core's hold on config space is tried for under vf->lock, and
 * not waited for.
 */
#ifndef VVB_VF_H
#define VVB_VF_H

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/vfio_pci_core.h>
#include <linux/workqueue.h>

#include <vvb/admin.h>
#include "claim.h"
#include "intx.h"
#include "operation.h"
#include "owner.h"
#include "policy.h"
#include "policy_ops.h"
#include "punt.h"
#include "settings.h"
#include "vectors.h"

#define VVB_MODERN_ID_BASE 0x1040 /* modern PCI device ID = base + virtio device type */
#define VVB_MODERN_ID_LAST 0x107f

/**
 * struct vvb_state - what an open, a reset, the guest's config space say of a VF
 * @lock:	a leaf. What is changed while the device is open is read without it
 * @transitional, @sealed, @intx: what open made of settings->legacy and settings->intx; fixed while
 *		the VF is open
 * @io_enabled:	PCI_COMMAND_IO, as the guest has it
 * @epoch:	grows with each reset
 * @msix:	MSI-X is on, as the last VFIO_DEVICE_SET_IRQS left it; written under vf->lock
 */
struct vvb_state {
	spinlock_t lock;
	bool opened;
	bool transitional;
	bool sealed;
	bool intx;
	bool io_enabled;
	bool msix;
	u32 epoch;
};

/**
 * struct vvb_revoke - every access of a VF ends at once, and whoever waits goes on
 * @revoked:	the VF is closed, being closed, or wanted back
 * @removed:	wanted back, for good
 * @done:	completed with @revoked, for who waits
 *
 * Changes under vf->state.lock; read without it.
 */
struct vvb_revoke {
	bool revoked;
	bool removed;
	struct completion done;
};

/**
 * struct vvb_config_space - of a VF
 * @lock:	killable: one access, of up to four bytes
 * @bar0:	what the guest wrote to the I/O BAR's register; under @lock
 * @hidden:	bytes that do not exist while sealed; fixed while the VF is open, as @resets
 * @resets:	bytes of which a write may reset the VF
 */
struct vvb_config_space {
	struct mutex lock;
	u32 bar0;
	DECLARE_BITMAP(hidden, PCI_CFG_SPACE_SIZE);
	DECLARE_BITMAP(resets, PCI_CFG_SPACE_SIZE);
};

/**
 * struct vvb_ioeventfds - eventfds that stand for a kick of a VF
 * @lock:	killable
 * @nr:		on the list; read without the lock, too
 */
struct vvb_ioeventfds {
	struct mutex lock;
	struct list_head list;
	unsigned int nr;
};

#define VVB_COALESCE_QUEUES 256 /* queues that can have a notify waiting */

/**
 * struct vvb_kicks - of a VF, that wait
 * @lock:	a leaf, irqs off
 * @queues:	with a notify put off
 * @at:		when those are delivered, in jiffies
 * @signals:	struct vvb_kick_signal of kicks that could not be done where they were signalled
 * @work:	who does both
 */
struct vvb_kicks {
	spinlock_t lock;
	DECLARE_BITMAP(queues, VVB_COALESCE_QUEUES);
	unsigned long at;
	struct list_head signals;
	struct delayed_work work;
};

/**
 * struct vvb_eject_state - of a VF
 * @unbound:	it has lost its policy, until one is selected; under vvb_vfs_lock
 * @lock:	a leaf, irqs off, raw
 * @last:	the report; under @lock
 */
struct vvb_eject_state {
	bool unbound;
	raw_spinlock_t lock;
	struct vvb_ejection last;
};

/**
 * struct vvb_shadow_diff - where a VF's shadow differed
 * @lock:	a leaf, irqs off, raw
 * @found:	the report; under @lock. Its samples are a ring, nr_samples counts all there were
 */
struct vvb_shadow_diff {
	raw_spinlock_t lock;
	struct vvb_shadow found;
};

/**
 * struct vvb_vf - a VF bound to this driver
 * @core:	first: drvdata of the PCI device points at it, as vfio-pci's own code expects
 * @node:	of the list of VFs, under vvb_vfs_lock; empty once the VF is off it
 * @id, @member: VVB_VF_ID, and the group member id (VF number, 1-based)
 * @layout, @config_len, @bar0_size: of the device configuration, and of the BAR it lies in.
 *		These six never change
 * @own_line:	it has an interrupt line of its own, which is vfio-pci's; a VF has none
 * @decodes:	memory, whatever its user says; fixed while the VF is open
 * @beside_msix: virtio registers share the BAR with the MSI-X table
 * @notify_open: why the last open has found that kicks could go past us, NULL: they could not, or
 *		nobody has opened it. Both for capable.c
 * @set:	what the operator has set for this address
 * @notify_addr: in its own BAR, where it is kicked by a write of a queue index; NULL: no such, so
 *		by a command. Fixed while it is open, but for one that is its own owner: it has one
 *		while the device is live
 * @doorbells:	of one that is its own owner: each queue has its own. Fixed while it is open
 * @lock:	killable: one control access, from decide to done
 * @seq:	numbers control accesses; under @lock
 * @owner:	who carries out legacy operations
 * @intx, @vectors: the interrupt of a guest that knows no MSI-X, and what it is made of
 * @policy, @shadow: the policy that decides, and the one that only shows what it would do
 * @claim, @punt, @operation: whom an access is punted to, the one that is, and the operation that is
 *		carried out there
 */
struct vvb_vf {
	struct vfio_pci_core_device core;
	struct list_head node;
	u64 id;
	u64 member;
	const struct vvb_config_layout *layout;
	u16 bar0_size;
	u8 config_len;
	bool own_line;
	bool decodes;
	bool beside_msix;
	const char *notify_open;
	struct vvb_settings *set;

	struct vvb_state state;
	struct vvb_revoke revoke;
	struct vvb_config_space config;
	void __iomem *notify_addr;
	struct vvb_self *doorbells;
	struct vvb_ioeventfds ioeventfds;
	struct vvb_kicks kicks;

	struct mutex lock;
	u64 seq;
	struct vvb_owner owner;
	struct vvb_intx intx;
	struct vvb_vectors vectors;

	struct vvb_policy_slot policy;
	struct vvb_policy_slot shadow;
	struct vvb_eject_state eject;
	struct vvb_shadow_diff diff;

	struct vvb_claim claim;
	struct vvb_punt punt;
	struct vvb_operation operation;

	struct vvb_counters __percpu *counters;
};

extern struct mutex vvb_vfs_lock;
extern struct list_head vvb_vfs;

static inline struct vvb_vf *to_vvb_vf(struct vfio_device *vdev)
{
	return container_of(vdev, struct vvb_vf, core.vdev);
}

static inline struct vvb_vf *dev_to_vvb_vf(struct device *dev)
{
	return container_of(dev_get_drvdata(dev), struct vvb_vf, core);
}

void vvb_vf_init(struct vvb_vf *vf);
struct vvb_vf *vvb_vf_find(u64 id);
int vvb_vf_admit(struct vvb_vf *vf);
void vvb_vf_revoke(struct vvb_vf *vf, bool removed);
void vvb_vf_opened(struct vvb_vf *vf, enum vvb_owner_kind owner);
void vvb_vf_closed(struct vvb_vf *vf);
int vvb_reset_begin(struct vvb_vf *vf);
void vvb_reset_end(struct vvb_vf *vf);
void vvb_reset_happened(struct vvb_vf *vf);

#endif /* VVB_VF_H */
