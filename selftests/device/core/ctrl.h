/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control queue. */
#ifndef NIC_CTRL_H
#define NIC_CTRL_H

#include "state.h"

void nic_ctrl(struct nic *nic, unsigned int fn, unsigned int q, const struct nic_chain *chain);

#endif /* NIC_CTRL_H */
