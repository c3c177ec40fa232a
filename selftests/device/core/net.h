/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A network card. */
#ifndef NIC_NET_H
#define NIC_NET_H

#include "state.h"

extern const struct nic_type_ops nic_net;

#endif /* NIC_NET_H */
