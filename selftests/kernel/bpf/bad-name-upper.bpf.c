// SPDX-License-Identifier: GPL-2.0-only
#define BAD_NAME "Upper"
#include "bad-name.h"
