/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands so far, kept for reports. */
#ifndef NIC_TRACE_H
#define NIC_TRACE_H

#include "state.h"

void nic_trace_init(struct nic *nic);
void nic_trace_add(struct nic *nic, const struct nic_trace_entry *entry);

#endif /* NIC_TRACE_H */
