/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * virtio_vfio_bpf: a vfio-pci variant driver that shows a legacy virtio guest an I/O BAR0
 * on a VF that has none.
 *
 * One access goes one way: bar0, kick (decode) -> decide -> act (notify, admin, punt) ->
 * decide (done). Locks, outermost first:
 *
 *   vvb_vfs_lock	mutex: the list of VFs, the policy registry, which policy a VF runs
 *   vf->config_lock	mutex, killable: one access to config space, of up to four bytes
 *   vf->ioeventfds_lock	mutex, killable: which ioeventfds there are
 *   vf->lock		mutex, killable: one control access of a VF from decide to done, or one
 *			reset by the user or VFIO_DEVICE_SET_IRQS
 *   vf->cmd_lock	a bit, as no mutex can be waited for until a deadline: one administration
 *			command of a VF
 *   slots->lock	spinlock, a leaf: the commands of a PF
 *   vvb_punt_lock	spinlock: ownership of VFs by channels, pending requests
 *   vf->state_lock	spinlock, a leaf: what config space, reset and open publish
 *   vf->kick_lock	spinlock, irqs off, a leaf: kicks that wait, and when their work runs
 *   vf->report_lock	raw spinlock, irqs off, a leaf: what is told of policies. It is taken
 *			with preemption off, where PREEMPT_RT allows no other
 *
 * Beside these vvb_gates_lock, a mutex: the gates; the virtio device's lock and slots->lock come
 * under it. None of ours is held while a page of the user's is fetched (user.h). VFIO calls open and
 * close with its group's and device set's locks held, vf->lock is taken under those in close; under
 * no other of VFIO's. We take memory_lock for reading only, around the one store of a notify.
 */
#ifndef VVB_H
#define VVB_H

#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/vfio_pci_core.h>
#include <linux/workqueue.h>

#include <vvb/admin.h>
#include "policy_ops.h"
#include "settings.h"

#define VVB_MODERN_ID_BASE 0x1040 /* modern PCI device ID = base + virtio device type */

struct vvb_channel;
struct vvb_cmd;
struct vvb_gate;

enum vvb_notify_via {
	VVB_NOTIFY_CLOSED, /* the VF is not open, or has no legacy interface */
	VVB_NOTIFY_MEMBER, /* an address in the VF's own BAR */
	VVB_NOTIFY_COMMAND, /* no usable address: an administration command */
};

enum vvb_punt_state {
	VVB_PUNT_IDLE,
	VVB_PUNT_QUEUED, /* on the channel's queue, or waiting for a channel */
	VVB_PUNT_HELD, /* a session has it */
	VVB_PUNT_DONE, /* answered, the vCPU has not picked it up yet */
};

/* What became of a punt. */
struct vvb_answer {
	enum vvb_reply_action action;
	enum vvb_handler handler;
	u64 value;
	struct vvb_admin_op op;
};

/**
 * struct vvb_punt - the one request a VF can have pending, as its lock allows one
 *		     control access at a time. All under vvb_punt_lock.
 */
struct vvb_punt {
	struct list_head node;
	enum vvb_punt_state state;
	u64 hold; /* numbers who is handed a request, also the same one again; never 0 */
	bool own_command; /* the daemon runs a command of its own right now */
	struct vvb_request req;
	struct vvb_answer answer;
	struct completion done;
};

/**
 * struct vvb_counters - of one VF on one CPU
 * @kicks:	that were a store and were not timed: not in @field, but added to it in the end
 * @kicks_seen:	all, to time one in some
 * @compared, @differ: what the shadow was held against
 */
struct vvb_counters {
	struct vvb_field_stats field[VVB_FIELD_NR];
	u64 event[VVB_EV_NR];
	u64 commands[8];
	u64 kicks;
	u64 kicks_seen;
	u64 compared[VVB_FIELD_NR];
	u64 differ[VVB_FIELD_NR];
};

/**
 * struct vvb_binding - a policy bound to a VF
 * @generation:	no two bindings of a role have the same, none has 0
 * @ejected:	it is asked nothing any more. Set once, under report_lock, or taken over from the
 *		version before
 * @slow:	callbacks in a row that took too long
 */
struct vvb_binding {
	const struct vvb_policy_ops *ops;
	u32 generation;
	bool ejected;
	u8 slow;
};

