// SPDX-License-Identifier: GPL-2.0-only
/* The third: another layout of both maps, and fewer answers. */
#define TUNE_GENERATION 3
#define TUNE_KNOBS \
	u64 lie;   \
	u64 answer;
#define TUNE_STATE u32
#define TUNE_MOST 500
#include "tune.h"
