/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function begins anew: made, or reset in whichever way. */
#ifndef NIC_RESET_H
#define NIC_RESET_H

#include "state.h"

void nic_fn_init(struct nic *nic, unsigned int fn);
void nic_fn_device_reset(struct nic *nic, unsigned int fn);

#endif /* NIC_RESET_H */
