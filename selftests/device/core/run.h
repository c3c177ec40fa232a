/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outer loop, which serves the queues that were rung for. */
#ifndef NIC_RUN_H
#define NIC_RUN_H

#include "state.h"

void nic_run(struct nic *nic);

#endif /* NIC_RUN_H */
