// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * flood VF COUNT - accesses of all kinds, as fast as they go
 *
 * For shell tests with a device that refuses all commands: says how many reads were not
 * all-ones, and how long it took.
 */
#include <time.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"

static struct vf vf;
static unsigned long answers;

static void look(uint32_t got, uint32_t ones)
{
	answers += got != ones;
}

/* Eight accesses, of which the device sees a command each, or would. */
static void round_of_accesses(void)
{
	look(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), 0xffffffff);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 1);
	legacy_put16(&vf, LEGACY_QUEUE_SELECT, 1);
	look(legacy_get16(&vf, LEGACY_QUEUE_SIZE), 0xffff);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, 1);
	look(legacy_get8(&vf, LEGACY_ISR_STATUS), 0xff);
	look(legacy_get32(&vf, LEGACY_CONFIG), 0xffffffff);
	legacy_put16(&vf, LEGACY_QUEUE_NOTIFY, 0);
}

int main(int argc, char **argv)
{
	unsigned long left = argc > 2 ? strtoul(argv[2], NULL, 0) : 0;
	time_t start = time(NULL);

	if (!left)
		check_die("usage: flood VF COUNT");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	for (; left >= 8; left -= 8)
		round_of_accesses();
	vf_close(&vf);
	printf("answers %lu seconds %ld\n", answers, (long)(time(NULL) - start));
	return 0;
}
