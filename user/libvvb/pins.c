// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "pins.h"

#define LOCK_TRIES 1000
#define LOCK_PAUSE_US 10000

bool vvb_pins_name_ok(const char *name)
{
	size_t len = strlen(name);

	return len && len < VVB_WORD_LEN && strcmp(name, "none") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

int vvb_pins_dir(const char *name, char path[VVB_PIN_LEN])
{
	return vvb_path(path, VVB_PIN_LEN, "%s/vvb%s%s", vvb_bpffs_path(), *name ? "/" : "", name);
}

int vvb_pins_link(const char *name, char path[VVB_PIN_LEN])
{
	return vvb_path(path, VVB_PIN_LEN, "%s/vvb/%s/link", vvb_bpffs_path(), name);
}

int vvb_pins_maps(const char *name, char path[VVB_PIN_LEN])
{
	return vvb_path(path, VVB_PIN_LEN, "%s/vvb/%s/maps", vvb_bpffs_path(), name);
}

int vvb_pins_knobs(const char *name, char path[VVB_PIN_LEN])
{
	return vvb_path(path, VVB_PIN_LEN, "%s/vvb/%s/knobs", vvb_bpffs_path(), name);
}

int vvb_pins_staging(const char *name, char path[VVB_PIN_LEN])
{
	return vvb_path(path, VVB_PIN_LEN, "%s/vvb/%s/next", vvb_bpffs_path(), name);
}

static int make_dir(const char *path)
{
	return mkdir(path, 0700) && errno != EEXIST ? -errno : 0;
}

int vvb_pins_create(const char *name)
{
	char path[VVB_PIN_LEN];
	int err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	err = vvb_pins_dir(name, path);
	if (!err)
		err = make_dir(path);
	if (!err)
		err = vvb_pins_maps(name, path);
	if (!err)
		err = make_dir(path);
	if (!err)
		err = vvb_pins_staging(name, path);
	return err ? err : make_dir(path);
}

/* A lock on a directory that was removed by hand keeps nobody from the one made after it. */
static bool is_at(int fd, const char *path)
{
	struct stat here, there;

	return !fstat(fd, &here) && !stat(path, &there) && here.st_ino == there.st_ino &&
	       here.st_dev == there.st_dev;
}

/*
 * Anybody may make directories in a BPF file system that is mounted as usual. Whoever owns the one
 * that pins are in can remove them, and lift a guard.
 */
static bool is_safe(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && (!st.st_uid || st.st_uid == geteuid()) && !(st.st_mode & 022);
}

/* Return: the directory's descriptor, -EAGAIN another has it, -EPERM it is another's, -errno. */
static int try_lock(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = is_safe(fd) ? 0 : -EPERM;
	if (!err && flock(fd, LOCK_EX | LOCK_NB))
		err = -errno;
	if (!err && is_at(fd, path))
		return fd;
	close(fd);
	return err && err != -EWOULDBLOCK && err != -EINTR ? err : -EAGAIN;
}

/* The directory of all pins is what is locked. */
int vvb_pins_lock(bool make)
{
	char path[VVB_PIN_LEN];
	int err = vvb_pins_dir("", path), fd;

	if (err)
		return err;
	for (int i = 0; i < LOCK_TRIES; i++) {
		err = make ? make_dir(path) : 0;
		fd = err ? err : try_lock(path);
		if (fd != -EAGAIN)
			return fd;
		usleep(LOCK_PAUSE_US);
	}
	return -ETIMEDOUT;
}

int vvb_pins_empty(const char *path)
{
	char file[VVB_PIN_LEN * 2];
	struct dirent *entry;
	DIR *dir = opendir(path);
	int err = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		err = vvb_path(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (!err && unlink(file))
			err = -errno;
	}
	closedir(dir);
	if (!err && rmdir(path))
		err = -errno;
	return err;
}

void vvb_pins_tidy(const char *name)
{
	char path[VVB_PIN_LEN];

	if (!vvb_pins_name_ok(name) || vvb_pins_link(name, path) || !access(path, F_OK))
		return;
	/* these fail when something is in them */
	if (!vvb_pins_staging(name, path))
		rmdir(path);
	if (!vvb_pins_maps(name, path))
		rmdir(path);
	if (!vvb_pins_dir(name, path))
		rmdir(path);
}

int vvb_pins_remove(const char *name)
{
	char path[VVB_PIN_LEN];
	int err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	err = vvb_pins_dir(name, path);
	if (!err && access(path, F_OK))
		return -errno;
	if (!err)
		err = vvb_pins_maps(name, path);
	if (!err)
		err = vvb_pins_empty(path);
	if (!err)
		err = vvb_pins_staging(name, path);
	if (!err)
		err = vvb_pins_empty(path);
	if (!err)
		err = vvb_pins_dir(name, path);
	return err ? err : vvb_pins_empty(path);
}
