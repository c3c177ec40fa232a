/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Whose files decide what vvbd does: root's, and of the user who has started it, if nobody else can
 * write to them, nor put others in their place.
 */
#ifndef VVBD_TRUST_H
#define VVBD_TRUST_H

#include "config.h"

/**
 * trust_file - is an open file one of those?
 * @fd:		of the file
 * @path:	for the complaint
 * @line:	of the configuration, for the complaint; 0 for none
 * @why:	filled in when it is not
 *
 * Return: 0, -EINVAL when @why tells, or another -errno.
 */
int trust_file(int fd, const char *path, int line, struct complaint *why);

/**
 * trust_way - and the directories that lead to a file, and to where it is a link to?
 *
 * Arguments and return as above; -ENOENT and the like when there is no such file.
 */
int trust_way(const char *path, int line, struct complaint *why);

#endif /* VVBD_TRUST_H */
