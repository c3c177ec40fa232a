/* SPDX-License-Identifier: GPL-2.0-only */
/* One administration command on its way, and what it needs to outlive its VF. */
#ifndef VVB_COMMAND_H
#define VVB_COMMAND_H

#include <linux/kref.h>
#include <linux/workqueue.h>

#include "inflight.h"
#include "owner.h"

/**
 * struct vvb_call - a command as who waits for it sees it
 * @op:		what to do
 * @wanted:	is it still of use? NULL: it is
 * @flags:	for VVB_OP_NOTIFY_INFO: asked for
 * @deadline:	how long to wait, for its turn and for the device
 * @sent:	out: the device has got it, and may do it, answered or not
 * @status:	out: 0 or what virtio_pci returned: the negative status of the device, any number,
 *		or an error of its own. Of no meaning when there is no answer
 * @value:	out, of a read: what it has read, missing bytes zero
 * @bar, @offset: out, for VVB_OP_NOTIFY_INFO
 */
struct vvb_call {
	const struct vvb_admin_op *op;
	const struct vvb_wanted *wanted;
	u8 flags;
	struct vvb_deadline deadline;
	bool sent;
	int status;
	u64 value;
	u8 bar;
	u64 offset;
};

/**
 * struct vvb_cmd - a command, with references to all that it touches
 * @ticket:	for what is in flight at @pf
 * @pdev:	the VF
 * @pf:	of the PF, it holds the PF's PCI and virtio device
 * @op, @wanted, @flags: as in struct vvb_call
 * @refused:	why it was never sent, a negative errno
 * @status, @bar, @offset: what came back
 * @buf:	registers; the device writes here, whenever it pleases
 */
struct vvb_cmd {
	struct kref kref;
	struct work_struct work;
	struct vvb_ticket ticket;
	struct pci_dev *pdev;
	struct vvb_pf *pf;
	struct vvb_admin_op op;
	struct vvb_wanted wanted;
	u8 flags;
	u8 bar;
	int refused;
	int status;
	u64 offset;
	u8 buf[8] ____cacheline_aligned;
};

struct vvb_cmd *vvb_cmd_new(struct pci_dev *pdev, struct vvb_pf *pf, u64 member);
void vvb_cmd_put(struct vvb_cmd *cmd);
int vvb_cmd_renew(struct vvb_cmd **cmd);
int vvb_cmd_inline(struct vvb_cmd *cmd, struct vvb_call *call);
int vvb_cmd_guarded(struct vvb_cmd *cmd, struct vvb_call *call);
int vvb_cmd_init(void);
void vvb_cmd_exit(void);

/*
 * Has a worker got it? One that has not has left nothing undone with it: its reference goes last.
 */
static inline bool vvb_cmd_shared(const struct vvb_cmd *cmd)
{
	if (kref_read(&cmd->kref) > 1)
		return true;
	smp_acquire__after_ctrl_dep(); /* pairs with kref_put() of the worker */
	return false;
}

#endif /* VVB_COMMAND_H */
