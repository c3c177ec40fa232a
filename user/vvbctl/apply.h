/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* vvbctl apply, in parts: what a configuration says becomes what is in force. */
#ifndef VVBCTL_APPLY_H
#define VVBCTL_APPLY_H

#include "changes.h"
#include "conf/conf_file.h"

/**
 * struct apply - one run of it
 * @path:	of the file, from the root
 * @conf:	what it says
 * @dry:	nothing is changed, only told
 * @settings:	what the driver's file told as it began, NULL without the module
 * @changes:	what there is to tell
 * @policies, @nr: those that are loaded
 */
struct apply {
	char *path;
	struct conf_file conf;
	bool dry;
	char *settings;
	struct changes changes;
	struct vvb_policy *policies;
	int nr;
};

/*
 * Read the file at a path into a->path and a->conf, which are to be freed in any case. @must_be: else
 * one that is not there says nothing. Return: DONE, or FAILED after error().
 */
int apply_read(struct apply *a, const char *path, bool must_be);

/* Where policies are that have no section, see the Makefile. */
extern const char *const policy_dir;

/* The policies that the file has sections for, and those that are named for the VFs in @vfs. */
void apply_policies(struct apply *a, const __u64 *vfs, int nr);

/* With --dry-run: is that a policy that would be loaded, so that nothing is known of it? */
bool apply_loads(const struct apply *a, const char *name);

/* All that holds for one VF: settings, then knobs, and then its driver. */
void apply_vf(struct apply *a, __u64 vf);

/* The PF of a VF that need not be there yet; CONF_NO_PF. */
__u64 apply_pf_of(const struct apply *a, __u64 vf);

int apply(struct words *args);

#endif /* VVBCTL_APPLY_H */
