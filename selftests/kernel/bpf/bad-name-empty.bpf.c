// SPDX-License-Identifier: GPL-2.0-only
#define BAD_NAME ""
#include "bad-name.h"
