/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Whose files decide what a program of ours does: root's, and of the user who has started it, if nobody else can
 * write to them, nor put others in their place.
 */
#ifndef CONF_SAFE_PATH_H
#define CONF_SAFE_PATH_H

#include "complaint.h"

/**
 * safe_path_check_fd - is an open file one of those?
 * @fd:		of the file
 * @path:	for the complaint
 * @line:	of the configuration, for the complaint; 0 for none
 * @why:	filled in when it is not
 *
 * Return: 0, -EINVAL when @why tells, or another -errno.
 */
int safe_path_check_fd(int fd, const char *path, int line, struct complaint *why);

/**
 * safe_path_check - all that leads to a file, and the file: can only who is trusted change any of it?
 * @path:	of the file, from the root
 *
 * Each directory and each link that the kernel would go through is judged, in that order and before
 * what lies behind it. So once this returns 0, what @path leads to is what was judged, until one of
 * those who are trusted changes it.
 *
 * Other arguments and return as above; -ENOENT and the like when there is no such file, and then
 * what there is of the way has been judged.
 */
int safe_path_check(const char *path, int line, struct complaint *why);

#endif /* CONF_SAFE_PATH_H */
