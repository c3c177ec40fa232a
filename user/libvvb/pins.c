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

#define LOCK_TRIES 500
#define LOCK_PAUSE_US 10000

bool vvb_pins_name_ok(const char *name)
{
	size_t len = strlen(name);

	return len && len < VVB_WORD_LEN && strcmp(name, "none") &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

int vvb_pins_link(const char *name, char path[VVB_PIN_LEN])
{
	if (!*name)
		return vvb_path(path, VVB_PIN_LEN, "%s/vvb", vvb_bpffs_path());
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

int vvb_pins_aside(const char *name, char path[VVB_PIN_LEN])
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
	err = vvb_pins_link("", path);
	if (!err)
		err = make_dir(path);
	if (!err)
		err = vvb_pins_link(name, path);
	if (err)
		return err;
	if (!access(path, F_OK))
		return -EEXIST;
	*strrchr(path, '/') = '\0';
	err = make_dir(path);
	if (!err)
		err = vvb_pins_maps(name, path);
	return err ? err : make_dir(path);
}

/* The directory of all pins is what is locked. */
int vvb_pins_lock(void)
{
	char path[VVB_PIN_LEN];
	int fd, err = vvb_pins_link("", path);

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB); i++) {
		err = errno == EWOULDBLOCK && i == LOCK_TRIES ? -ETIMEDOUT : -errno;
		if (err != -EWOULDBLOCK && err != -EINTR) {
			close(fd);
			return err;
		}
		usleep(LOCK_PAUSE_US);
	}
	return fd;
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

int vvb_pins_remove(const char *name)
{
	char path[VVB_PIN_LEN];
	int err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	err = vvb_pins_maps(name, path);
	if (!err)
		err = vvb_pins_empty(path);
	if (!err)
		err = vvb_pins_aside(name, path);
	if (!err)
		err = vvb_pins_empty(path);
	if (err)
		return err;
	*strrchr(path, '/') = '\0';
	return vvb_pins_empty(path);
}
