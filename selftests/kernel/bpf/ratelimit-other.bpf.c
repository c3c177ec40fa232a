// SPDX-License-Identifier: GPL-2.0-only
/* The policy ratelimit, of a generation that keeps its buckets in another map. */
#define ratelimit_buckets ratelimit_other_buckets
#include "ratelimit.bpf.c"
