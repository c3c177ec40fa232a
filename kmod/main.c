// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI and VFIO: binding, opening, closing, resetting. What an open device does with an
 * access is in bar0.c, what its config space looks like in config.c.
 */
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_pci.h>

#include "command.h"
#include "gate.h"
#include "user.h"
#include "vvb.h"

#define VVB_ID_NET (VVB_MODERN_ID_BASE + VIRTIO_ID_NET)

DEFINE_MUTEX(vvb_vfs_lock); /* see vvb.h */
LIST_HEAD(vvb_vfs);

/* The VF with this id; vvb_vfs_lock is held. */
struct vvb_vf *vvb_vf_find(u64 id)
{
	struct vvb_vf *vf;

	lockdep_assert_held(&vvb_vfs_lock);
	list_for_each_entry(vf, &vvb_vfs, node)
		if (vf->id == id)
			return vf;
	return NULL;
}

/* ---- open and close ---- */

/* Can this VF have a legacy interface at all? Asks the PF's driver, so: at open. */
static bool vvb_legacy_possible(struct vvb_vf *vf)
{
	return vf->layout && vf->config_len && !pci_resource_flags(vf->core.pdev, 0) &&
	       vvb_admin_supported(vf);
}

static int vvb_open_legacy(struct vvb_vf *vf)
{
	int err = vvb_config_open(vf);

	if (!err)
		err = vvb_notify_open(vf);
	/* that asks the device: what ends such a wait ends the open */
	return READ_ONCE(vf->doomed) ? -ENODEV : err;
}

/* Freeze what `legacy` says for the time the device is open. */
static void vvb_mark_open(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state_lock);
	vf->opened = true;
	vf->transitional = vf->set->legacy != VVB_LEGACY_OFF;
	vf->sealed = vf->set->legacy == VVB_LEGACY_ONLY;
	vf->msix = false;
}

/* What was asked for can't be had now. */
static void vvb_mark_modern(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state_lock);
	vf->transitional = false;
}

static void vvb_mark_closed(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state_lock);
	vf->opened = false;
	vf->io_enabled = false;
	vf->notify = NULL;
	WRITE_ONCE(vf->notify_via, VVB_NOTIFY_CLOSED);
}

static int vvb_open_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	int err;

	err = vvb_punt_begin(vf);
	if (err)
		return err;
	err = vvb_admin_settled(vf);
	if (err)
		goto ended;
	vvb_mark_open(vf);
	if (vf->transitional && !vvb_legacy_possible(vf)) {
		vvb_mark_modern(vf);
		if (vf->sealed) {
			dev_warn_ratelimited(vdev->dev, "legacy=only: no legacy commands now\n");
			err = -EOPNOTSUPP;
			goto closed;
		}
	}
	err = vfio_pci_core_enable(&vf->core);
	if (err)
		goto closed;
	if (vf->transitional) {
		err = vvb_open_legacy(vf);
		if (err)
			goto disable;
	}
	vfio_pci_core_finish_enable(&vf->core);
	return 0;
disable:
	vfio_pci_core_disable(&vf->core);
closed:
	vvb_mark_closed(vf);
ended:
	vvb_punt_end(vf, false);
	return err;
}

static void vvb_close_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	/* first, as kicks may be waiting for a daemon, or a slot, one after the other */
	vvb_punt_end(vf, false);
	vvb_admin_end(vf, false);
	vvb_ioeventfd_close(vf);
	vvb_kick_close(vf);
	vvb_punt_drain(vf);
	vfio_pci_core_close_device(vdev);
	vvb_mark_closed(vf);
}

/* ---- regions ---- */

/* While sealed, the only BAR a user may touch is the one with the MSI-X table. */
static bool vvb_bar_refused(struct vvb_vf *vf, u64 index)
{
	return vf->sealed && index > VFIO_PCI_BAR0_REGION_INDEX &&
	       index <= VFIO_PCI_BAR5_REGION_INDEX && index != vf->core.msix_bar;
}

static ssize_t vvb_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	u64 index = VFIO_PCI_OFFSET_TO_INDEX(*ppos);

	if (!vf->transitional || !count)
		return vfio_pci_core_read(vdev, buf, count, ppos);
	if (index == VFIO_PCI_BAR0_REGION_INDEX)
		return vvb_bar0_rw(vf, buf, count, *ppos & VFIO_PCI_OFFSET_MASK, false);
	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return vvb_config_rw(vf, buf, count, ppos, false);
	if (vvb_bar_refused(vf, index))
		return -EINVAL;
	return vfio_pci_core_read(vdev, buf, count, ppos);
}

