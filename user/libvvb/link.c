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

__u64 vvb_link_loaded(__u32 link)
{
	int fd = bpf_link_get_fd_by_id(link), err;
	struct bpf_link_info info;
	struct bpf_prog_info prog = {};
	__u32 len = sizeof(prog);

	if (fd < 0)
		return 0;
	err = vvb_link_info(fd, &info);
	close(fd);
	fd = err ? -1 : bpf_prog_get_fd_by_id(info.prog_id);
	if (fd < 0)
		return 0;
	err = bpf_prog_get_info_by_fd(fd, &prog, &len);
	close(fd);
	return err ? 0 : prog.load_time;
}

#define FAR 0x40000000 /* half of all ids */

bool vvb_link_attached_later(__u32 a, __u32 b, __u64 (*loaded)(__u32 link))
{
	__u32 apart = a > b ? a - b : b - a;
	__u64 a_ns, b_ns;

	if (apart < FAR)
		return a > b;
	a_ns = loaded(a);
	b_ns = loaded(b);
	return a_ns && b_ns && a_ns != b_ns ? a_ns > b_ns : a > b;
}
