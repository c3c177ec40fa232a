// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VF does for its VFIO user: opening, closing, regions, ioctls. What an open device does
 * with an access is in bar0.c, what its config space looks like in config.c. In the kernel,
 * as VFIO is.
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/virtio_pci.h>

#include "bar0.h"
#include "capable.h"
#include "compat.h"
#include "config.h"
#include "intx.h"
#include "ioeventfd.h"
#include "irqs.h"
#include "kick.h"
#include "notify.h"
#include "owner.h"
#include "owner_pf.h"
#include "policy.h"
#include "punt.h"
#include "stats.h"
#include "vectors.h"
#include "vf.h"
#include "vfio.h"

/* ---- open and close ---- */

static int vvb_open_legacy(struct vvb_vf *vf)
{
	int err = vvb_config_open(vf);

	vvb_vectors_open(vf);
	if (!err)
		err = vvb_owner_open(vf);
	if (!err)
		err = vvb_notify_open(vf);
	/* that asks the device: what ends such a wait ends the open */
	if (READ_ONCE(vf->revoke.revoked))
		err = -ENODEV;
	if (err)
		vvb_owner_close(vf);
	return err;
}

static int vvb_open_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	enum vvb_owner_kind owner;
	const char *why;
	bool possible;
	int err;

	err = vvb_policy_admit(vf);
	if (!err)
		err = vvb_vf_admit(vf);
	if (err)
		return err;
	err = vvb_owner_settled(vf);
	if (err)
		goto ended;
	/* asked whatever `legacy` says, which does not stand still before the VF is open */
	possible = vvb_capable(vf, &owner, &why) != VVB_LEGACY_OFF;
	vvb_vf_opened(vf, owner);
	if (!possible && vf->set->legacy != VVB_LEGACY_OFF)
		dev_warn_ratelimited(
			vdev->dev, "legacy=%s: %s: %s\n", vf->state.sealed ? "only" : "auto",
			vf->state.sealed ? "not opened" : "the modern interface alone", why);
	/* who has left it to us learns that it is not what it was */
	if (owner == VVB_OWNER_SELF && vf->set->owner == VVB_OWNER_AUTO)
		why = vvb_owner_pf_gone(vf);
	else
		why = NULL;
	if (why)
		dev_warn_ratelimited(vdev->dev, "owner=auto: opened as its own owner: %s\n", why);
	if (vf->state.sealed && !possible) {
		err = -EOPNOTSUPP;
		goto closed;
	}
	err = vfio_pci_core_enable(&vf->core);
	if (err)
		goto closed;
	if (vf->state.transitional) {
		err = vvb_open_legacy(vf);
		if (err)
			goto disable;
	}
	vfio_pci_core_finish_enable(&vf->core);
	return 0;
disable:
	vfio_pci_core_disable(&vf->core);
closed:
	vvb_vf_closed(vf);
ended:
	vvb_vf_revoke(vf, false);
	return err;
}

static void vvb_close_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	/* first, as kicks may be waiting for a daemon, or their turn, one after the other */
	vvb_vf_revoke(vf, false);
	vvb_ioeventfd_close(vf);
	vvb_kick_close(vf);
	vvb_punt_drain(vf);
	vvb_intx_close(vf);
	vvb_owner_close(vf);
	vfio_pci_core_close_device(vdev);
	vvb_vf_closed(vf);
}

/* ---- regions ---- */

/* While sealed, the only BAR a user may touch is the one with the MSI-X table. */
static bool vvb_bar_refused(struct vvb_vf *vf, u64 index)
{
	return vf->state.sealed && index > VFIO_PCI_BAR0_REGION_INDEX &&
	       index <= VFIO_PCI_BAR5_REGION_INDEX && index != vf->core.msix_bar;
}

static __always_inline ssize_t vvb_region_rw(struct vfio_device *vdev, char __user *buf,
					     size_t count, loff_t *ppos, bool write)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	u64 index = VFIO_PCI_OFFSET_TO_INDEX(*ppos);

	if (vf->state.transitional && count) {
		/* the kick that nearly all guests do; region 0 begins at file offset 0 */
		if (write && *ppos == VIRTIO_PCI_QUEUE_NOTIFY && count == VVB_NOTIFY_LEN)
			return vvb_kick_user(vf, buf);
		if (index == VFIO_PCI_BAR0_REGION_INDEX)
			return vvb_bar0_rw(vf, buf, count, *ppos & VFIO_PCI_OFFSET_MASK, write);
		if (index == VFIO_PCI_CONFIG_REGION_INDEX)
			return vvb_config_rw(vf, buf, count, ppos, write);
		if (vvb_bar_refused(vf, index))
			return -EINVAL;
	}
	return write ? vfio_pci_core_write(vdev, buf, count, ppos) :
		       vfio_pci_core_read(vdev, buf, count, ppos);
}

static ssize_t vvb_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return vvb_region_rw(vdev, buf, count, ppos, false);
}

static ssize_t vvb_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	return vvb_region_rw(vdev, (char __user *)buf, count, ppos, true);
}

static int vvb_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	u64 index = vma->vm_pgoff >> (VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT);

	if (vvb_bar_refused(to_vvb_vf(vdev), index))
		return -EINVAL;
	return vfio_pci_core_mmap(vdev, vma);
}

/* A VMM need not know virtio to have kicks signalled. */
static int vvb_tell_doorbell(struct vfio_info_cap *caps)
{
	struct vvb_region_info_cap_doorbell cap = {
		.id = VVB_REGION_INFO_CAP_DOORBELL,
		.version = VVB_REGION_INFO_CAP_DOORBELL_VERSION,
		.offset = VIRTIO_PCI_QUEUE_NOTIFY,
		.width = VVB_NOTIFY_LEN,
		.eventfds = VVB_IOEVENTFDS_MAX,
	};

	return vfio_info_add_capability(caps, (struct vfio_info_cap_header *)&cap, sizeof(cap));
}

