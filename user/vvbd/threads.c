// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>

#include "threads.h"

int threads_count(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	int nr = 0;

	if (!tasks)
		return -errno;
	while ((entry = readdir(tasks)))
		nr += entry->d_name[0] != '.';
	closedir(tasks);
	return nr;
}
