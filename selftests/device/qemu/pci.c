// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The PCI side of PF and VFs: identity, capabilities, BARs, MSI-X, resets, and VF Enable,
 * by which QEMU's SR-IOV code creates and destroys the VFs.
 */
#include "qemu/osdep.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "qemu/range.h"
#include "qemu/units.h"
#include "standard-headers/linux/virtio_ids.h"
#include "standard-headers/linux/virtio_pci.h"
#include "aer.h"
#include "bar.h"
#include "knobs.h"
#include "world.h"

#define PCI_ID_NET (0x1040 + VIRTIO_ID_NET)
#define PCI_ID_BLK (0x1040 + VIRTIO_ID_BLOCK)
#define PCI_REVISION_MODERN 1
#define STATUS_IMMEDIATE_READY 0x0001
#define PM_VERSION_1_2 3
#define D3HOT 3

#define CAP_EXPRESS 0xc0 /* last, after what is placed by itself */
#define EXT_CAP_ARI 0x100
#define EXT_CAP_SRIOV 0x140

#define MSIX_BAR_SIZE 0x1000u
#define MSIX_TABLE 0x000u
#define MSIX_PENDING 0x800u
#define MAX_VECTORS 64
/* The same, where a VF has them in its register BAR. */
#define SHARED_TABLE 0x3c00u
#define SHARED_PENDING 0x3a00u

#define MEMORY_64 (PCI_BASE_ADDRESS_SPACE_MEMORY | PCI_BASE_ADDRESS_MEM_TYPE_64)

static unsigned int nr_vectors(const VvbFunction *f)
{
	return vvb_is_pf(f) ? f->owner->vectors : f->owner->vf_vectors;
}

static void tell_msix(VvbFunction *f)
{
	f->msix_on = msix_enabled(PCI_DEVICE(f));
	nic_set_msix(f->owner->core, f->number, f->msix_on, nr_vectors(f));
}

static void register_bar(VvbFunction *f, int bar, MemoryRegion *region)
{
	if (vvb_is_pf(f))
		pci_register_bar(PCI_DEVICE(f), bar, MEMORY_64, region);
	else
		pcie_sriov_vf_register_bar(PCI_DEVICE(f), bar, region);
}

static bool shares_bar(const VvbFunction *f)
{
	return !vvb_is_pf(f) && f->owner->vf_shared_bar;
}

static int place_msix(VvbFunction *f, Error **errp)
{
	PCIDevice *pci = PCI_DEVICE(f);

	if (shares_bar(f))
		return msix_init(pci, nr_vectors(f), &f->registers, VVB_REGISTERS_BAR, SHARED_TABLE,
				 &f->registers, VVB_REGISTERS_BAR, SHARED_PENDING, 0, errp);
	memory_region_init(&f->msix, OBJECT(f), "vvb-msix", MSIX_BAR_SIZE);
	if (!vvb_is_pf(f))
		vvb_msix_doorbell_init(f);
	return msix_init(pci, nr_vectors(f), &f->msix, VVB_MSIX_BAR, MSIX_TABLE, &f->msix,
			 VVB_MSIX_BAR, MSIX_PENDING, 0, errp);
}

static bool init_msix(VvbFunction *f, Error **errp)
{
	unsigned int i;

	if (place_msix(f, errp) < 0)
		return false;
	for (i = 0; i < nr_vectors(f); i++)
		msix_vector_use(PCI_DEVICE(f), i);
	return true;
}

static void init_express(VvbFunction *f)
{
	PCIDevice *pci = PCI_DEVICE(f);

	pcie_endpoint_cap_init(pci, CAP_EXPRESS);
	pcie_cap_flr_init(pci);
	pcie_ari_init(pci, EXT_CAP_ARI, 0);
	if (f->owner->imm_ready)
		pci_word_test_and_set_mask(pci->config + PCI_STATUS, STATUS_IMMEDIATE_READY);
}

