// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VF can have. It is asked when the VF is bound, when it is opened, and whenever somebody
 * reads: the PF's driver comes and goes. Nothing here sends a command. In the kernel, as nobody else
 * knows what virtio_pci has learned of the PF's administration queue.
 */
#include <linux/pci.h>

#include "capable.h"
#include "owner.h"
#include "vf.h"

/* Why there can be no legacy interface; NULL: there can, and @owner is set. */
static const char *vvb_lacks_legacy(struct vvb_vf *vf, enum vvb_owner_kind *owner)
{
	const char *why;

	*owner = VVB_OWNER_AUTO;
	if (!vf->layout)
		return "devices of its type have no legacy form";
	if (vf->layout->device_type == VVB_DEVICE_BALLOON)
		return "a balloon names pages past the IOMMU: they would be the host's";
	if (!vf->config_len && vf->layout->nr)
		return "it has no device configuration (VIRTIO_PCI_CAP_DEVICE_CFG)";
	if (pci_resource_flags(vf->core.pdev, 0))
		return "it has a BAR0 of its own";
	*owner = vvb_owner_choose(vf, &why);
	return *owner == VVB_OWNER_AUTO ? why : NULL;
}

/**
 * vvb_capable - the most that `legacy` can be
 * @vf:		identified
 * @owner:	who would carry out its legacy operations; VVB_OWNER_AUTO: nobody
 * @why:	why not more, in words; NULL where there is no more
 *
 * Where the device wants kicks it says when the VF is opened. That, of the last open, counts for as
 * long as nobody has opened the VF again.
 *
 * Context: process context.
 */
enum vvb_legacy vvb_capable(struct vvb_vf *vf, enum vvb_owner_kind *owner, const char **why)
{
	*why = vvb_lacks_legacy(vf, owner);
	if (*why)
		return VVB_LEGACY_OFF;
	if (READ_ONCE(vf->beside_msix))
		*why = "virtio registers share a BAR with the MSI-X table";
	else
		*why = READ_ONCE(vf->notify_open);
	return *why ? VVB_LEGACY_AUTO : VVB_LEGACY_ONLY;
}

/* "only", "auto: why not only", "off: why not auto". */
void vvb_capable_print(struct vvb_vf *vf, char text[VVB_CAPABLE_LEN])
{
	const char *why;
	enum vvb_owner_kind owner;
	enum vvb_legacy most = vvb_capable(vf, &owner, &why);

	snprintf(text, VVB_CAPABLE_LEN, "%s%s%s", vvb_legacy_names[most], why ? ": " : "",
		 why ?: "");
}
