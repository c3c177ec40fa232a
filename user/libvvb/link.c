// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "link.h"

/* Is it a link that this file descriptor stands for? Asking the wrong kind is no error. */
static bool is_link(int fd)
{
	char path[32], kind[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, kind, sizeof(kind) - 1) > 0 && !strcmp(kind, "anon_inode:bpf-link");
}

int vvb_link_info(int fd, struct bpf_link_info *info)
{
	__u32 len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	return bpf_link_get_info_by_fd(fd, info, &len) ? -errno : 0;
}

int vvb_link_pinned(const char *pin, struct bpf_link_info *info)
{
	int fd = bpf_obj_get(pin), err;

	if (fd < 0)
		return -errno;
	err = is_link(fd) ? vvb_link_info(fd, info) : -ENOENT;
	close(fd);
	return err;
}

/* The first word behind the common part; linux/bpf.h of Linux 6.1 has no name for it. */
__u32 vvb_link_policy(const struct bpf_link_info *info)
{
	return info->type == BPF_LINK_TYPE_STRUCT_OPS ? info->tracing.attach_type : 0;
}
