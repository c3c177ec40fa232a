// SPDX-License-Identifier: GPL-2.0-only
#define BAD_NAME "none"
#include "bad-name.h"
