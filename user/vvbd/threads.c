// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>
#include <unistd.h>

#include "threads.h"

#define LOOKS_MAX 1000 /* one each millisecond */

static int count(void)
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

int threads_count(int expected)
{
	int nr = count();

	for (int i = 0; nr > expected && i < LOOKS_MAX; i++) {
		usleep(1000);
		nr = count();
	}
	return nr;
}