/**
 * struct vvb_role - a part that a policy plays for a VF: to decide, or as its shadow
 * @binding:	NULL, or one of @slots. A grace period lies between two changes of it, so that
 *		the other slot has no reader
 * @name:	as selected, in the VF's settings, "" for none; @binding is NULL while no policy of
 *		that name is there
 * @refusal:	why the policy of that name was not bound, a negative errno
 * @generation:	of the last binding
 * @leaving:	one of @slots, of what is being let go
 *
 * All but @binding is used under vvb_vfs_lock only.
 */
struct vvb_role {
	struct vvb_binding __rcu *binding;
	struct vvb_binding slots[2];
	u32 generation;
	struct vvb_binding *leaving;
	char *name;
	int refusal;
};

/**
 * struct vvb_view - an access as one policy sees it
 * @acc:	first: what the policy's callbacks are given
 * @raised, @code, @message: what it says of itself with vvb_policy_error()
 */
struct vvb_view {
	struct vvb_access acc;
	bool raised;
	s32 code;
	char message[VVB_EJECTION_MESSAGE_LEN];
};

/**
 * struct vvb_frame - an access on its way from decide to done
 * @view:	the access, and what the VF's policy makes of it
 * @generation:	binding whose done() wants to see the outcome, 0 for none
 * @shadow, @shadow_generation: the same of the shadow; @shadow_illegal: it said nothing legal
 * @start_ns:	ktime at decode, 0 when the access is not timed
 */
struct vvb_frame {
	struct vvb_view view;
	u32 generation;
	u32 shadow_generation;
	bool shadow_illegal;
	u64 start_ns;
	struct vvb_view shadow;
};

/**
 * struct vvb_select - queue_select, of which a policy may have the kernel keep writes back
 * @held:	@value is what the guest wrote last, and the device has not got it
 * @known:	the device has @sent
 * @epoch:	all of this is void once the VF has another
 */
struct vvb_select {
	bool held;
	bool known;
	u16 value;
	u16 sent;
	u32 epoch;
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

#define VVB_COALESCE_QUEUES 256 /* queues that can have a notify waiting */

/**
 * struct vvb_vf - a VF bound to this driver
 * @core:	first: drvdata of the PCI device points at it, as vfio-pci's own code expects
 * @id, @member: VVB_VF_ID, and the group member id (VF number, 1-based)
 * @set:	what the operator has set for this address
 * @transitional, @sealed: what open made of set->legacy
 * @doomed:	closed, being closed, or wanted back: every access ends at once
 * @revoked:	wanted back, for good; under vvb_punt_lock
 * @io_enabled, @bar0, @epoch: config-space overlay and reset count, under @state_lock
 * @hidden:	bytes of config space that do not exist while sealed
 * @resets:	bytes of config space of which a write may reset the VF
 * @msix:	MSI-X is on, as the last VFIO_DEVICE_SET_IRQS left it
 * @notify:	where a queue index is written; valid from open to close
 * @cmd_lock:	see above; @cmd_free is woken when it may be had
 * @cmd:	for commands on the caller's thread; under @cmd_lock, NULL without a @gate
 * @failures, @retries: commands that may fail, and be tried again; under @cmd_lock, as @busy
 * @select:	under @cmd_lock
 * @active, @shadow: the policy that decides, and the one that only shows what it would do
 * @ejected:	@active has lost its policy, until one is selected; under vvb_vfs_lock
 * @ejection, @diff: reports of both, under @report_lock; @diff.samples is a ring,
 *		@diff.nr_samples counts all that were put there
 * @kicks, @kicks_at: queues with a notify put off, and when (jiffies) it is delivered;
 *		@signals: ioeventfds whose kick waits; all under @kick_lock
 * @kick_work:	who does both
 * @doom:	completed with @doomed, for who waits
 */
struct vvb_vf {
	struct vfio_pci_core_device core;
	struct list_head node;
	u64 id;
	u64 member;
	const struct vvb_config_layout *layout;
	struct vvb_gate *gate;
	struct vvb_settings *set;

	spinlock_t state_lock;
	bool opened;
	bool transitional;
	bool sealed;
	bool doomed;
	bool revoked;
	bool io_enabled;
	u32 bar0;
	u32 epoch;
	u16 bar0_size;
	u8 config_len;
	DECLARE_BITMAP(hidden, PCI_CFG_SPACE_SIZE);
	DECLARE_BITMAP(resets, PCI_CFG_SPACE_SIZE);

