/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the core asks of QEMU, and the uplink. */
#ifndef VVB_WORLD_H
#define VVB_WORLD_H

#include "function.h"

bool vvb_world_init(VvbNic *nic, Error **errp);
void vvb_world_exit(VvbNic *nic);
void vvb_update_link(VvbNic *nic);

#endif /* VVB_WORLD_H */
