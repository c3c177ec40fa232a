// SPDX-License-Identifier: GPL-2.0-only
/* The PCI driver: binding and unbinding of VFs; the module. In the kernel, as PCI drivers are. */
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/virtio_ids.h>

#include "capable.h"
#include "channel.h"
#include "claim.h"
#include "command.h"
#include "config.h"
#include "hooks.h"
#include "kick.h"
#include "owner.h"
#include "pf.h"
#include "policy.h"
#include "punt.h"
#include "settings.h"
#include "sysfs.h"
#include "vf.h"
#include "vfio.h"

/*
 * Whom root names by driver_override, the PCI core gives us, whatever it is. A PF makes VFs, and
 * sends their commands: it has a driver that knows how.
 */
static const char *vvb_why_not_ours(const struct pci_dev *pdev)
{
	if (pdev->vendor != PCI_VENDOR_ID_REDHAT_QUMRANET || pdev->device < VVB_MODERN_ID_BASE ||
	    pdev->device > VVB_MODERN_ID_LAST)
		return "it is no modern virtio function";
	return pdev->is_physfn ? "it is a PF: name its VFs" : NULL;
}

/* What never changes while the VF is bound. */
static void vvb_identify(struct vvb_vf *vf, struct pci_dev *pdev)
{
	int number = pci_iov_vf_id(pdev);

	vf->id = VVB_VF_ID(pci_domain_nr(pdev->bus), pdev->bus->number, pdev->devfn);
	vf->member = number < 0 ? 0 : number + 1;
	vf->layout = vvb_config_layout(pdev->device - VVB_MODERN_ID_BASE);
	vf->config_len = vvb_config_len(pdev, vf->layout);
	vf->own_line = !pdev->is_virtfn && pdev->pin;
	vf->bar0_size = roundup_pow_of_two(VVB_COMMON_LEN_MSIX + vf->config_len);
	vf->beside_msix = vvb_config_beside_msix(pdev);
}

/* Who binds it finds out now, not when a guest does not start. */
static void vvb_say_capable(struct vvb_vf *vf)
{
	char text[VVB_CAPABLE_LEN];

	vvb_capable_print(vf, text);
	pci_info(vf->core.pdev, "capable of legacy=%s\n", text);
}

/* On the list, with the settings of its address and the policies that they name. */
static int vvb_join(struct vvb_vf *vf)
{
	struct vvb_settings *set;

	guard(mutex)(&vvb_vfs_lock);
	set = vvb_settings_of(vf->id);
	if (IS_ERR(set))
		return PTR_ERR(set);
	vf->set = set;
	list_add_tail(&vf->node, &vvb_vfs);
	vvb_policy_join(vf);
	vvb_claim_vf_come(vf);
	return 0;
}

/* Nobody finds the VF any more. */
static void vvb_leave(struct vvb_vf *vf)
{
	scoped_guard(mutex, &vvb_vfs_lock) {
		/* off both in one step, as a policy that goes looks for its VFs on the list */
		list_del_init(&vf->node);
		vvb_policy_leave(vf);
	}
	vvb_claim_vf_gone(vf);
}

static int vvb_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const char *why = vvb_why_not_ours(pdev);
	struct vvb_vf *vf;
	int err;

	if (why) {
		pci_err(pdev, "not taken: %s (%04x:%04x)\n", why, pdev->vendor, pdev->device);
		return -ENODEV;
	}
	vf = vfio_alloc_device(vvb_vf, core.vdev, &pdev->dev, &vvb_vfio_ops);
	if (IS_ERR(vf))
		return PTR_ERR(vf);
	dev_set_drvdata(&pdev->dev, &vf->core);
	vvb_identify(vf, pdev);
	err = vvb_owner_init(vf);
	if (!err)
		err = vvb_join(vf);
	if (err)
		goto put;
	err = vfio_pci_core_register_device(&vf->core);
	if (!err) {
		vvb_say_capable(vf);
		return 0;
	}
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

	vvb_vf_revoke(vf, true);
	vfio_pci_core_unregister_device(&vf->core);
	vvb_owner_let_go(vf);
	vvb_leave(vf);
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

#define VVB_ID(type)                                                           \
	{                                                                      \
		PCI_DRIVER_OVERRIDE_DEVICE_VFIO(PCI_VENDOR_ID_REDHAT_QUMRANET, \
						VVB_MODERN_ID_BASE + (type))   \
	}

/* clang-format off */
#define VVB_ID_OF(name, TYPE, transitional) \
	VVB_ID(VVB_DEVICE_##TYPE),

/* By driver_override alone. Modern device IDs of the types that have a legacy form. */
static const struct pci_device_id vvb_ids[] = {
	VVB_DEVICE_TYPES(VVB_ID_OF)
	{},
};
/* clang-format on */
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
	int err = vvb_pf_init();

	if (err)
		return err;
	err = vvb_cmd_init();
	if (err)
		goto pf;
	err = vvb_kicks_init();
	if (err)
		goto cmd;
	vvb_hooks_init();
	vvb_punt_init();
	err = vvb_channel_init();
	if (err)
		goto kicks;
	err = pci_register_driver(&vvb_driver);
	if (!err)
		return 0;
	vvb_settings_exit();
	vvb_channel_exit();
kicks:
	vvb_kicks_exit();
cmd:
	vvb_cmd_exit();
pf:
	vvb_pf_exit();
	return err;
}

static void __exit vvb_module_exit(void)
{
	pci_unregister_driver(&vvb_driver);
	vvb_policy_exit();
	vvb_channel_exit();
	vvb_kicks_exit();
	vvb_cmd_exit();
	vvb_pf_exit();
	vvb_settings_exit();
}

module_init(vvb_module_init);
module_exit(vvb_module_exit);

MODULE_LICENSE("GPL");
MODULE_VERSION(VVB_VERSION);
MODULE_AUTHOR("the virtio-vfio-bpf developers");
MODULE_DESCRIPTION("legacy virtio guests on SR-IOV virtio hardware, each access decided in BPF");
