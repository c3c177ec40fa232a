// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Preloaded into a DPDK program, it has sysfs call our driver vfio-pci, the only name by which DPDK
 * recognizes a driver of VFIO:
 *
 *   cc -shared -fPIC -o vfio-name.so vfio-name.c -ldl
 *   LD_PRELOAD=./vfio-name.so dpdk-testpmd -a 0000:01:00.1 ...
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define OURS "virtio_vfio_bpf"
#define THEIRS "virtio_vfio_pci"
#define KNOWN "vfio-pci"

static int ends_with(const char *text, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && !memcmp(text + length - n, end, n);
}

ssize_t readlink(const char *path, char *to, size_t size)
{
	ssize_t (*real)(const char *, char *, size_t) =
		(ssize_t(*)(const char *, char *, size_t))dlsym(RTLD_NEXT, "readlink");
	ssize_t n = real(path, to, size);

	if (n < 0 || !ends_with(path, strlen(path), "/driver"))
		return n;
	if (!ends_with(to, (size_t)n, "/" OURS) && !ends_with(to, (size_t)n, "/" THEIRS))
		return n;
	n -= (ssize_t)strlen(OURS);
	memcpy(to + n, KNOWN, strlen(KNOWN));
	return n + (ssize_t)strlen(KNOWN);
}

/* What a program that was compiled with _FORTIFY_SOURCE calls. */
ssize_t __readlink_chk(const char *path, char *to, size_t size, size_t room);

ssize_t __readlink_chk(const char *path, char *to, size_t size, size_t room)
{
	return readlink(path, to, size < room ? size : room);
}
