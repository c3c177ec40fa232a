// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * A device that returns fewer bytes than it was asked for: short_results VF
 * What is missing reads as zero, and never as a byte of an earlier access.
 */
#include <stdlib.h>
#include <linux/pci_regs.h>

#include "check_vf.h"
#include "legacy.h"

#define MAC_LEN 6

static struct vf vf;

static void cut_results_after(int bytes)
{
	char command[64];

	snprintf(command, sizeof(command), "testbed set admin-short-result %d", bytes);
	if (system(command))
		check_die("%s", command);
}

static void stain(void)
{
	uint8_t mac[MAC_LEN];

	cut_results_after(-1);
	legacy_read(&vf, LEGACY_CONFIG, mac, MAC_LEN);
	legacy_put32(&vf, LEGACY_DRIVER_FEATURES, 0xffffffff);
	legacy_get32(&vf, LEGACY_DRIVER_FEATURES);
}

int main(int argc, char **argv)
{
	uint8_t mac[MAC_LEN], got[MAC_LEN];
	uint32_t features, wanted;
	int n, i;

	if (argc < 2)
		check_die("usage: short_results VF");
	check_vf_open(&vf, argv[1]);
	vf_command(&vf, PCI_COMMAND_IO | PCI_COMMAND_MEMORY, 0);
	features = legacy_get32(&vf, LEGACY_DEVICE_FEATURES);
	legacy_read(&vf, LEGACY_CONFIG, mac, MAC_LEN);
	for (n = 0; n < MAC_LEN; n++) {
		stain();
		cut_results_after(n);
		wanted = n < 4 ? features & ((1u << 8 * n) - 1) : features;
		check_eq(legacy_get32(&vf, LEGACY_DEVICE_FEATURES), wanted,
			 "device_features, %d bytes of it", n);
		legacy_read(&vf, LEGACY_CONFIG, got, MAC_LEN);
		for (i = 0; i < MAC_LEN && got[i] == (i < n ? mac[i] : 0); i++)
			;
		check_eq(i, MAC_LEN, "MAC, %d bytes of it", n);
	}
	cut_results_after(-1);
	vf_close(&vf);
	return check_result();
}
