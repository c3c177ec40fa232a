// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BAR 2, every access trapped, and the virtio vendor capabilities (virtio 1.3, 4.1.4)
 * that say where in it what is:
 *
 *	0x0000	common configuration
 *	0x1000	ISR status
 *	0x2000	device configuration
 *	0x3000	doorbells of the modern interface, one 32-bit slot per queue
 *	0x3800	VF: doorbell of the legacy interface, 16 bits, the value is the queue
 *	0x4000	PF: the same for VF 1, VF 2, ..., 16 bits each
 *
 * And with "notify-list" msix-bar a second legacy doorbell of a VF in BAR 4, beside its MSI-X
 * table.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/range.h"
#include "standard-headers/linux/virtio_pci.h"
#include "bar.h"

#define COMMON_CFG 0x0000u
#define ISR_STATUS 0x1000u
#define DEVICE_CFG 0x2000u
#define DOORBELLS 0x3000u
#define DOORBELL_SIZE 4u
#define VF_REGISTERS_SIZE 0x4000u
#define PF_REGISTERS_SIZE 0x8000u

static unsigned int nr_queues(const VvbFunction *f)
{
	return nic_nr_queues(&f->owner->settings, f->number);
}

static unsigned int config_len(const VvbFunction *f)
{
	return f->owner->settings.config_len;
}

static bool within(uint64_t addr, uint64_t start, uint64_t len)
{
	return addr >= start && addr - start < len;
}

static uint64_t registers_read(void *opaque, hwaddr addr, unsigned int size)
{
	VvbFunction *f = opaque;
	struct nic *core = f->owner->core;

	nic_bar_access(core, f->number);
	if (within(addr, COMMON_CFG, NIC_COMMON_CFG_LEN))
		return nic_common_read(core, f->number, addr - COMMON_CFG, size);
	if (within(addr, ISR_STATUS, NIC_ISR_LEN))
		return nic_isr_read(core, f->number);
	if (within(addr, DEVICE_CFG, config_len(f)))
		return nic_device_cfg_read(core, f->number, addr - DEVICE_CFG, size);
	return 0;
}

/* The legacy doorbells exist in one width only. */
static bool legacy_doorbell_write(VvbFunction *f, hwaddr addr, uint64_t value, unsigned int size)
{
	struct nic *core = f->owner->core;

	if (size != sizeof(uint16_t))
		return false;
	if (addr == VVB_LEGACY_DOORBELL && !vvb_is_pf(f))
		nic_legacy_notify(core, f->number, value);
	else if (within(addr, VVB_OWNER_DOORBELLS, 2 * nic_num_vfs(core)))
		nic_owner_notify(core, 1 + (addr - VVB_OWNER_DOORBELLS) / 2, value);
	else
		return false;
	return true;
}

static void registers_write(void *opaque, hwaddr addr, uint64_t value, unsigned int size)
{
	VvbFunction *f = opaque;
	struct nic *core = f->owner->core;

	if (legacy_doorbell_write(f, addr, value, size))
		return;
	nic_bar_access(core, f->number);
	if (within(addr, COMMON_CFG, NIC_COMMON_CFG_LEN))
		nic_common_write(core, f->number, addr - COMMON_CFG, value, size);
	else if (within(addr, DEVICE_CFG, config_len(f)))
		nic_device_cfg_write(core, f->number, addr - DEVICE_CFG, value, size);
	else if (within(addr, DOORBELLS, nr_queues(f) * DOORBELL_SIZE))
		nic_notify(core, f->number, (addr - DOORBELLS) / DOORBELL_SIZE);
}

static const MemoryRegionOps registers_ops = {
	.read = registers_read,
	.write = registers_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 1, .max_access_size = 4 },
	.impl = { .min_access_size = 1, .max_access_size = 4 },
};

uint64_t vvb_registers_size(const VvbFunction *f)
{
	return vvb_is_pf(f) ? PF_REGISTERS_SIZE : VF_REGISTERS_SIZE;
}

void vvb_registers_init(VvbFunction *f)
{
	memory_region_init_io(&f->registers, OBJECT(f), &registers_ops, f, "vvb-registers",
			      vvb_registers_size(f));
	/* A ring may lie in a BAR of the NIC: the core copes with re-entry by itself. */
	f->registers.disable_reentrancy_guard = true;
}

static uint64_t msix_doorbell_read(void *opaque, hwaddr addr, unsigned int size)
{
	return 0;
}

static void msix_doorbell_write(void *opaque, hwaddr addr, uint64_t value, unsigned int size)
{
	VvbFunction *f = opaque;
	struct nic_faults faults;

	nic_get_faults(f->owner->core, &faults);
	if (faults.notify_list == NIC_LIST_MSIX_BAR)
		nic_legacy_notify(f->owner->core, f->number, value);
}

static const MemoryRegionOps msix_doorbell_ops = {
	.read = msix_doorbell_read,
	.write = msix_doorbell_write,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 2, .max_access_size = 2 },
	.impl = { .min_access_size = 2, .max_access_size = 2 },
};

/*
 * A second legacy doorbell, in the BAR that stays open to who has the MSI-X table. It does
 * nothing while LEGACY_NOTIFY_INFO names another.
 */
void vvb_msix_doorbell_init(VvbFunction *f)
{
	memory_region_init_io(&f->msix_doorbell, OBJECT(f), &msix_doorbell_ops, f,
			      "vvb-msix-doorbell", 2);
	f->msix_doorbell.disable_reentrancy_guard = true;
	memory_region_add_subregion(&f->msix, VVB_MSIX_DOORBELL, &f->msix_doorbell);
}

