/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk. */
#ifndef NIC_BLK_H
#define NIC_BLK_H

#include "state.h"

extern const struct nic_type_ops nic_blk;

#endif /* NIC_BLK_H */
