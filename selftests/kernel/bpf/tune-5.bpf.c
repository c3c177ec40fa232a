// SPDX-License-Identifier: GPL-2.0-only
/* The fifth: the layout of the third, and even fewer answers. */
#define TUNE_GENERATION 5
#define TUNE_KNOBS \
	u64 lie;   \
	u64 answer;
#define TUNE_STATE u32
#define TUNE_MOST 200
#include "tune.h"
