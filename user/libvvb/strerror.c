// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "vvb.h"

/* Of include/linux/errno.h, which is the kernel's own: bpf() lets it out nevertheless. */
#define KERNEL_ENOTSUPP 524

static bool has_name(int err)
{
	return err > 0 && strerrorname_np(err);
}

const char *vvb_strerror(int err)
{
	static _Thread_local char text[128];

	if (err < 0)
		err = -err;
	if (err == KERNEL_ENOTSUPP)
		return "this kernel does not support it";
	if (has_name(err) || !err)
		return strerror(err);
	if (err >= __LIBBPF_ERRNO__START && err < __LIBBPF_ERRNO__END)
		libbpf_strerror(err, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "error %d, which has no name", err);
	return text;
}
