// SPDX-License-Identifier: GPL-2.0-only
/*
 * The PF of VFs, which carries out commands for them.
 *
 * The PF's virtio driver can go away without the PCI core noticing (unbind of virtioN, rmmod of
 * virtio_net, suspend); its queues are freed while the pointers to them stay. So we listen on the
 * virtio bus: before the driver is unbound the PF is closed to commands, those in flight are
 * waited for, and once a driver is bound it is open again. In the kernel, as a command that comes
 * late would go into memory that is freed.
 */
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "pf.h"

/* Why a PF is closed to commands; it opens when none of it is true any more. */
enum vvb_closed {
	VVB_CLOSED_NO_DRIVER = 1, /* the PF's virtio device has no driver */
	VVB_CLOSED_ASLEEP = 2, /* the host sleeps, or is about to */
};

static LIST_HEAD(vvb_pfs);
static DEFINE_MUTEX(vvb_pfs_lock);
static bool vvb_asleep; /* under it */

static void vvb_pf_close(struct vvb_pf *pf, enum vvb_closed reason)
{
	if (!vvb_inflight_close(&pf->inflight, reason))
		pci_warn(pf->pdev, "admin commands are still in flight\n");
}

static int vvb_pf_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vvb_pf *pf = container_of(nb, struct vvb_pf, nb);

	if (data != pf->virtio)
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_UNBIND_DRIVER)
		vvb_pf_close(pf, VVB_CLOSED_NO_DRIVER);
	else if (event == BUS_NOTIFY_BOUND_DRIVER)
		vvb_inflight_open(&pf->inflight, VVB_CLOSED_NO_DRIVER);
	return NOTIFY_OK;
}

/* Is the host going to sleep, or has it been? */
static int vvb_pf_pm_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct vvb_pf *pf;

	guard(mutex)(&vvb_pfs_lock);
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		vvb_asleep = true;
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		vvb_asleep = false;
		break;
	default:
		return NOTIFY_DONE;
	}
	list_for_each_entry(pf, &vvb_pfs, node) {
		if (vvb_asleep)
			vvb_pf_close(pf, VVB_CLOSED_ASLEEP);
		else
			vvb_inflight_open(&pf->inflight, VVB_CLOSED_ASLEEP);
	}
	return NOTIFY_OK;
}

static struct notifier_block vvb_pf_pm_nb = { .notifier_call = vvb_pf_pm_event };

int vvb_pf_init(void)
{
	return register_pm_notifier(&vvb_pf_pm_nb);
}

void vvb_pf_exit(void)
{
	unregister_pm_notifier(&vvb_pf_pm_nb);
}

/* For each child of the PF, until it is the virtio device: *@found is a reference to that. */
static int vvb_pf_look(struct device *dev, void *found)
{
	if (!dev->bus || strcmp(dev->bus->name, "virtio"))
		return 0;
	*(struct device **)found = get_device(dev);
	return 1;
}

/* Takes over the reference to @virtio, also when it fails. */
static struct vvb_pf *vvb_pf_new(struct pci_dev *pdev, struct device *virtio)
{
	struct vvb_pf *pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	int err = -ENOMEM;

	if (!pf)
		goto put;
	kref_init(&pf->kref);
	vvb_inflight_init(&pf->inflight);
	pf->virtio = virtio;
	pf->bus = virtio->bus;
	pf->nb.notifier_call = vvb_pf_bus_event;
	err = bus_register_notifier(pf->bus, &pf->nb);
	if (err)
		goto free;
	pf->pdev = pci_dev_get(pdev);
	/*
	 * A driver that comes or goes from here on is seen by the notifier; device_lock orders
	 * this look with a bind or unbind that is under way.
	 */
	scoped_guard(device, virtio)
		if (!virtio->driver)
			vvb_pf_close(pf, VVB_CLOSED_NO_DRIVER);
	if (vvb_asleep)
		vvb_pf_close(pf, VVB_CLOSED_ASLEEP);
	list_add_tail(&pf->node, &vvb_pfs);
	return pf;
free:
	kfree(pf);
put:
	put_device(virtio);
	return ERR_PTR(err);
}

/**
 * vvb_pf_get - the PF as we know it
 * @pdev:	physical function
 *
 * One that commands hold on to may be that of a virtio device which the PF had before.
 * Return: the PF, to be given back with vvb_pf_put(); NULL when it has no virtio device, as then
 * nobody could be sent a command; or an ERR_PTR. May sleep.
 */
struct vvb_pf *vvb_pf_get(struct pci_dev *pdev)
{
	struct device *virtio = NULL;
	struct vvb_pf *pf;

	device_for_each_child(&pdev->dev, &virtio, vvb_pf_look);
	if (!virtio)
		return NULL;
	guard(mutex)(&vvb_pfs_lock);
	list_for_each_entry(pf, &vvb_pfs, node) {
		if (pf->virtio == virtio) {
			put_device(virtio);
			kref_get(&pf->kref);
			return pf;
		}
	}
	return vvb_pf_new(pdev, virtio);
}

static void vvb_pf_free(struct kref *kref)
{
	struct vvb_pf *pf = container_of(kref, struct vvb_pf, kref);

	list_del(&pf->node);
	bus_unregister_notifier(pf->bus, &pf->nb);
	put_device(pf->virtio);
	pci_dev_put(pf->pdev);
	kfree(pf);
	mutex_unlock(&vvb_pfs_lock);
}

void vvb_pf_put(struct vvb_pf *pf)
{
	if (pf)
		kref_put_mutex(&pf->kref, vvb_pf_free, &vvb_pfs_lock);
}
