// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "module_btf.h"
#include "vvb.h"

bool vvb_module_btf_is(__u32 id)
{
	char name[64] = "";
	struct bpf_btf_info info = { .name = (__u64)(unsigned long)name, .name_len = sizeof(name) };
	__u32 len = sizeof(info);
	int fd = bpf_btf_get_fd_by_id(id), err;

	if (fd < 0)
		return false;
	err = bpf_btf_get_info_by_fd(fd, &info, &len);
	close(fd);
	return !err && !strcmp(name, VVB_DRIVER);
}

__u32 vvb_module_btf_find(void)
{
	__u32 id = 0;

	while (!bpf_btf_get_next_id(id, &id))
		if (vvb_module_btf_is(id))
			return id;
	return 0;
}
