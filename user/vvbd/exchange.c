// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <sys/ioctl.h>

#include "exchange.h"

int exchange(int session, struct vvb_exchange *x)
{
	return ioctl(session, VVB_IOC_EXCHANGE, x) ? -errno : 0;
}