/* D0 and D3hot, and no event that would wake anybody. */
static void init_power(VvbFunction *f)
{
	PCIDevice *pci = PCI_DEVICE(f);

	if (vvb_is_pf(f) || !f->owner->vf_pm)
		return;
	f->pm = pci_add_capability(pci, PCI_CAP_ID_PM, 0, PCI_PM_SIZEOF, &error_abort);
	pci_set_word(pci->config + f->pm + PCI_PM_PMC, PM_VERSION_1_2);
	pci_set_word(pci->config + f->pm + PCI_PM_CTRL,
		     f->owner->vf_d3_resets ? 0 : PCI_PM_CTRL_NO_SOFT_RESET);
	pci_set_word(pci->wmask + f->pm + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
}

static unsigned int power_state(const VvbFunction *f)
{
	const uint8_t *config = PCI_DEVICE(f)->config;

	return f->pm ? pci_get_word(config + f->pm + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK : 0;
}

static uint16_t device_id(const VvbNic *nic)
{
	return vvb_is_disk(nic) ? PCI_ID_BLK : PCI_ID_NET;
}

/* A class of QEMU has one identity, that of the network card. */
static void init_identity(VvbFunction *f)
{
	uint8_t *config = PCI_DEVICE(f)->config;

	pci_config_set_device_id(config, device_id(f->owner));
	pci_set_word(config + PCI_SUBSYSTEM_ID, device_id(f->owner));
	if (vvb_is_disk(f->owner))
		pci_config_set_class(config, PCI_CLASS_STORAGE_OTHER);
}

/* What PF and VF have in common. */
static bool init_function(VvbFunction *f, Error **errp)
{
	init_identity(f);
	vvb_registers_init(f);
	if (!init_msix(f, errp))
		return false;
	vvb_capabilities_init(f);
	init_power(f);
	init_express(f);
	if (!vvb_aer_init(f, errp))
		return false;
	register_bar(f, VVB_REGISTERS_BAR, &f->registers);
	if (!shares_bar(f))
		register_bar(f, VVB_MSIX_BAR, &f->msix);
	return true;
}

static void exit_function(VvbFunction *f)
{
	PCIDevice *pci = PCI_DEVICE(f);
	MemoryRegion *msix = shares_bar(f) ? &f->registers : &f->msix;

	pcie_aer_exit(pci);
	msix_unuse_all_vectors(pci);
	msix_uninit(pci, msix, msix);
	pcie_cap_exit(pci);
}

/* The core learns of it before the VFs go, and after they came. */
static void update_num_vfs(VvbNic *nic, unsigned int num_vfs)
{
	unsigned int n;

	if (nic_num_vfs(nic->core) == num_vfs)
		return;
	nic_set_num_vfs(nic->core, num_vfs);
	for (n = 1; n <= num_vfs; n++)
		tell_msix(VVB_FUNCTION(vvb_function(nic, n)));
	vvb_update_link(nic);
}

static void clear_vf_enable(PCIDevice *pci)
{
	update_num_vfs(VVB_NIC(pci), 0);
	pcie_sriov_pf_disable_vfs(pci);
	/* QEMU 7.2 leaves the bits set: Linux would then not restore VFs after an FLR. */
	pci_word_test_and_clear_mask(pci->config + pci->exp.sriov_cap + PCI_SRIOV_CTRL,
				     PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
}

static bool vf_mse(const VvbNic *nic)
{
	const PCIDevice *pf = PCI_DEVICE(nic);

	return pci_get_word(pf->config + pf->exp.sriov_cap + PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_MSE;
}

/*
 * A VF decodes its BARs while VF MSE of the PF is set and the VF is in D0. QEMU 7.2 looks at
 * the bit in the VF's own command register, which no driver can reach: it is put there, reads as
 * zero, and a write to that register has QEMU map the BARs anew.
 */
static void update_decoding(VvbFunction *f)
{
	PCIDevice *pci = PCI_DEVICE(f);
	uint8_t *command = pci->config + PCI_COMMAND;

	if (vf_mse(f->owner) && !power_state(f))
		pci_word_test_and_set_mask(command, PCI_COMMAND_MEMORY);
	else
		pci_word_test_and_clear_mask(command, PCI_COMMAND_MEMORY);
	pci_default_write_config(pci, PCI_COMMAND, pci_get_word(command), 2);
}

static void update_vfs_decoding(VvbNic *nic)
{
	unsigned int n;

	for (n = 1; n <= pcie_sriov_num_vfs(PCI_DEVICE(nic)); n++)
		update_decoding(VVB_FUNCTION(vvb_function(nic, n)));
}

static bool clears_vf_enable(PCIDevice *pci, uint32_t addr, uint32_t value, int len)
{
	uint32_t ctrl = pci->exp.sriov_cap + PCI_SRIOV_CTRL;

	return range_covers_byte(addr, len, ctrl) &&
	       !(value >> (8 * (ctrl - addr)) & PCI_SRIOV_CTRL_VFE);
}

static uint32_t config_read(PCIDevice *pci, uint32_t addr, int len)
{
	VvbFunction *f = VVB_FUNCTION(pci);
	uint32_t value;

	vvb_window_before_read(f, addr, len);
	value = pci_default_read_config(pci, addr, len);
	if (!vvb_is_pf(f) && range_covers_byte(addr, len, PCI_COMMAND))
		value &= ~(PCI_COMMAND_MEMORY << 8 * (PCI_COMMAND - addr));
	return value;
}

static void config_write(PCIDevice *pci, uint32_t addr, uint32_t value, int len)
{
	VvbFunction *f = VVB_FUNCTION(pci);
	unsigned int power = power_state(f);

	if (vvb_is_pf(f) && clears_vf_enable(pci, addr, value, len))
		update_num_vfs(f->owner, 0);
	pci_default_write_config(pci, addr, value, len);
	if (vvb_is_pf(f)) {
		update_num_vfs(f->owner, pcie_sriov_num_vfs(pci));
		if (ranges_overlap(addr, len, pci->exp.sriov_cap, PCI_EXT_CAP_SRIOV_SIZEOF))
			update_vfs_decoding(f->owner);
	} else if (power != power_state(f)) {
		update_decoding(f);
	}
	if (f->msix_on != msix_enabled(pci))
		tell_msix(f);
	vvb_window_after_write(f, addr, len);
	pcie_aer_write_config(pci, addr, value, len);
	pcie_cap_flr_write_config(pci, addr, value, len);
	if (power == D3HOT && !power_state(f) && f->owner->vf_d3_resets)
		pci_device_reset(pci);
}

/* Conventional reset and FLR alike; QEMU resets the PCI registers by itself. */
static void function_reset(DeviceState *dev)
{
	VvbFunction *f = VVB_FUNCTION(dev);

	if (vvb_is_pf(f))
		clear_vf_enable(PCI_DEVICE(dev));
	pcie_cap_deverr_reset(PCI_DEVICE(dev));
	nic_fn_reset(f->owner->core, f->number);
	f->msix_on = false;
}

/* What is said of the type goes before all else, which depends on it. */
static bool set_type(VvbNic *nic, Error **errp)
{
	struct nic_settings *s = &nic->settings;

	if (!nic->device_type || !strcmp(nic->device_type, "net")) {
		s->type = NIC_TYPE_NET;
	} else if (!strcmp(nic->device_type, "blk")) {
		s->type = NIC_TYPE_BLK;
	} else {
		error_setg(errp, "device-type: what is '%s'? One of net blk", nic->device_type);
		return false;
	}
	if (!s->config_len)
		s->config_len = nic_config_len(s->type);
	return true;
}

static bool check_settings(VvbNic *nic, Error **errp)
{
	const struct nic_settings *s = &nic->settings;
	unsigned int last =
		PCI_DEVICE(nic)->devfn + nic->vf_offset + (s->max_vfs - 1) * nic->vf_stride;

	if (!s->max_vfs || s->max_vfs > NIC_MAX_VFS)
		error_setg(errp, "num-vfs must be 1..%u", NIC_MAX_VFS);
	else if (!nic->vf_offset || !nic->vf_stride || last > 0xff)
		error_setg(errp, "vf-offset and vf-stride must leave all VFs on the PF's bus");
	else if (!nic->vectors || nic->vectors > MAX_VECTORS || !nic->vf_vectors ||
		 nic->vf_vectors > MAX_VECTORS)
		error_setg(errp, "vectors and vf-vectors must be 1..%u", MAX_VECTORS);
	else if (s->config_len < nic_config_len(s->type) || s->config_len > NIC_DEVICE_CFG_MAX)
		error_setg(errp, "config-len must be %u..%u", nic_config_len(s->type),
			   NIC_DEVICE_CFG_MAX);
	else if (!s->disk_size || s->disk_size % NIC_SECTOR || s->disk_size > NIC_DISK_MAX)
		error_setg(errp, "disk-size must be sectors of %u bytes, up to 1 GiB", NIC_SECTOR);
	else if (vvb_is_disk(nic) && nic->conf.peers.ncs[0])
		error_setg(errp, "netdev: a disk has no uplink");
	else if (!s->pf_pairs || s->pf_pairs > NIC_MAX_PAIRS || !s->vf_pairs ||
		 s->vf_pairs > NIC_MAX_PAIRS)
		error_setg(errp, "queue-pairs and vf-queue-pairs must be 1..%u", NIC_MAX_PAIRS);
	else if (!vvb_bad_capability_ok(nic->bad_capability))
		error_setg(errp, "bad-capability: what is '%s'? One of " VVB_BAD_CAPABILITIES,
			   nic->bad_capability);
	else if (nic->vf_d3_resets && !nic->vf_pm)
		error_setg(errp, "vf-d3-resets needs vf-pm");
	else if (!pci_bus_is_express(pci_get_bus(PCI_DEVICE(nic))))
		error_setg(errp, "needs a PCI Express port");
	else
		return true;
	return false;
}

static void init_sriov(VvbNic *nic)
{
	PCIDevice *pci = PCI_DEVICE(nic);
	VvbFunction vf = { .number = 1 };

	pcie_sriov_pf_init(pci, EXT_CAP_SRIOV, TYPE_VVB_NIC_VF, device_id(nic),
			   nic->settings.max_vfs, nic->settings.max_vfs, nic->vf_offset,
			   nic->vf_stride);
	pcie_sriov_pf_init_vf_bar(pci, VVB_REGISTERS_BAR, MEMORY_64, vvb_registers_size(&vf));
	if (!nic->vf_shared_bar)
		pcie_sriov_pf_init_vf_bar(pci, VVB_MSIX_BAR, MEMORY_64, MSIX_BAR_SIZE);
}

static void pf_realize(PCIDevice *pci, Error **errp)
{
	VvbFunction *f = VVB_FUNCTION(pci);
	VvbNic *nic = VVB_NIC(pci);

	f->owner = nic;
	if (!set_type(nic, errp) || !check_settings(nic, errp) || !init_function(f, errp))
		return;
	init_sriov(nic);
	if (!vvb_world_init(nic, errp)) {
		pcie_sriov_pf_exit(pci);
		exit_function(f);
		return;
	}
	tell_msix(f);
}

static void pf_exit(PCIDevice *pci)
{
	update_num_vfs(VVB_NIC(pci), 0);
	pcie_sriov_pf_exit(pci);
	vvb_world_exit(VVB_NIC(pci));
	exit_function(VVB_FUNCTION(pci));
}

static void vf_realize(PCIDevice *pci, Error **errp)
{
	VvbFunction *f = VVB_FUNCTION(pci);

	if (!pci_is_vf(pci)) {
		error_setg(errp, TYPE_VVB_NIC_VF " is created by VF Enable of its PF only");
		return;
	}
	f->owner = VVB_NIC(pcie_sriov_get_pf(pci));
	f->number = pcie_sriov_vf_number(pci) + 1;
	pci_word_test_and_clear_mask(pci->wmask + PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
								       PCI_COMMAND_INTX_DISABLE);
	init_function(f, errp);
}

static void vf_exit(PCIDevice *pci)
{
	exit_function(VVB_FUNCTION(pci));
}

/* Every other setting is a property and has its default there. */
static void pf_instance_init(Object *obj)
{
	VvbNic *nic = VVB_NIC(obj);

	nic->settings.member_bar = VVB_REGISTERS_BAR;
	nic->settings.member_offset = VVB_LEGACY_DOORBELL;
	nic->settings.owner_bar = VVB_REGISTERS_BAR;
	nic->settings.owner_offset = VVB_OWNER_DOORBELLS;
	nic->settings.msix_bar = VVB_MSIX_BAR;
	nic->settings.msix_offset = VVB_MSIX_DOORBELL;
	nic_faults_init(&nic->faults);
	nic->link = true;
}

static Property pf_properties[] = {
	DEFINE_NIC_PROPERTIES(VvbNic, conf),
	DEFINE_PROP_UINT32("num-vfs", VvbNic, settings.max_vfs, 4),
	DEFINE_PROP_UINT16("vf-offset", VvbNic, vf_offset, 1),
	DEFINE_PROP_UINT16("vf-stride", VvbNic, vf_stride, 1),
	DEFINE_PROP_UINT16("vectors", VvbNic, vectors, 4),
	DEFINE_PROP_UINT16("vf-vectors", VvbNic, vf_vectors, 4),
	DEFINE_PROP_UINT16("queue-size", VvbNic, settings.queue_size, 256),
	DEFINE_PROP_UINT16("admin-queue-size", VvbNic, settings.admin_queue_size, 64),
	DEFINE_PROP_UINT16("queue-pairs", VvbNic, settings.pf_pairs, 1),
	DEFINE_PROP_UINT16("vf-queue-pairs", VvbNic, settings.vf_pairs, 1),
	DEFINE_PROP_UINT16("mtu", VvbNic, settings.mtu, 1500),
	DEFINE_PROP_STRING("device-type", VvbNic, device_type),
	DEFINE_PROP_SIZE("disk-size", VvbNic, settings.disk_size, 64 * MiB),
	DEFINE_PROP_UINT16("config-len", VvbNic, settings.config_len, 0),
	DEFINE_PROP_BOOL("indirect", VvbNic, settings.pf_indirect, false),
	DEFINE_PROP_BOOL("vf-indirect", VvbNic, settings.vf_indirect, true),
	DEFINE_PROP_BOOL("event-idx", VvbNic, settings.event_idx, false),
	DEFINE_PROP_BOOL("ring-reset", VvbNic, settings.ring_reset, false),
	DEFINE_PROP_BOOL("requires-version-1", VvbNic, settings.requires_version_1, true),
	DEFINE_PROP_BOOL("offer-access-platform", VvbNic, settings.offer_access_platform, true),
	DEFINE_PROP_STRING("bad-capability", VvbNic, bad_capability),
	DEFINE_PROP_BOOL("offer-admin-vq", VvbNic, settings.admin_vq, true),
	DEFINE_PROP_BOOL("legacy-commands", VvbNic, settings.legacy_commands, true),
	DEFINE_PROP_BOOL("strict-vf-enable", VvbNic, settings.strict_vf_enable, false),
	DEFINE_PROP_BOOL("imm-ready", VvbNic, imm_ready, false),
	DEFINE_PROP_BOOL("vf-shared-bar", VvbNic, vf_shared_bar, false),
	DEFINE_PROP_BOOL("vf-pm", VvbNic, vf_pm, false),
	DEFINE_PROP_BOOL("vf-d3-resets", VvbNic, vf_d3_resets, false),
	DEFINE_PROP_END_OF_LIST(),
};

static const VMStateDescription no_migration = {
	.name = TYPE_VVB_FUNCTION,
	.unmigratable = 1,
};

static void function_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

	pc->config_read = config_read;
	pc->config_write = config_write;
	pc->vendor_id = PCI_VENDOR_ID_REDHAT_QUMRANET;
	pc->device_id = PCI_ID_NET;
	pc->revision = PCI_REVISION_MODERN;
	pc->class_id = PCI_CLASS_NETWORK_ETHERNET;
	pc->subsystem_vendor_id = PCI_VENDOR_ID_REDHAT_QUMRANET;
	pc->subsystem_id = PCI_ID_NET;
	dc->reset = function_reset;
	dc->vmsd = &no_migration;
	set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
}

static void pf_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

	pc->realize = pf_realize;
	pc->exit = pf_exit;
	dc->desc = "SR-IOV virtio NIC with an administration virtqueue";
	device_class_set_props(dc, pf_properties);
	vvb_knobs_init(klass);
}

static void vf_class_init(ObjectClass *klass, void *data)
{
	DeviceClass *dc = DEVICE_CLASS(klass);
	PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

	pc->realize = vf_realize;
	pc->exit = vf_exit;
	dc->desc = "Virtual function of " TYPE_VVB_NIC;
	dc->user_creatable = false;
}

static const TypeInfo function_types[] = {
	{
		.name = TYPE_VVB_FUNCTION,
		.parent = TYPE_PCI_DEVICE,
		.abstract = true,
		.instance_size = sizeof(VvbFunction),
		.class_init = function_class_init,
		.interfaces = (InterfaceInfo[]) { { INTERFACE_PCIE_DEVICE }, {} },
	},
	{
		.name = TYPE_VVB_NIC,
		.parent = TYPE_VVB_FUNCTION,
		.instance_size = sizeof(VvbNic),
		.instance_init = pf_instance_init,
		.class_init = pf_class_init,
	},
	{
		.name = TYPE_VVB_NIC_VF,
		.parent = TYPE_VVB_FUNCTION,
		.class_init = vf_class_init,
	},
};
DEFINE_TYPES(function_types)