/* The whole of queue_notify; region 0 begins at file offset 0. */
static bool vvb_is_kick_at(loff_t pos, size_t count)
{
	return pos == VIRTIO_PCI_QUEUE_NOTIFY && count == 2;
}

static ssize_t vvb_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	u64 index = VFIO_PCI_OFFSET_TO_INDEX(*ppos);

	if (!vf->transitional || !count)
		return vfio_pci_core_write(vdev, buf, count, ppos);
	if (vvb_is_kick_at(*ppos, count))
		return vvb_kick_user(vf, buf);
	if (index == VFIO_PCI_BAR0_REGION_INDEX)
		return vvb_bar0_rw(vf, (char __user *)buf, count, *ppos & VFIO_PCI_OFFSET_MASK,
				   true);
	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		return vvb_config_rw(vf, (char __user *)buf, count, ppos, true);
	if (vvb_bar_refused(vf, index))
		return -EINVAL;
	return vfio_pci_core_write(vdev, buf, count, ppos);
}

static int vvb_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	u64 index = vma->vm_pgoff >> (VFIO_PCI_OFFSET_SHIFT - PAGE_SHIFT);

	if (vvb_bar_refused(to_vvb_vf(vdev), index))
		return -EINVAL;
	return vfio_pci_core_mmap(vdev, vma);
}

static long vvb_region_info(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	struct vfio_region_info __user *uarg = (void __user *)arg;
	unsigned long minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_region_info info;

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	/* which reads the index again: a changed one tells of a refused BAR, but opens none */
	if (info.index != VFIO_PCI_BAR0_REGION_INDEX && !vvb_bar_refused(vf, info.index))
		return vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);
	/* a refused BAR looks like one that the device has not got: size 0, no access */
	info.flags = 0;
	info.size = 0;
	info.cap_offset = 0;
	info.offset = VFIO_PCI_INDEX_TO_OFFSET((u64)info.index);
	if (info.index == VFIO_PCI_BAR0_REGION_INDEX) {
		info.size = vf->bar0_size;
		info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	}
	return copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

#define VVB_MAX_VECTORS (PCI_MSIX_FLAGS_QSIZE + 1)

/* The argument of SET_IRQS is missing, in whole or in part. Is it there now? */
static bool vvb_irqs_again(char __user *arg, unsigned int *tries)
{
	size_t len = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set set;
	u32 nr;

	if (copy_from_user(&set, arg, len))
		return false;
	nr = min_t(u32, set.count, VVB_MAX_VECTORS);
	if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
		len += nr * sizeof(s32);
	else if (set.flags & VFIO_IRQ_SET_DATA_BOOL)
		len += nr;
	return vvb_user_again(arg, len, false, tries);
}

/*
 * irq_type is vfio-pci's, under a lock that must not nest here. It changes by SET_IRQS
 * alone while the device is open, so it is published from there. No access is under way
 * meanwhile: to each MSI-X is either on or off, in the device too.
 */
static long vvb_set_irqs(struct vvb_vf *vf, unsigned int cmd, unsigned long arg)
{
	unsigned int tries = 0;
	long err;

	do {
		if (mutex_lock_killable(&vf->lock))
			return -EINTR;
		pagefault_disable();
		err = vfio_pci_core_ioctl(&vf->core.vdev, cmd, arg);
		pagefault_enable();
		WRITE_ONCE(vf->msix, vf->core.irq_type == VFIO_PCI_MSIX_IRQ_INDEX);
		mutex_unlock(&vf->lock);
	} while (err == -EFAULT && vvb_irqs_again((char __user *)arg, &tries));
	return err;
}

/**
 * vvb_reset_begin - before the user resets a VF
 * @vf:		open
 *
 * Not into the middle of an access. And a late answer to a command given up would change the
 * device behind the reset.
 *
 * Context: sleeps, killable; takes vf->lock.
 * Return: 0 and vvb_reset_end() must follow; or as vvb_admin_settled().
 */
int vvb_reset_begin(struct vvb_vf *vf)
{
	int err;

	if (mutex_lock_killable(&vf->lock))
		return -EINTR;
	err = vvb_admin_settled(vf);
	if (err)
		mutex_unlock(&vf->lock);
	return err;
}

void vvb_reset_end(struct vvb_vf *vf)
{
	mutex_unlock(&vf->lock);
}

/**
 * vvb_reset_happened - after any reset
 * @vf:		open or not
 *
 * I/O decoding is off, as in hardware, and whatever was cached is void.
 * Context: process context; takes state_lock, and may be under vfio-pci's memory_lock: no
 * sleeping lock here, no command.
 */
