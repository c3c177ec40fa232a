/* SPDX-License-Identifier: GPL-2.0-only */
/* One administration command on its way, and what it needs to outlive its VF. */
#ifndef VVB_COMMAND_H
#define VVB_COMMAND_H

#include <linux/kref.h>
#include <linux/workqueue.h>

#include "gate.h"
#include "vvb.h"

/**
 * struct vvb_call - a command as who waits for it sees it
 * @op:		what to do
 * @hold:	it is the daemon's own, and of no use once it does not hold its request any more, see
 *		struct vvb_punt; 0: the vCPU's
 * @flags:	for VVB_OP_NOTIFY_INFO: asked for
 * @patience:	how long to wait, for a slot and for the device
 * @sent:	out: the device has got it, and may do it, answered or not
 * @status:	out: 0 or what virtio_pci returned: the negative status of the device, any number,
 *		or an error of its own. Of no meaning when there is no answer
 * @value:	out, of a read: what it has read, missing bytes zero
 * @bar, @offset: out, for VVB_OP_NOTIFY_INFO
 */
struct vvb_call {
	const struct vvb_admin_op *op;
	u64 hold;
	u8 flags;
	struct vvb_patience patience;
	bool sent;
	int status;
	u64 value;
	u8 bar;
	u64 offset;
};

/**
 * struct vvb_cmd - a command, with references to all that it touches
 * @pass:	for the slots of @gate
 * @pdev:	the VF
 * @gate:	of the PF, it holds the PF's PCI and virtio device
 * @op, @hold, @flags: as in struct vvb_call
 * @refused:	why it was never sent, a negative errno
 * @status, @bar, @offset: what came back
 * @buf:	registers; the device writes here, whenever it pleases
 */
struct vvb_cmd {
	struct kref kref;
	struct work_struct work;
	struct vvb_pass pass;
	struct pci_dev *pdev;
	struct vvb_gate *gate;
	struct vvb_admin_op op;
	u64 hold;
	u8 flags;
	u8 bar;
	int refused;
	int status;
	u64 offset;
	u8 buf[8] ____cacheline_aligned;
};

struct vvb_cmd *vvb_cmd_new(struct pci_dev *pdev, struct vvb_gate *gate, u64 member);
void vvb_cmd_put(struct vvb_cmd *cmd);
int vvb_cmd_inline(struct vvb_cmd *cmd, struct vvb_call *call);
int vvb_cmd_guarded(struct vvb_cmd *cmd, struct vvb_call *call);
int vvb_cmd_init(void);
void vvb_cmd_exit(void);

#endif /* VVB_COMMAND_H */