	struct mutex config_lock;
	bool msix;

	enum vvb_notify_via notify_via;
	u8 notify_bar;
	void __iomem *notify;

	struct mutex ioeventfds_lock;
	struct list_head ioeventfds;
	unsigned int ioeventfds_nr;

	struct mutex lock;
	u64 seq;

	unsigned long cmd_lock;
	wait_queue_head_t cmd_free;
	struct vvb_cmd *cmd;
	struct vvb_ration failures;
	struct vvb_ration retries;
	struct vvb_busy busy;

	struct vvb_select select;

	struct vvb_role active;
	struct vvb_role shadow;
	bool ejected;
	raw_spinlock_t report_lock;
	struct vvb_ejection ejection;
	struct vvb_shadow diff;

	spinlock_t kick_lock;
	DECLARE_BITMAP(kicks, VVB_COALESCE_QUEUES);
	unsigned long kicks_at;
	struct list_head signals;
	struct delayed_work kick_work;
	struct completion doom;

	struct list_head owned;
	struct list_head notice;
	struct vvb_channel *channel;
	struct vvb_punt punt;

	struct vvb_counters __percpu *counters;
};

extern struct mutex vvb_vfs_lock;
extern struct list_head vvb_vfs;

static inline struct vvb_vf *to_vvb_vf(struct vfio_device *vdev)
{
	return container_of(vdev, struct vvb_vf, core.vdev);
}

static inline struct vvb_vf *dev_to_vvb_vf(struct device *dev)
{
	return container_of(dev_get_drvdata(dev), struct vvb_vf, core);
}

static inline bool vvb_is_kick(const struct vvb_access *acc)
{
	return acc->field == VVB_FIELD_QUEUE_NOTIFY && acc->write;
}

/* A register of @width bytes, all ones. */
static inline u64 vvb_all_ones(u8 width)
{
	return width < 8 ? (1ULL << (8 * width)) - 1 : ~0ULL;
}

/*
 * All that is counted of a VF goes through these two. The bench builds a module that counts
 * nothing and looks at no clock, to learn what that costs.
 */
#ifdef VVB_UNCOUNTED
#define vvb_count(counter) ((void)sizeof(counter))
#define vvb_clock() (0ULL)
#else
#define vvb_count(counter) this_cpu_inc(counter)
#define vvb_clock() ktime_get_ns()
#endif

static inline void vvb_stats_event(struct vvb_vf *vf, enum vvb_event event)
{
	vvb_count(vf->counters->event[event]);
}

static inline void vvb_stats_command(struct vvb_vf *vf, enum vvb_opcode opcode)
{
	vvb_count(vf->counters->commands[opcode & 7]);
}

/* main.c */
struct vvb_vf *vvb_vf_find(u64 id);
int vvb_reset_begin(struct vvb_vf *vf);
void vvb_reset_end(struct vvb_vf *vf);
void vvb_reset_happened(struct vvb_vf *vf);

/* bar0.c */
ssize_t vvb_bar0_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t pos, bool write);

/* notify.c; notify.h has the rest */
int vvb_notify_open(struct vvb_vf *vf);

/* kick.c; kick.h has the rest */
int vvb_kicks_init(void);
void vvb_kicks_exit(void);
void vvb_kick_init(struct vvb_vf *vf);
void vvb_kick_close(struct vvb_vf *vf);
void vvb_kick_schedule(struct vvb_vf *vf);
ssize_t vvb_kick_user(struct vvb_vf *vf, const char __user *buf);
int vvb_kick_held(struct vvb_vf *vf, u16 queue);
void vvb_kick_thread(struct vvb_vf *vf, u16 queue, struct vvb_frame *frame);

/* ioeventfd.c */
void vvb_ioeventfd_init(struct vvb_vf *vf);
int vvb_ioeventfd_set(struct vvb_vf *vf, u64 data, int fd);
void vvb_ioeventfd_next(struct vvb_vf *vf);
void vvb_ioeventfd_close(struct vvb_vf *vf);

/* config.c */
ssize_t vvb_config_rw(struct vvb_vf *vf, char __user *buf, size_t count, loff_t *ppos, bool write);
int vvb_config_open(struct vvb_vf *vf);
u8 vvb_config_len(struct pci_dev *pdev);

