/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One function: what it offers, who drives it, its interrupts. */
#ifndef NIC_FN_H
#define NIC_FN_H

#include "state.h"

struct nic_fn *nic_fn_get(struct nic *nic, unsigned int fn);
uint64_t nic_fn_offered(const struct nic *nic, unsigned int fn);
uint64_t nic_fn_offered_legacy(const struct nic *nic);
bool nic_fn_has(const struct nic_fn *f, uint64_t features);
bool nic_fn_claim(struct nic_fn *f, enum nic_interface interface);
uint16_t nic_fn_vector(const struct nic_fn *f, uint16_t vector);
void nic_fn_queue_interrupt(struct nic *nic, unsigned int fn, uint16_t vector);
void nic_fn_config_interrupt(struct nic *nic, unsigned int fn);
unsigned int nic_fn_nr_queues(const struct nic_fn *f);
enum nic_role nic_fn_role(const struct nic_fn *f, unsigned int q);
struct nic_vq *nic_fn_queue(struct nic_fn *f, unsigned int q);
struct nic_vq *nic_fn_selected(struct nic_fn *f);

#endif /* NIC_FN_H */
