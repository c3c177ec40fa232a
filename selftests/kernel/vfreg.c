// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * vfreg VF read POS LEN [TIMES]	print what an access to BAR0 gives, in hex; of several the last
 * vfreg VF write POS LEN VALUE
 * vfreg VF event NUMBER		print an event counter (enum vvb_event)
 * vfreg VF opcode NUMBER		print how many such commands were sent
 *
 * For shell tests. Opens the VF for that, so the device is fresh from reset.
 */
#include <linux/pci_regs.h>

#include "check.h"
#include "legacy.h"
#include "stats.h"

static int refused(const char *what, int err)
{
	fprintf(stderr, "vfreg: %s: %s\n", what, strerror(-err));
	return 1;
}

static int access_bar0(const char *bdf, unsigned int pos, unsigned int len, const char *value,
		       unsigned int times)
{
	uint64_t v = value ? strtoull(value, NULL, 0) : 0;
	struct vf vf;
	ssize_t n = vf_open(&vf, bdf);

	if (n)
		return refused("open", (int)n);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	do {
		n = value ? legacy_write(&vf, pos, &v, len) : legacy_read(&vf, pos, &v, len);
	} while (--times && n == (ssize_t)len);
	vf_close(&vf);
	if (n != (ssize_t)len)
		return refused(value ? "write" : "read", n < 0 ? (int)n : -EIO);
	if (!value)
		printf("0x%0*llx\n", (int)len * 2, (unsigned long long)v);
	return 0;
}

static int counter(const char *bdf, int opcode, unsigned int nr)
{
	struct vvb_stats stats;
	int err = stats_read(bdf, &stats);

	if (err)
		return refused("stats", err);
	if (nr >= (opcode ? 8 : VVB_EV_NR))
		return refused("stats", -EINVAL);
	printf("%llu\n", (unsigned long long)(opcode ? stats.commands[nr] : stats.event[nr]));
	return 0;
}

static unsigned int number(const char *s)
{
	return (unsigned int)strtoul(s, NULL, 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[2] : "";

	if (!strcmp(what, "event") || !strcmp(what, "opcode"))
		return counter(argv[1], *what == 'o', number(argv[3]));
	if (argc > 4 && !strcmp(what, "read") && number(argv[4]) <= 8)
		return access_bar0(argv[1], number(argv[3]), number(argv[4]), NULL,
				   argc > 5 ? number(argv[5]) : 1);
	if (argc > 5 && !strcmp(what, "write") && number(argv[4]) <= 8)
		return access_bar0(argv[1], number(argv[3]), number(argv[4]), argv[5], 1);
	fputs("usage: vfreg VF {read POS LEN [TIMES] | write POS LEN VALUE | event N | opcode N}\n",
	      stderr);
	return 2;
}
