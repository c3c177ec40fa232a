/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* VFs that change their driver. */
#ifndef LIBVVB_BINDING_H
#define LIBVVB_BINDING_H

#include "vvb.h"

#define VVB_BINDING_LEN 256

/**
 * struct vvb_binding - what became of a VF
 * @before, @after: its driver, "" for none
 * @why:	what went wrong, in words
 */
struct vvb_binding {
	char before[64];
	char after[64];
	char why[VVB_BINDING_LEN];
};

/**
 * vvb_bind - give a VF to our driver, whoever has it
 * @vf:		VVB_VF_ID
 * @b:		filled in
 *
 * Waits until the driver that has it lets go. What goes wrong is undone, as far as that goes.
 * Return: 0, also when it had it already; -errno, and @b->why tells.
 */
int vvb_bind(__u64 vf, struct vvb_binding *b);

/**
 * vvb_unbind - take a VF from our driver, and let any other have it that the PCI core finds
 *
 * Not from under a user: -EBUSY. As above.
 */
int vvb_unbind(__u64 vf, struct vvb_binding *b);

/* Are VFs of a PF that come given to whatever driver there is? Return: 0, -errno. */
int vvb_autoprobe_get(__u64 pf, bool *on);

/*
 * Shall VFs of a PF that come be given to whatever driver there is? @before: what was so.
 * Return: 0, -errno.
 */
int vvb_autoprobe(__u64 pf, bool on, bool *before);

#endif /* LIBVVB_BINDING_H */
