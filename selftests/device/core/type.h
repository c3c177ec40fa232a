/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which types of device there are. */
#ifndef NIC_TYPE_H
#define NIC_TYPE_H

#include "state.h"

const struct nic_type_ops *nic_type(enum nic_type type);

#endif /* NIC_TYPE_H */
