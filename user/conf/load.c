// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "safe_path.h"

static int open_file(const char *path, FILE **file, struct complaint *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = complain(why, 0, "not a file");
	else
		err = safe_path_check_fd(fd, path, 0, why);
	*file = err ? NULL : fdopen(fd, "r");
	if (!err && !*file)
		err = -errno;
	if (err)
		close(fd);
	return err;
}

int conf_file_load(struct conf_file *conf, const char *path, struct complaint *why)
{
	FILE *file = NULL;
	int err;

	conf_file_init(conf);
	err = open_file(path, &file, why);
	if (err)
		return err;
	err = conf_file_read(conf, file, why);
	fclose(file);
	return err;
}
