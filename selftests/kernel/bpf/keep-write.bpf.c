// SPDX-License-Identifier: GPL-2.0-only
/* Writes through a pointer of an earlier call: the verifier must refuse. */
#define KEEP_USE(last) ((last)->value = 0)
#include "keep.h"
