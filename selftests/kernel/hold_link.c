// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* hold_link PIN - keep a pinned BPF link open until killed, as a loader without a pin does */
#include <unistd.h>

#include <bpf/bpf.h>

#include "check.h"

int main(int argc, char **argv)
{
	int fd = argc == 2 ? bpf_obj_get(argv[1]) : -1;

	if (fd < 0)
		check_die("usage: hold_link PIN; it must be there");
	check_note("open");
	pause();
	return 0;
}
