// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "complaint.h"

int complain(struct complaint *why, int line, const char *fmt, ...)
{
	va_list args;

	why->line = line;
	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return -EINVAL;
}
