// SPDX-License-Identifier: GPL-2.0-only
#define BAD_NAME "a b"
#include "bad-name.h"
