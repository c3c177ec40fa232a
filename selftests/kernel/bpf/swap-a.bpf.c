// SPDX-License-Identifier: GPL-2.0-only
#define SWAP_NAME "swap"
#define SWAP_MARK 0xaa00 + 0x100
#define SWAP_ANSWER 0x100
#include "swap.h"
