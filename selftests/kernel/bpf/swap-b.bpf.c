// SPDX-License-Identifier: GPL-2.0-only
#define SWAP_NAME "swap"
#define SWAP_MARK 0xaa00 + 0x200
#define SWAP_ANSWER 0x200
#include "swap.h"