/* Config space has room for all of them, so this cannot fail. */
static uint8_t add_capability(VvbFunction *f, uint8_t type, uint8_t size, uint32_t offset,
			      uint32_t length)
{
	PCIDevice *pci = PCI_DEVICE(f);
	uint8_t pos = pci_add_capability(pci, PCI_CAP_ID_VNDR, 0, size, &error_abort);
	uint8_t *cap = pci->config + pos;

	cap[VIRTIO_PCI_CAP_LEN] = size;
	cap[VIRTIO_PCI_CAP_CFG_TYPE] = type;
	cap[VIRTIO_PCI_CAP_BAR] = VVB_REGISTERS_BAR;
	pci_set_long(cap + VIRTIO_PCI_CAP_OFFSET, offset);
	pci_set_long(cap + VIRTIO_PCI_CAP_LENGTH, length);
	return pos;
}

static void add_area(VvbFunction *f, uint8_t type, uint32_t offset, uint32_t length)
{
	add_capability(f, type, sizeof(struct virtio_pci_cap), offset, length);
}

static void add_notify(VvbFunction *f)
{
	uint8_t pos =
		add_capability(f, VIRTIO_PCI_CAP_NOTIFY_CFG, sizeof(struct virtio_pci_notify_cap),
			       DOORBELLS, nr_queues(f) * DOORBELL_SIZE);

	pci_set_long(PCI_DEVICE(f)->config + pos + VIRTIO_PCI_NOTIFY_CAP_MULT, DOORBELL_SIZE);
}

/* BAR, offset, length and data are the driver's to write. */
static void add_window(VvbFunction *f)
{
	uint8_t *wmask;

	f->window =
		add_capability(f, VIRTIO_PCI_CAP_PCI_CFG, sizeof(struct virtio_pci_cfg_cap), 0, 0);
	wmask = PCI_DEVICE(f)->wmask + f->window;
	pci_set_byte(wmask + VIRTIO_PCI_CAP_BAR, 0xff);
	pci_set_long(wmask + VIRTIO_PCI_CAP_OFFSET, 0xffffffff);
	pci_set_long(wmask + VIRTIO_PCI_CAP_LENGTH, 0xffffffff);
	pci_set_long(wmask + sizeof(struct virtio_pci_cap), 0xffffffff);
}

bool vvb_bad_capability_ok(const char *word)
{
	g_auto(GStrv) words = g_strsplit(VVB_BAD_CAPABILITIES, " ", 0);

	return !word || g_strv_contains((const char *const *)words, word);
}

/* What the VFs' capability at @pos says is not so. Where it points there is nothing, or the wrong thing. */
static void falsify(VvbFunction *f, uint8_t pos)
{
	const char *how = f->owner->bad_capability;
	uint8_t *cap = PCI_DEVICE(f)->config + pos;

	if (!how || vvb_is_pf(f))
		return;
	if (!strcmp(how, "out-of-bounds"))
		pci_set_long(cap + VIRTIO_PCI_CAP_OFFSET, vvb_registers_size(f) - 4);
	else if (!strcmp(how, "absent-bar"))
		cap[VIRTIO_PCI_CAP_BAR] = 0;
	else if (!strcmp(how, "zero-length"))
		pci_set_long(cap + VIRTIO_PCI_CAP_LENGTH, 0);
	else
		pci_set_long(cap + VIRTIO_PCI_CAP_OFFSET, DEVICE_CFG);
}

void vvb_capabilities_init(VvbFunction *f)
{
	falsify(f, add_capability(f, VIRTIO_PCI_CAP_COMMON_CFG, sizeof(struct virtio_pci_cap),
				  COMMON_CFG, NIC_COMMON_CFG_LEN));
	add_notify(f);
	add_area(f, VIRTIO_PCI_CAP_ISR_CFG, ISR_STATUS, NIC_ISR_LEN);
	add_area(f, VIRTIO_PCI_CAP_DEVICE_CFG, DEVICE_CFG, config_len(f));
	add_window(f);
}

/*
 * VIRTIO_PCI_CAP_PCI_CFG: touching its data field is an access to the BAR (4.1.4.9).
 * Nothing happens for another BAR, a width other than 1, 2 or 4, or an unaligned offset.
 *
 * Return: its data field if this access to config space touches it and may go on.
 */
static uint8_t *window_data(VvbFunction *f, uint32_t addr, int len, uint32_t *offset,
			    uint32_t *width)
{
	uint8_t *cap = PCI_DEVICE(f)->config + f->window;

	if (!ranges_overlap(addr, len, f->window + sizeof(struct virtio_pci_cap), 4))
		return NULL;
	*offset = pci_get_long(cap + VIRTIO_PCI_CAP_OFFSET);
	*width = pci_get_long(cap + VIRTIO_PCI_CAP_LENGTH);
	if (*width != 1 && *width != 2 && *width != 4)
		return NULL;
	if (cap[VIRTIO_PCI_CAP_BAR] != VVB_REGISTERS_BAR || *offset % *width ||
	    *offset > vvb_registers_size(f) - *width)
		return NULL;
	return cap + sizeof(struct virtio_pci_cap);
}

void vvb_window_before_read(VvbFunction *f, uint32_t addr, int len)
{
	uint32_t offset, width;
	uint8_t *data = window_data(f, addr, len, &offset, &width);

	if (data)
		pci_set_long(data, registers_read(f, offset, width));
}

void vvb_window_after_write(VvbFunction *f, uint32_t addr, int len)
{
	uint32_t offset, width;
	uint8_t *data = window_data(f, addr, len, &offset, &width);

	if (data)
		registers_write(f, offset, extract64(pci_get_long(data), 0, 8 * width), width);
}