void vvb_reset_happened(struct vvb_vf *vf)
{
	guard(spinlock)(&vf->state_lock);
	WRITE_ONCE(vf->io_enabled, false);
	WRITE_ONCE(vf->epoch, vf->epoch + 1);
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

/* BAR0 has one register that an eventfd can stand for: queue_notify, written whole. */
static long vvb_ioeventfd(struct vvb_vf *vf, unsigned long arg)
{
	unsigned long minsz = offsetofend(struct vfio_device_ioeventfd, fd);
	struct vfio_device_ioeventfd info;

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (VFIO_PCI_OFFSET_TO_INDEX(info.offset) != VFIO_PCI_BAR0_REGION_INDEX)
		return -EINVAL;
	if (info.argsz < minsz || info.flags != VFIO_DEVICE_IOEVENTFD_16 || info.fd < -1 ||
	    (info.offset & VFIO_PCI_OFFSET_MASK) != vvb_fields[VVB_FIELD_QUEUE_NOTIFY].offset)
		return -EINVAL;
	return vvb_ioeventfd_set(vf, info.data, info.fd);
}

/*
 * vfio-pci takes the offset of VFIO_DEVICE_IOEVENTFD for signed and so looks in front of its
 * array of BARs: an oops at 2^63 or more. It reads its argument itself, so that a check here is
 * for show: another thread can change it in between. So the call never goes there, whatever BAR
 * it is for and whatever `legacy` says. No VMM is known to miss it on a virtio device: it is
 * there for the quirks of graphics cards, and optional.
 *
 * VFIO_DEVICE_PCI_HOT_RESET needs no fence: vfio-pci refuses it for a VF, which is a set of its own
 * while a reset of its bus or slot would hit the PF, too.
 */
static long vvb_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	if (!vf->transitional && cmd == VFIO_DEVICE_IOEVENTFD)
		return -ENOTTY;
	if (!vf->transitional)
		return vfio_pci_core_ioctl(vdev, cmd, arg);
	switch (cmd) {
	case VFIO_DEVICE_GET_REGION_INFO:
		return vvb_region_info(vf, cmd, arg);
	case VFIO_DEVICE_SET_IRQS:
		return vvb_set_irqs(vf, cmd, arg);
	case VFIO_DEVICE_RESET:
		return vvb_reset(vf, cmd, arg);
	case VFIO_DEVICE_IOEVENTFD:
		return vvb_ioeventfd(vf, arg);
	default:
		return vfio_pci_core_ioctl(vdev, cmd, arg);
	}
}

/*
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
		if (vf->transitional && vf->core.needs_pm_restore)
			return -ENOTTY;
	}
	return vfio_pci_core_ioctl_feature(vdev, flags, arg, argsz);
}

/* ---- life of a VF ---- */

static const struct vfio_device_ops vvb_vfio_ops;

static int vvb_init_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);
	int err = vfio_pci_core_init_dev(vdev);

	if (err)
		return err;
	spin_lock_init(&vf->state_lock);
	mutex_init(&vf->config_lock);
	mutex_init(&vf->lock);
	INIT_LIST_HEAD(&vf->node);
	vvb_ioeventfd_init(vf);
	vvb_kick_init(vf);
	vvb_eject_init(vf);
	vvb_punt_vf_init(vf);
	return vvb_stats_alloc(vf);
}

static void vvb_release_device(struct vfio_device *vdev)
{
	struct vvb_vf *vf = to_vvb_vf(vdev);

	vvb_admin_vf_free(vf);
	vvb_gate_put(vf->gate);
	vvb_stats_free(vf);
	vfio_pci_core_release_dev(vdev);
}

static const struct vfio_device_ops vvb_vfio_ops = {
	.name = KBUILD_MODNAME,
	.init = vvb_init_device,
	.release = vvb_release_device,
	.open_device = vvb_open_device,
	.close_device = vvb_close_device,
	.ioctl = vvb_ioctl,
	.device_feature = vvb_feature,
	.read = vvb_read,
	.write = vvb_write,
	.mmap = vvb_mmap,
	.request = vfio_pci_core_request,
	.match = vfio_pci_core_match,
	.bind_iommufd = vfio_iommufd_physical_bind,
	.unbind_iommufd = vfio_iommufd_physical_unbind,
	.attach_ioas = vfio_iommufd_physical_attach_ioas,
	.detach_ioas = vfio_iommufd_physical_detach_ioas,
};

