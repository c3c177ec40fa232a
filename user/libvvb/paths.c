// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"

static const char *path_from(const char *variable, const char *otherwise)
{
	const char *path = secure_getenv(variable);

	return path && *path ? path : otherwise;
}

const char *vvb_device_path(void)
{
	return path_from("VVB_DEVICE", "/dev/vvb");
}

const char *vvb_sysfs_path(void)
{
	return path_from("VVB_SYSFS", "/sys");
}

const char *vvb_bpffs_path(void)
{
	return path_from("VVB_BPFFS", "/sys/fs/bpf");
}

int vvb_path(char *out, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(out, size, fmt, args);
	va_end(args);
	return len < 0 || (size_t)len >= size ? -ENAMETOOLONG : 0;
}

int vvb_read_text(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int err;

	if (fd < 0)
		return -errno;
	got = read(fd, out, size);
	err = -errno;
	close(fd);
	if (got < 0)
		return err;
	if ((size_t)got == size && out[--got] != '\n')
		return -EOVERFLOW;
	out[got] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return 0;
}

int vvb_write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return errno == ENOENT ? -ENODEV : -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}
