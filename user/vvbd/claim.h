/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Which VFs we serve: those that the options name, or all that let us. */
#ifndef VVBD_CLAIM_H
#define VVBD_CLAIM_H

#include "serve.h"

/* Claim what is there and not ours yet. Return: 0, or -errno when one named is not to be had. */
int claim_vfs(struct server *s);

/* Give back what the options do not name: the daemon before us may have served others. */
int disclaim_others(struct server *s);

#endif /* VVBD_CLAIM_H */
