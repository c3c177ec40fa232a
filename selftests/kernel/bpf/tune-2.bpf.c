// SPDX-License-Identifier: GPL-2.0-only
/* The second: another program over maps of the same layout. */
#define TUNE_GENERATION 2
#define TUNE_KNOBS  \
	u32 answer; \
	u32 lie;
#define TUNE_STATE u64
#define TUNE_MOST 1000
#include "tune.h"
