/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A doorbell only leaves a bit: whoever rings one from outside of the outer loop calls nic_run()
 * then.
 */
#ifndef NIC_DOORBELL_H
#define NIC_DOORBELL_H

#include "state.h"

void nic_doorbell(struct nic *nic, unsigned int fn, unsigned int q);
void nic_doorbell_all(struct nic *nic, unsigned int fn);

/* By what a driver writes to one, which may be wrong. Return: there is such a queue. */
bool nic_doorbell_modern(struct nic *nic, unsigned int fn, unsigned int queue);
bool nic_doorbell_legacy(struct nic *nic, unsigned int fn, uint16_t value);
bool nic_doorbell_owner(struct nic *nic, unsigned int vf, uint16_t value);

#endif /* NIC_DOORBELL_H */
