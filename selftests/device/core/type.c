// SPDX-License-Identifier: GPL-2.0-or-later
#include "blk.h"
#include "net.h"
#include "type.h"

const struct nic_type_ops *nic_type(enum nic_type type)
{
	static const struct nic_type_ops *const types[NIC_TYPE_NR] = {
		[NIC_TYPE_NET] = &nic_net,
		[NIC_TYPE_BLK] = &nic_blk,
	};

	return types[type];
}
