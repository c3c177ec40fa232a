// SPDX-License-Identifier: GPL-2.0-only
/* Sixteen characters: no room for the closing zero. */
#define BAD_NAME "abcdefghijklmnop"
#include "bad-name.h"
