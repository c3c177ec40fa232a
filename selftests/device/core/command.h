/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One administration command. */
#ifndef NIC_COMMAND_H
#define NIC_COMMAND_H

#include "state.h"

void nic_command(struct nic *nic, const struct nic_chain *chain);
void nic_command_lost(struct nic *nic, const struct nic_chain *chain);

#endif /* NIC_COMMAND_H */
