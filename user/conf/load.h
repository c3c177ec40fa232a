/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include "conf_file.h"

/**
 * conf_file_load - read the configuration at a path
 * @conf:	filled in; to be freed in any case
 * @path:	from the root; it is the file that one sees there now
 * @why:	filled in when it is wrong
 *
 * The file is judged as safe_path_check_fd() does; what leads to it is for the caller to judge.
 * Return: 0, -EINVAL when @why tells, -ENOENT and the like, -ENOMEM, or -EIO.
 */
int conf_file_load(struct conf_file *conf, const char *path, struct complaint *why);

#endif /* CONF_LOAD_H */
