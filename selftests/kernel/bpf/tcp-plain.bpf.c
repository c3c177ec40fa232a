// SPDX-License-Identifier: GPL-2.0-only
/* The same without the call: that is accepted. */
#define TCP_CALL(sk) ((void)(sk))
#include "tcp.h"
