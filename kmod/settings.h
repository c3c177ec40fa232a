/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the operator has set for a VF. It belongs to the VF's PCI address: it can be given before
 * there is such a VF, outlives its binding to the driver, and is kept as long as the module.
 */
#ifndef VVB_SETTINGS_H
#define VVB_SETTINGS_H

#include <linux/device.h>
#include <linux/uidgid.h>

#include <uapi/vvb.h>
#include "policy_ops.h"

struct vvb_vf;

enum vvb_legacy {
	VVB_LEGACY_AUTO, /* transitional: legacy and modern interface */
	VVB_LEGACY_ONLY, /* the modern interface is sealed off */
	VVB_LEGACY_OFF, /* plain vfio-pci */
	VVB_LEGACY_NR
};

extern const char *const vvb_legacy_names[VVB_LEGACY_NR];

enum vvb_intx_setting {
	VVB_INTX_AUTO, /* the guest has an INTx, made of the VF's MSI-X */
	VVB_INTX_OFF, /* it has none, as the VF */
};

extern const char *const vvb_owner_names[VVB_OWNER_NR];

enum vvb_policy_required {
	VVB_REQUIRED_NO, /* without its policy the kernel decides */
	VVB_REQUIRED_YES, /* without it the VF does not open */
};

enum vvb_on_loss {
	VVB_LOSS_KERNEL, /* the kernel's default action */
	VVB_LOSS_FAIL, /* all-ones / dropped, at once */
	VVB_LOSS_WAIT, /* wait for a daemon until the deadline, then as FAIL */
};

/**
 * struct vvb_settings - of an address; written under vvb_vfs_lock
 * @legacy, @intx, @owner: also under the VF's state.lock, while it is bound
 * @policy, @shadow: names, "" for none
 * @policy_required: does the VF open without that policy?
 * @policy_budget_us: what a callback of a policy may take, 0: as long as it likes
 * @admin_timeout_ms: 0: wait for the device as long as it takes
 * @queue_size_max: 0: as the device has it
 *
 * What is not a name is read without a lock.
 */
struct vvb_settings {
	enum vvb_legacy legacy;
	enum vvb_intx_setting intx;
	enum vvb_owner_kind owner;
	enum vvb_policy_required policy_required;
	enum vvb_on_loss on_daemon_loss;
	unsigned int policy_budget_us;
	unsigned int punt_timeout_ms;
	unsigned int admin_timeout_ms;
	unsigned int queue_size_max;
	kuid_t daemon_uid;
	char policy[VVB_POLICY_NAME_LEN];
	char shadow[VVB_POLICY_NAME_LEN];
};

/**
 * struct vvb_setting - one of them
 * @attr:	in the directory of a VF
 * @put:	checks and sets it; @vf is NULL when there is none. Return: 0 or a negative errno,
 *		and nothing is changed
 * @show:	prints it into @buf of VVB_SETTING_LEN bytes
 * @at:		offset in struct vvb_settings
 * @names, @nr_names: of a choice
 * @min, @max:	of a number
 * @wants:	what it has to be, in words; NULL: one of @names, or a number from @min to @max
 */
struct vvb_setting {
	struct device_attribute attr;
	int (*put)(const struct vvb_setting *setting, struct vvb_settings *set, struct vvb_vf *vf,
		   const char *value);
	void (*show)(const struct vvb_setting *setting, const struct vvb_settings *set, char *buf);
	size_t at;
	const char *const *names;
	unsigned int nr_names;
	unsigned int min;
	unsigned int max;
	const char *wants;
};

#define VVB_SETTING_LEN 32

enum vvb_setting_nr {
	VVB_SET_LEGACY,
	VVB_SET_INTX,
	VVB_SET_OWNER,
	VVB_SET_POLICY,
	VVB_SET_POLICY_REQUIRED,
	VVB_SET_SHADOW,
	VVB_SET_POLICY_BUDGET_US,
	VVB_SET_ON_DAEMON_LOSS,
	VVB_SET_PUNT_TIMEOUT_MS,
	VVB_SET_ADMIN_TIMEOUT_MS,
	VVB_SET_QUEUE_SIZE_MAX,
	VVB_SET_DAEMON_UID,
	VVB_SET_NR,
};

extern struct vvb_setting vvb_setting[VVB_SET_NR];

struct vvb_settings *vvb_settings_of(u64 id);
ssize_t vvb_settings_list(char *buf);
int vvb_settings_put(const char *buf, size_t count);
void vvb_settings_exit(void);

#endif /* VVB_SETTINGS_H */
