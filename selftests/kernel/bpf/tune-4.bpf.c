// SPDX-License-Identifier: GPL-2.0-only
/* The fourth: the knobs of the third in another order, in as many bytes. */
#define TUNE_GENERATION 4
#define TUNE_KNOBS  \
	u64 answer; \
	u64 lie;
#define TUNE_STATE u32
#define TUNE_MOST 500
#include "tune.h"
