/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The owner of a VF carries out a legacy operation for it: a read or write of one register, or the
 * question where it is kicked. See owner.c.
 */
#ifndef VVB_OWNER_H
#define VVB_OWNER_H

#include <linux/wait.h>

#include <vvb/admin.h>
#include "select.h"
#include "settings.h"

struct vvb_call;
struct vvb_self;
struct vvb_vf;

/**
 * struct vvb_wanted - is an operation still of use?
 * @ask:	called with @what as late as can be, before the device gets to know; any thread, the
 *		VF may be gone. Return: it is
 */
struct vvb_wanted {
	bool (*ask)(u64 what);
	u64 what;
};

/**
 * struct vvb_ration - of what each costs a line in the kernel's log
 * @tokens:	so many may come at once
 * @refill:	jiffies up to which time has been turned into tokens
 */
struct vvb_ration {
	unsigned int tokens;
	unsigned long refill;
};

/**
 * struct vvb_busy - a device that says EAGAIN to all commands
 * @yes:	it does
 * @epoch:	since the VF had this one
 * @since, @last: when it was first and last heard, in jiffies
 */
struct vvb_busy {
	bool yes;
	u32 epoch;
	unsigned long since;
	unsigned long last;
};

/**
 * struct vvb_features - between a function that is its own owner and its guest
 * @offered:	by the device
 * @chosen:	by the guest
 * @taken:	by the device, on the guest's behalf; 0: not yet
 */
struct vvb_features {
	u64 offered;
	u64 chosen;
	u64 taken;
};

/**
 * struct vvb_owner - of a VF
 * @active:	who it is, and not VVB_OWNER_AUTO; fixed while the VF is open
 * @self_lacks:	why it can't be the function itself; NULL: it can
 * @self:	if it is; under @turn
 * @features:	if it is; written under @turn, 0 when the VF is closed
 * @pf:		NULL: there is none that could act for the VF
 * @turn:	one operation at a time. A bit, as no mutex can be waited for until a deadline;
 *		@free is woken when it may be had. All below is under it
 * @cmd:	for the next operation, NULL without a @pf
 * @failures, @retries: commands that may fail, and be tried again
 */
struct vvb_owner {
	enum vvb_owner_kind active;
	const char *self_lacks;
	struct vvb_self *self;
	struct vvb_features features;
	struct vvb_pf *pf;
	unsigned long turn;
	wait_queue_head_t free;
	struct vvb_cmd *cmd;
	struct vvb_ration failures;
	struct vvb_ration retries;
	struct vvb_busy busy;
	struct vvb_select select;
};

int vvb_owner_init(struct vvb_vf *vf);
void vvb_owner_free(struct vvb_vf *vf);
enum vvb_owner_kind vvb_owner_choose(struct vvb_vf *vf, const char **why);
int vvb_owner_open(struct vvb_vf *vf);
void vvb_owner_close(struct vvb_vf *vf);
void vvb_owner_take(struct vvb_vf *vf);
int vvb_owner_run(struct vvb_vf *vf, const struct vvb_admin_op *op, const struct vvb_wanted *wanted,
		  u64 *value);
int vvb_owner_begin(struct vvb_vf *vf, struct vvb_call *within);
int vvb_owner_also(struct vvb_vf *vf, const struct vvb_call *within, const struct vvb_admin_op *op,
		   u64 *value);
void vvb_owner_finish(struct vvb_vf *vf);
void vvb_owner_size_told(struct vvb_vf *vf, u16 size);
int vvb_owner_defer(struct vvb_vf *vf, u16 queue);
int vvb_owner_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset);
bool vvb_owner_stalled(struct vvb_vf *vf);
unsigned int vvb_owner_pf_stalled(struct vvb_vf *vf);
int vvb_owner_settled(struct vvb_vf *vf);
void vvb_owner_end(struct vvb_vf *vf, bool removed);
void vvb_owner_let_go(struct vvb_vf *vf);

#endif /* VVB_OWNER_H */
