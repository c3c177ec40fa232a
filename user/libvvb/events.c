// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Readers of the ring buffer that a policy or a guard has pinned among its maps. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "paths.h"
#include "pins.h"
#include "staging.h"

struct reader {
	int (*call)(const struct vvb_access_event *event, void *arg);
	void *arg;
	int nr;
	int err;
};

static bool is_ring(int fd)
{
	struct bpf_map_info info = {};
	__u32 len = sizeof(info);

	return !bpf_map_get_info_by_fd(fd, &info, &len) && info.type == BPF_MAP_TYPE_RINGBUF;
}

static int open_if_ring(const char *dir, const char *map)
{
	char path[VVB_PIN_LEN * 2];
	int fd;

	if (*map == '.' || vvb_path(path, sizeof(path), "%s/%s", dir, map))
		return -ENOENT;
	fd = bpf_obj_get(path);
	if (fd < 0)
		return -errno;
	if (is_ring(fd))
		return fd;
	close(fd);
	return -ENOENT;
}

static int find_ring(const char *policy)
{
	char path[VVB_PIN_LEN];
	struct dirent *entry;
	int err = vvb_pins_name_ok(policy) ? vvb_staging_recover(policy) : -EINVAL, fd = -ENOENT;
	DIR *dir;

	if (!err)
		err = vvb_pins_maps(policy, path);
	if (err)
		return err;
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (fd < 0 && (entry = readdir(dir)))
		fd = open_if_ring(path, entry->d_name);
	closedir(dir);
	return fd < 0 ? -ENODATA : fd;
}

/* Called for each record; what is no access is not for us. */
static int take_event(void *ctx, void *data, size_t size)
{
	struct reader *reader = ctx;

	if (size != sizeof(struct vvb_access_event))
		return 0;
	reader->nr++;
	reader->err = reader->call(data, reader->arg);
	return reader->err;
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static int read_until(struct ring_buffer *ring, const struct reader *reader, long long end)
{
	long long left;
	int got = ring_buffer__consume(ring);

	/* it is interrupted by a stop and its end, too */
	while ((got >= 0 || got == -EINTR) && !reader->err && (left = end - now_ms()) > 0)
		got = ring_buffer__poll(ring, left);
	if (reader->err)
		return reader->err;
	return got == -EINTR ? 0 : got;
}

int vvb_events(const char *policy, unsigned int wait_ms,
	       int (*call)(const struct vvb_access_event *event, void *arg), void *arg)
{
	struct reader reader = { call, arg, 0, 0 };
	struct ring_buffer *ring;
	int fd = find_ring(policy), ret;

	if (fd < 0)
		return fd;
	ring = ring_buffer__new(fd, take_event, &reader, NULL);
	ret = ring ? read_until(ring, &reader, now_ms() + wait_ms) : -errno;
	ring_buffer__free(ring);
	close(fd);
	return ret < 0 ? ret : reader.nr;
}
