// SPDX-License-Identifier: GPL-2.0-only
#define SWAP_NAME "swap-other"
#define SWAP_MARK 0xaa00 + 0x300
#define SWAP_ANSWER 0x300
#include "swap.h"
