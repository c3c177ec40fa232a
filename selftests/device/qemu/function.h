/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the glue share: a PCI function of the NIC, and the NIC, which is its
 * physical function (PF). The virtual functions (VF) come and go with VF Enable, so a VF
 * keeps nothing of its own: whatever it knows is in the core, behind its owner.
 */
#ifndef VVB_FUNCTION_H
#define VVB_FUNCTION_H

#include "hw/pci/pci.h"
#include "net/net.h"
#include "qemu/timer.h"
#include "../core/nic.h"

#define TYPE_VVB_FUNCTION "vvb-function"
#define TYPE_VVB_NIC "vvb-nic"
#define TYPE_VVB_NIC_VF "vvb-nic-vf"
OBJECT_DECLARE_SIMPLE_TYPE(VvbFunction, VVB_FUNCTION)
OBJECT_DECLARE_SIMPLE_TYPE(VvbNic, VVB_NIC)

/**
 * struct VvbFunction - a PCI function, PF or VF
 * @registers:	BAR 2, see bar.c
 * @msix:	BAR 4, MSI-X table and pending bits; unused with "vf-shared-bar"
 * @msix_doorbell: of a VF, in @msix
 * @owner:	the PF, for a PF itself
 * @number:	as the core counts: 0 the PF, n VF n
 * @msix_on:	what the core was told last
 * @window:	config space offset of VIRTIO_PCI_CAP_PCI_CFG
 * @pm:		the same of the Power Management capability, 0: none
 */
struct VvbFunction {
	PCIDevice parent_obj;

	MemoryRegion registers;
	MemoryRegion msix;
	MemoryRegion msix_doorbell;
	VvbNic *owner;
	unsigned int number;
	bool msix_on;
	uint8_t window;
	uint8_t pm;
};

/**
 * struct VvbNic - the PF and what belongs to the NIC as a whole
 * @core:	NULL until realized
 * @settings, @faults: what the properties say; @faults is stale once @core exists
 * @link:	property "link", before what the uplink says
 * @device_type: property "device-type": "blk", "net", or NULL, which is "net"
 * @bad_capability: one of VVB_BAD_CAPABILITIES, or NULL
 */
struct VvbNic {
	VvbFunction parent_obj;

	struct nic *core;
	struct nic_settings settings;
	struct nic_faults faults;
	QEMUTimer *timer;
	NICConf conf;
	NICState *uplink;
	bool link;
	char *device_type;
	char *bad_capability;
	bool imm_ready;
	bool vf_shared_bar;
	bool vf_pm;
	bool vf_d3_resets;
	uint16_t vf_offset;
	uint16_t vf_stride;
	uint16_t vectors;
	uint16_t vf_vectors;
};

/* The function with that number, NULL if it does not exist. */
PCIDevice *vvb_function(VvbNic *nic, unsigned int number);

bool vvb_is_pf(const VvbFunction *f);
bool vvb_is_disk(const VvbNic *nic);

#endif /* VVB_FUNCTION_H */
