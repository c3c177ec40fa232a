/* SPDX-License-Identifier: GPL-2.0-only */
/* One administration command on its way, and what it needs to outlive its VF. */
#ifndef VVB_COMMAND_H
#define VVB_COMMAND_H

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/workqueue.h>

#include "vvb.h"

enum vvb_cmd_state {
	VVB_CMD_RUNNING,
	VVB_CMD_DONE,
	VVB_CMD_ABANDONED, /* the vCPU went on; the device may still write into it */
};

/**
 * struct vvb_cmd - a command, with references to all that it touches
 * @pdev:	the VF
 * @gate:	of the PF, it holds the PF's PCI and virtio device
 * @state:	enum vvb_cmd_state; leaves RUNNING once, by cmpxchg
 * @op:		what to do; for VVB_OP_NOTIFY_INFO @flags asks and @bar, @offset answer
 * @request:	it is the daemon's own, on behalf of this request, and not sent once that is settled;
 *		0: nobody's
 * @buf:	registers; the device writes here, whenever it pleases
 */
struct vvb_cmd {
	struct kref kref;
	struct work_struct work;
	struct completion done;
	struct pci_dev *pdev;
	struct vvb_gate *gate;
	struct vvb_admin_op op;
	atomic_t state;
	int err;
	u8 flags;
	u8 bar;
	u64 offset;
	u64 request;
	u8 buf[8] ____cacheline_aligned;
};

struct vvb_cmd *vvb_cmd_new(struct pci_dev *pdev, struct vvb_gate *gate);
void vvb_cmd_put(struct vvb_cmd *cmd);
int vvb_cmd_inline(struct vvb_cmd *cmd);
int vvb_cmd_guarded(struct vvb_cmd *cmd, unsigned long timeout);

/* Did its vCPU go on without the answer? */
static inline bool vvb_cmd_abandoned(const struct vvb_cmd *cmd)
{
	return atomic_read(&cmd->state) == VVB_CMD_ABANDONED;
}

/* And may the device still answer? */
static inline bool vvb_cmd_outstanding(const struct vvb_cmd *cmd)
{
	return vvb_cmd_abandoned(cmd) && !completion_done((struct completion *)&cmd->done);
}

/* What a read has read. */
static inline u64 vvb_cmd_value(const struct vvb_cmd *cmd)
{
	return le64_to_cpup((const __le64 *)cmd->buf) & GENMASK_ULL(8 * cmd->op.width - 1, 0);
}

#endif /* VVB_COMMAND_H */
