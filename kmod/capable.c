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

/* Why there can be no legacy interface; NULL: there can. */
static const char *vvb_lacks_legacy(struct vvb_vf *vf)
{
	if (!vf->member)
		return "it is no VF";
	if (!vf->layout)
		return "it is no virtio network device";
	if (!vf->config_len)
		return "it has no device configuration (VIRTIO_PCI_CAP_DEVICE_CFG)";
	if (pci_resource_flags(vf->core.pdev, 0))
		return "it has a BAR0 of its own";
	return vvb_owner_lacks(vf);
}

/**
 * vvb_capable - the most that `legacy` can be
 * @vf:		identified, with its owner
 * @why:	why not more, in words; NULL where there is no more
 *
 * Where the device wants kicks it says when the VF is opened. That, of the last open, counts for as
 * long as nobody has opened the VF again.
 *
 * Context: process context.
 */
enum vvb_legacy vvb_capable(struct vvb_vf *vf, const char **why)
{
	*why = vvb_lacks_legacy(vf);
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
	enum vvb_legacy most = vvb_capable(vf, &why);

	snprintf(text, VVB_CAPABLE_LEN, "%s%s%s", vvb_legacy_names[most], why ? ": " : "",
		 why ?: "");
}
