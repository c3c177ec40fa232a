// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Function level reset by a write to config space: flr VF
 *
 * The same as VFIO_DEVICE_RESET: the device's state is gone after it, what the command register
 * says is not, and it is refused while a command that was given up is unanswered. The VF has
 * admin_timeout_ms set.
 */
#include <unistd.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "knob.h"
#include "legacy.h"

#define TRIES 50

static struct vf vf;

/* By a write of @width bytes that ends with the bit. */
static int reset(unsigned int width)
{
	unsigned int express = vf_express(&vf), pos = express + PCI_EXP_DEVCTL + 2 - width;
	uint32_t value;

	if (!express)
		check_die("no PCI Express capability");
	value = vf_config_get(&vf, pos, width);
	return vf_config_put(&vf, pos, width, value | 0x80u << (8 * (width - 1)));
}

/* What is there is written again: no reset. */
static int rewrite(unsigned int from, unsigned int width)
{
	unsigned int pos = vf_express(&vf) + PCI_EXP_DEVCTL + from;

	return vf_config_put(&vf, pos, width, vf_config_get(&vf, pos, width));
}

static void resets(unsigned int width)
{
	uint32_t before, v;

	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 0);
	before = vf_config_get(&vf, PCI_COMMAND, 2);
	legacy_put8(&vf, LEGACY_DEVICE_STATUS, LEGACY_STATUS_ACKNOWLEDGE);
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), LEGACY_STATUS_ACKNOWLEDGE, "status set");
	check_eq(reset(width), 0, "FLR by a write of %u bytes", width);
	check_eq(vf_config_get(&vf, PCI_COMMAND, 2), before, "the command register");
	check_eq(legacy_get8(&vf, LEGACY_DEVICE_STATUS), 0, "status after it");
	vf_command(&vf, 0, PCI_COMMAND_IO);
	check_eq(reset(width), 0, "FLR with I/O decoding off");
	check_eq(legacy_read(&vf, 0, &v, 4), -EIO, "it stays off");
	vf_command(&vf, PCI_COMMAND_IO, 0);
}

static void while_stalled(void)
{
	unsigned int i;

	check(!knob_set("hang-queue", "true"), "the device hangs");
	check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), 0xffffffff, "an access");
	check_eq(reset(2), -EBUSY, "FLR by config space");
	check_eq(rewrite(1, 1), -EBUSY, "a write to the byte with its bit");
	check_eq(rewrite(0, 1), 0, "one beside it");
	check_eq(vf_reset(&vf), -EBUSY, "VFIO_DEVICE_RESET");
	check(!knob_set("hang-queue", "false"), "it answers");
	for (i = 0; i < TRIES && legacy_get32(&vf, LEGACY_DEVICE_FEATURES) == ~0u; i++)
		usleep(100000);
	check(i < TRIES, "accesses work again");
}

int main(int argc, char **argv)
{
	if (argc < 2)
		check_die("usage: flr VF");
	check_vf_open(&vf, argv[1]);
	resets(1);
	resets(2);
	resets(4);
	while_stalled();
	resets(2);
	vf_close(&vf);
	return check_result();
}
