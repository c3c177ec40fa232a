/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef LIBVVB_UNBOUND_H
#define LIBVVB_UNBOUND_H

#include <stddef.h>
#include <linux/types.h>

#define VVB_UNBOUND_LEN 192

/**
 * vvb_why_unbound - what to say of a VF that is not bound to the driver
 * @id:		VVB_VF_ID
 * @text:	filled in: which driver has it, or that there is none, or no such device; and whether the
 *		module is not loaded at all
 *
 * Where the module is loaded it reads files of sysfs and does nothing else, so vvbd may ask in its
 * sandbox. Return: @text.
 */
const char *vvb_why_unbound(__u64 id, char text[VVB_UNBOUND_LEN]);

#endif /* LIBVVB_UNBOUND_H */
