/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef CONF_COMPLAINT_H
#define CONF_COMPLAINT_H

/* What is wrong with a configuration file, and in which line of it; 0: with all of it. */
struct complaint {
	int line;
	char text[256];
};

/* Note what is wrong with a line. Return: -EINVAL. */
int complain(struct complaint *why, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* CONF_COMPLAINT_H */
