/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What is read in a virtio function's configuration space. */
#ifndef VVBCTL_PCI_CONFIG_H
#define VVBCTL_PCI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#define PCI_CONFIG_LEN 256

/**
 * struct pci_layout - where the parts of a function lie
 * @msix_bar:	the BAR with the MSI-X table, -1: none
 * @beside_msix: virtio registers are in that BAR, too
 * @config_len:	of the device configuration, 0: there is none
 */
struct pci_layout {
	int msix_bar;
	bool beside_msix;
	unsigned int config_len;
};

/* From the bytes of a configuration space. Return: false: the list of capabilities is broken. */
bool pci_config_layout(const unsigned char config[PCI_CONFIG_LEN], struct pci_layout *layout);

/* The same of a function. Return: 0; -EACCES only root sees it all; -EPROTO as above; -errno. */
int pci_layout_of(__u64 id, struct pci_layout *layout);

#endif /* VVBCTL_PCI_CONFIG_H */
