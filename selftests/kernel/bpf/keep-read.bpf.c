// SPDX-License-Identifier: GPL-2.0-only
/* Reads through a pointer of an earlier call: harmless, as the kernel sees to that. */
/* not static: the read must not be optimised away */
unsigned long long kept;
#define KEEP_USE(last) (kept = (last)->value)
#include "keep.h"