/* What never changes while the VF is bound. */
static int vvb_identify(struct vvb_vf *vf, struct pci_dev *pdev)
{
	int number = pci_iov_vf_id(pdev);
	struct vvb_gate *gate;

	vf->id = VVB_VF_ID(pci_domain_nr(pdev->bus), pdev->bus->number, pdev->devfn);
	vf->member = number < 0 ? 0 : number + 1;
	vf->layout = number < 0 ? NULL : vvb_config_layout(pdev->device - VVB_MODERN_ID_BASE);
	vf->config_len = vvb_config_len(pdev);
	vf->bar0_size = roundup_pow_of_two(VVB_COMMON_LEN_MSIX + vf->config_len);
	if (number < 0)
		return 0;
	gate = vvb_gate_get(pci_physfn(pdev));
	if (IS_ERR(gate))
		return PTR_ERR(gate);
	vf->gate = gate;
	return 0;
}

/* Nobody finds the VF any more. */
static void vvb_leave(struct vvb_vf *vf)
{
	vvb_policy_release(vf);
	vvb_punt_vf_gone(vf);
}

static int vvb_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct vvb_vf *vf;
	int err;

	vf = vfio_alloc_device(vvb_vf, core.vdev, &pdev->dev, &vvb_vfio_ops);
	if (IS_ERR(vf))
		return PTR_ERR(vf);
	dev_set_drvdata(&pdev->dev, &vf->core);
	err = vvb_identify(vf, pdev);
	if (!err)
		err = vvb_admin_vf_init(vf);
	if (!err)
		err = vvb_policy_join(vf);
	if (err)
		goto put;
	err = vfio_pci_core_register_device(&vf->core);
	if (err)
		goto unlist;
	return 0;
unlist:
	vvb_leave(vf);
put:
	vfio_put_device(&vf->core.vdev);
	return err;
}

/*
 * First let go every vCPU that waits: for a daemon, a turn, or the device. vfio waits in unregister
 * until the last user has closed; nothing is pending then but what was given up.
 */
static void vvb_remove(struct pci_dev *pdev)
{
	struct vvb_vf *vf = dev_to_vvb_vf(&pdev->dev);

	vvb_punt_end(vf, true);
	vvb_admin_end(vf, true);
	vfio_pci_core_unregister_device(&vf->core);
	vvb_leave(vf);
	vvb_admin_let_go(vf);
	vfio_put_device(&vf->core.vdev);
}

static void vvb_reset_done(struct pci_dev *pdev)
{
	vvb_reset_happened(dev_to_vvb_vf(&pdev->dev));
}

static const struct pci_error_handlers vvb_err_handlers = {
	.reset_done = vvb_reset_done,
	.error_detected = vfio_pci_core_aer_err_detected,
};

/* By driver_override alone. Modern device IDs of the types that vvb_config_layouts knows. */
static const struct pci_device_id vvb_ids[] = {
	{ PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_REDHAT_QUMRANET, VVB_ID_NET) },
	{},
};
MODULE_DEVICE_TABLE(pci, vvb_ids);

static struct pci_driver vvb_driver = {
	.name = KBUILD_MODNAME,
	.id_table = vvb_ids,
	.probe = vvb_probe,
	.remove = vvb_remove,
	.groups = vvb_driver_groups,
	.dev_groups = vvb_vf_groups,
	.err_handler = &vvb_err_handlers,
	.driver_managed_dma = true,
};

static int __init vvb_module_init(void)
{
	int err = vvb_gate_init();

	if (err)
		return err;
	err = vvb_cmd_init();
	if (err)
		goto gate;
	err = vvb_kicks_init();
	if (err)
		goto cmd;
	vvb_hooks_init();
	vvb_punt_init();
	err = vvb_channel_init();
	if (err)
		goto kicks;
	err = pci_register_driver(&vvb_driver);
	if (err)
		goto channel;
	return 0;
channel:
	vvb_settings_exit();
	vvb_channel_exit();
kicks:
	vvb_kicks_exit();
cmd:
	vvb_cmd_exit();
gate:
	vvb_gate_exit();
	return err;
}

static void __exit vvb_module_exit(void)
{
	pci_unregister_driver(&vvb_driver);
	vvb_eject_exit();
	vvb_channel_exit();
	vvb_kicks_exit();
	vvb_cmd_exit();
	vvb_gate_exit();
	vvb_settings_exit();
}

module_init(vvb_module_init);
module_exit(vvb_module_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("the virtio-vfio-bpf developers");
MODULE_DESCRIPTION("legacy virtio guests on SR-IOV virtio hardware, each access decided in BPF");