/* VFIO_DEVICE_GET_REGION_INFO, see compat.h: @caps is NULL where the kernel takes none. */
static int vvb_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
			   struct vfio_info_cap *caps)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	bool bar0 = vf->state.transitional && info->index == VFIO_PCI_BAR0_REGION_INDEX;

	if (!bar0 && !vvb_bar_refused(vf, info->index))
		return vfio_pci_ioctl_get_region_info(vdev, info, caps);
	/* a refused BAR looks like one that the device has not got: size 0, no access */
	info->flags = bar0 ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	info->size = bar0 ? vf->bar0_size : 0;
	info->cap_offset = 0;
	info->offset = VFIO_PCI_INDEX_TO_OFFSET((u64)info->index);
	return bar0 && caps ? vvb_tell_doorbell(caps) : 0;
}

static long vvb_reset(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	long err = vvb_reset_begin(vf);

	if (err)
		return err;
	err = vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);
	vvb_reset_end(vf);
	return err;
}

/*
 * BAR0 has one register that an eventfd can stand for: queue_notify; region 0 begins at file offset
 * 0. As any write it may be of each width that VFIO knows, and a VMM that wants kicks of several has
 * an eventfd for each.
 */
static long vvb_ioeventfd(struct vvb_vf *vf, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_ioeventfd, fd);
	struct vfio_device_ioeventfd info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.fd < -1 || info.offset != VIRTIO_PCI_QUEUE_NOTIFY ||
	    info.flags & ~VFIO_DEVICE_IOEVENTFD_SIZE_MASK || hweight32(info.flags) != 1)
		return -EINVAL;
	return vvb_ioeventfd_set(vf, info.data, info.flags, info.fd);
}

/*
 * vfio-pci takes the offset of VFIO_DEVICE_IOEVENTFD for signed and so looks in front of its
 * array of BARs: an oops at 2^63 or more. It reads its argument itself, so that a check here is
 * for show: another thread can change it in between. So the call never goes there, whatever BAR
 * it is for and whatever `legacy` says. No VMM is known to miss it on a virtio device: it is
 * there for the quirks of graphics cards, and optional.
 *
 * VFIO_DEVICE_PCI_HOT_RESET needs no fence: vfio-pci refuses it for a VF, which is a set of its own
 * while a reset of its bus or slot would hit the PF, too. A function that is no VF is its own owner: of such
 * a reset it learns as of any, and what it does with its registers ends before that.
 */
static long vvb_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	if (!vf->state.transitional)
		return cmd == VFIO_DEVICE_IOEVENTFD ? -ENOTTY : vfio_pci_core_ioctl(vdev, cmd, arg);
	switch (cmd) {
	case VFIO_DEVICE_GET_REGION_INFO:
		return vvb_region_info_ioctl(vdev, arg, vvb_region_info);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vvb_irqs_info(vf, cmd, arg);
	case VFIO_DEVICE_SET_IRQS:
		return vvb_irqs_set(vf, cmd, arg);
	case VFIO_DEVICE_RESET:
		return vvb_reset(vf, cmd, arg);
	case VFIO_DEVICE_IOEVENTFD:
		return vvb_ioeventfd(vf, arg);
	default:
		return vfio_pci_core_ioctl(vdev, cmd, arg);
	}
}

/*
 * What newer kernels offer besides may be a way past what is refused here: a dma-buf of a BAR is one.
 * So with a legacy interface a VF has what is known to be none.
 *
 * A VF that loses its state in D3hot (No_Soft_Reset clear) must not sleep behind its user's back:
 * each access from the host would wake it, which is a reset. Such a VF has no runtime power
 * management while it shows a legacy interface; what its guest asks for by config space is its
 * own affair.
 */
static int vvb_feature(struct vfio_device *vdev, u32 flags, void __user *arg, size_t argsz)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	switch (flags & VFIO_DEVICE_FEATURE_MASK) {
	case VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY:
	case VFIO_DEVICE_FEATURE_LOW_POWER_ENTRY_WITH_WAKEUP:
	case VFIO_DEVICE_FEATURE_LOW_POWER_EXIT:
		if (vf->state.transitional && vf->core.needs_pm_restore)
			return -ENOTTY;
		break;
	case VFIO_DEVICE_FEATURE_PCI_VF_TOKEN:
		break;
	default:
		if (vf->state.transitional)
			return -ENOTTY;
	}
	return vfio_pci_core_ioctl_feature(vdev, flags, arg, argsz);
}

/* ---- life of a VF ---- */

static int vvb_init_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	int err = vfio_pci_core_init_dev(vdev);

	if (err)
		return err;
	vvb_vf_init(vf);
	vvb_kick_init(vf);
	vf->counters = alloc_percpu(struct vvb_counters);
	return vf->counters ? 0 : -ENOMEM;
}

static void vvb_release_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	vvb_owner_free(vf);
	free_percpu(vf->counters);
	vfio_pci_core_release_dev(vdev);
}

const struct vfio_device_ops vvb_vfio_ops = {
	.name = KBUILD_MODNAME,
	.init = vvb_init_device,
	.release = vvb_release_device,
	.open_device = vvb_open_device,
	.close_device = vvb_close_device,
	VVB_IOCTL_OPS,
	.device_feature = vvb_feature,
	.read = vvb_read,
	.write = vvb_write,
	.mmap = vvb_mmap,
	.request = vfio_pci_core_request,
	VVB_MATCH_OPS,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
};
