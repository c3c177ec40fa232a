// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Load a module, once: load_module FILE
 *
 * The insmod of busybox tries a second way when the first one fails, for whatever reason.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

int main(int argc, char **argv)
{
	int fd;

	if (argc != 2)
		check_die("usage: load_module FILE");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		check_die("%s: %s", argv[1], strerror(errno));
	return 0;
}
