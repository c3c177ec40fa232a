/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* vvbctl save: what is in force becomes a configuration. */
#ifndef VVBCTL_SAVE_H
#define VVBCTL_SAVE_H

#include "conf/conf_file.h"
#include "vvbctl.h"

/**
 * save_in_force - what is in force, as a configuration
 * @conf:	sections of PFs and VFs are added: of a PF what most of its VFs have, of a VF what it has
 *		else
 *
 * Return: 0, or -errno: -EOVERFLOW: the module has settings for more addresses than it tells of.
 */
int save_in_force(struct conf_file *conf);

int save(struct words *args);

#endif /* VVBCTL_SAVE_H */
