/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The administration queue, as a queue. */
#ifndef NIC_ADMIN_H
#define NIC_ADMIN_H

#include "state.h"

unsigned int nic_admin_serve(struct nic *nic, unsigned int budget);

#endif /* NIC_ADMIN_H */
