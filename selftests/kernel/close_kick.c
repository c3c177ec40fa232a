// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * close_kick VF - a VF is closed while a kick of its waits in the kernel
 *
 * An eventfd kicks, which is a command here: a thread of the kernel waits to send it, whom no
 * signal reaches. For shell tests, which see to it that it can't be sent.
 */
#include <sys/eventfd.h>
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"
#include "punt.h"

#define SOON_MS 1500

int main(int argc, char **argv)
{
	struct vf vf;
	long start;

	if (argc < 2)
		check_die("usage: close_kick VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	/* the shell has the device hang now */
	puts("open");
	fflush(stdout);
	getchar();
	check_eq(legacy_kick_by(&vf, 0, eventfd(1, EFD_CLOEXEC)), 0, "an eventfd, signalled");
	usleep(300000);
	start = punt_now_ms();
	vf_close(&vf);
	check(punt_now_ms() - start < check_ms(SOON_MS), "closed after %ld ms",
	      punt_now_ms() - start);
	return check_result();
}
