// SPDX-License-Identifier: GPL-2.0-only
/* Calls what is for policies only: the kernel must refuse it. */
#define TCP_CALL(sk) vvb_error((struct vvb_access *)(sk), 1, "congestion")
#include "tcp.h"