/* policy.c */
int vvb_policy_join(struct vvb_vf *vf);
int vvb_policy_select(struct vvb_vf *vf, struct vvb_role *role, const char *name);
void vvb_policy_release(struct vvb_vf *vf);
void vvb_policy_settle(void);
const char *vvb_policy_state(struct vvb_vf *vf);
ssize_t vvb_policy_list(char *buf);

/* hooks.c */
void vvb_policy_error(struct vvb_access *acc, s32 code, const char *message__str);
extern const char *vvb_bpf_unavailable;
bool vvb_policy_name_valid(const char *name);
void vvb_hooks_init(void);

/* decide.c; decide.h has the rest */
int vvb_guard(struct vvb_access *acc, u64 vf, u32 field, u32 write, u64 value);

/* eject.c */
void vvb_eject_init(struct vvb_vf *vf);
void vvb_eject_exit(void);
void vvb_eject_tell(struct vvb_vf *vf);
void vvb_eject(struct vvb_vf *vf, struct vvb_binding *binding, enum vvb_ejection_kind kind,
	       s32 code, const char *message, const struct vvb_access *acc);
int vvb_eject_by_operator(struct vvb_vf *vf, const char *message);
void vvb_eject_rearm(struct vvb_vf *vf);
void vvb_eject_report(struct vvb_vf *vf, struct vvb_ejection *report);

/* shadow.c */
void vvb_shadow_ask(struct vvb_vf *vf, struct vvb_frame *frame);
void vvb_shadow_compare(struct vvb_vf *vf, struct vvb_frame *frame, u64 value);
void vvb_shadow_restart(struct vvb_vf *vf);
void vvb_shadow_report(struct vvb_vf *vf, struct vvb_shadow *report);

/* channel.c */
int vvb_channel_init(void);
void vvb_channel_exit(void);

/* punt.c */
void vvb_punt_init(void);
void vvb_punt_vf_init(struct vvb_vf *vf);
void vvb_punt_vf_gone(struct vvb_vf *vf);
int vvb_punt_ask(struct vvb_vf *vf, struct vvb_access *acc, struct vvb_answer *answer);
int vvb_punt_begin(struct vvb_vf *vf);
void vvb_punt_end(struct vvb_vf *vf, bool revoked);
void vvb_punt_tell(struct vvb_vf *vf);
void vvb_punt_drain(struct vvb_vf *vf);
const char *vvb_punt_daemon(struct vvb_vf *vf);
bool vvb_punt_holds(u64 hold);

/* admin.c */
int vvb_admin_vf_init(struct vvb_vf *vf);
void vvb_admin_vf_free(struct vvb_vf *vf);
int vvb_admin_run_for(struct vvb_vf *vf, u64 hold, const struct vvb_admin_op *op, u64 *value);
int vvb_admin_notify_info(struct vvb_vf *vf, u8 flags, u8 *bar, u64 *offset);
bool vvb_admin_supported(struct vvb_vf *vf);
bool vvb_admin_stalled(struct vvb_vf *vf);
unsigned int vvb_admin_pf_stalled(struct vvb_vf *vf);
int vvb_admin_settled(struct vvb_vf *vf);
void vvb_admin_end(struct vvb_vf *vf, bool revoked);
void vvb_admin_let_go(struct vvb_vf *vf);

static inline int vvb_admin_run(struct vvb_vf *vf, const struct vvb_admin_op *op, u64 *value)
{
	return vvb_admin_run_for(vf, 0, op, value);
}

int vvb_admin_defer(struct vvb_vf *vf, u16 queue);

/* select.c: under cmd_lock */
bool vvb_select_wanted(struct vvb_vf *vf, const struct vvb_admin_op *op);
void vvb_select_hold(struct vvb_vf *vf, u16 queue);
void vvb_select_ran(struct vvb_vf *vf, const struct vvb_admin_op *op, int err);

/* stats.c */
int vvb_stats_alloc(struct vvb_vf *vf);
void vvb_stats_free(struct vvb_vf *vf);
void vvb_stats_access(struct vvb_vf *vf, const struct vvb_access *acc, u64 start_ns);
void vvb_stats_sum(struct vvb_vf *vf, struct vvb_stats *sum);
void vvb_stats_reset(struct vvb_vf *vf);

/* sysfs.c */
extern const struct attribute_group *vvb_vf_groups[];
extern const struct attribute_group *vvb_driver_groups[];

#endif /* VVB_H */
