// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* The end of a policy or guard: its pins go, and with them its link. */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <bpf/bpf.h>

#include "pins.h"

static bool link_exists(__u32 id)
{
	int fd = bpf_link_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

static bool map_exists(__u32 id)
{
	int fd = bpf_map_get_fd_by_id(id);

	if (fd < 0)
		return errno != ENOENT;
	close(fd);
	return true;
}

/*
 * The kernel lets go of links and maps on a work queue of its own. Waited for, at most a
 * second, so that what a script does next finds them gone: rmmod, or the same name.
 */
static void wait_gone(__u32 link, __u32 map)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	int tries = 100;

	while (tries-- && ((link && link_exists(link)) || (map && map_exists(map))))
		nanosleep(&pause, NULL);
}

/* The first word behind the common part; linux/bpf.h of Linux 6.1 has no name for it. */
static __u32 struct_ops_map(const struct bpf_link_info *info)
{
	return info->type == BPF_LINK_TYPE_STRUCT_OPS ? info->tracing.attach_type : 0;
}

/* End a pinned link. A policy's can be told to; a guard's ends with its last reference. */
static int detach(const char *pin, __u32 *link, __u32 *map)
{
	struct bpf_link_info info = {};
	__u32 len = sizeof(info);
	int fd = bpf_obj_get(pin);

	*link = 0;
	*map = 0;
	if (fd < 0)
		return -errno;
	if (!bpf_link_get_info_by_fd(fd, &info, &len)) {
		*link = info.id;
		*map = struct_ops_map(&info);
		if (*map)
			bpf_link_detach(fd);
	}
	close(fd);
	return 0;
}

int vvb_policy_unload(const char *name)
{
	char pin[VVB_PIN_LEN];
	__u32 link, map;
	int err;

	if (!vvb_pins_name_ok(name))
		return -EINVAL;
	err = vvb_pins_link(name, pin);
	if (!err)
		err = detach(pin, &link, &map);
	if (!err)
		err = vvb_pins_remove(name);
	if (!err)
		wait_gone(link, map);
	return err;
}
