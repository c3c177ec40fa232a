// SPDX-License-Identifier: GPL-2.0-only OR MIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <linux/pci_regs.h>
#include <linux/virtio_pci.h>

#include "libvvb/pci.h"
#include "pci_config.h"
#include "vvb/admin.h"

#define MOST_CAPABILITIES 48

static unsigned int number(const unsigned char *config, unsigned int at, unsigned int width)
{
	return at + width <= PCI_CONFIG_LEN ? (unsigned int)vvb_get_le(config + at, width) : 0;
}

/* That of VIRTIO_PCI_CAP_PCI_CFG is the guest's to write, and means nothing. */
static bool is_in_bar(const unsigned char *config, unsigned int at, int bar)
{
	return number(config, at + offsetof(struct virtio_pci_cap, cfg_type), 1) !=
		       VIRTIO_PCI_CAP_PCI_CFG &&
	       (int)number(config, at + offsetof(struct virtio_pci_cap, bar), 1) == bar;
}

static void take(const unsigned char *config, unsigned int at, struct pci_layout *layout)
{
	if (number(config, at + offsetof(struct virtio_pci_cap, cfg_type), 1) ==
	    VIRTIO_PCI_CAP_DEVICE_CFG)
		layout->config_len =
			number(config, at + offsetof(struct virtio_pci_cap, length), 4);
	layout->beside_msix |= is_in_bar(config, at, layout->msix_bar);
}

/* The next capability with this id, behind the link at @link. Return: 0: none, 1: a broken list. */
static unsigned int find(const unsigned char *config, unsigned int link, unsigned int id)
{
	unsigned int at, left = MOST_CAPABILITIES;

	while ((at = number(config, link, 1) & ~3u)) {
		if (at < PCI_STD_HEADER_SIZEOF || !left--)
			return 1;
		if (number(config, at, 1) == id)
			return at;
		link = at + PCI_CAP_LIST_NEXT;
	}
	return 0;
}

bool pci_config_layout(const unsigned char config[PCI_CONFIG_LEN], struct pci_layout *layout)
{
	unsigned int at = find(config, PCI_CAPABILITY_LIST, PCI_CAP_ID_MSIX);
	unsigned int left = MOST_CAPABILITIES;

	*layout = (struct pci_layout) { .msix_bar = -1 };
	if (at == 1)
		return false;
	if (at)
		layout->msix_bar =
			(int)(number(config, at + PCI_MSIX_TABLE, 4) & PCI_MSIX_TABLE_BIR);
	at = find(config, PCI_CAPABILITY_LIST, PCI_CAP_ID_VNDR);
	while (at > 1 && left--) {
		take(config, at, layout);
		at = find(config, at + PCI_CAP_LIST_NEXT, PCI_CAP_ID_VNDR);
	}
	return !at;
}

int pci_layout_of(__u64 id, struct pci_layout *layout)
{
	unsigned char config[PCI_CONFIG_LEN];
	char path[PATH_MAX];
	ssize_t got;
	int fd, err;

	err = vvb_pci_path(path, sizeof(path), id, "config");
	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	got = read(fd, config, sizeof(config));
	err = got < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	/* others than root get the header only */
	if (got < PCI_CONFIG_LEN)
		return -EACCES;
	return pci_config_layout(config, layout) ? 0 : -EPROTO;
}
