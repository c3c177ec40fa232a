// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Advanced Error Reporting of PF and VFs, and errors on request. A VF has the status
 * registers only: what is reported, masked and how severe it is, its PF's controls say
 * (PCI Express 5.0, 9.4.2).
 */
#include "qemu/osdep.h"
#include "qapi/qmp/qdict.h"
#include "sysemu/sysemu.h"
#include "aer.h"

#define EXT_CAP_AER 0x180 /* after SR-IOV */
#define AER_VERSION 2
#define REPORTING \
	(PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE)

static const uint16_t controls[] = {
	EXT_CAP_AER + PCI_ERR_UNCOR_MASK,
	EXT_CAP_AER + PCI_ERR_UNCOR_SEVER,
	EXT_CAP_AER + PCI_ERR_COR_MASK,
	EXT_CAP_AER + PCI_ERR_CAP,
};

static void zero_controls(PCIDevice *vf, uint8_t *space)
{
	unsigned int i;

	pci_word_test_and_clear_mask(space + PCI_COMMAND, PCI_COMMAND_SERR);
	pci_word_test_and_clear_mask(space + vf->exp.exp_cap + PCI_EXP_DEVCTL, REPORTING);
	for (i = 0; i < ARRAY_SIZE(controls); i++)
		pci_set_long(space + controls[i], 0);
}

static void copy_controls(PCIDevice *vf, const PCIDevice *pf)
{
	unsigned int i;

	pci_word_test_and_set_mask(vf->config + PCI_COMMAND,
				   pci_get_word(pf->config + PCI_COMMAND) & PCI_COMMAND_SERR);
	pci_word_test_and_set_mask(vf->config + vf->exp.exp_cap + PCI_EXP_DEVCTL,
				   pci_get_word(pf->config + pf->exp.exp_cap + PCI_EXP_DEVCTL) &
					   REPORTING);
	for (i = 0; i < ARRAY_SIZE(controls); i++)
		pci_set_long(vf->config + controls[i], pci_get_long(pf->config + controls[i]));
}

bool vvb_aer_init(VvbFunction *f, Error **errp)
{
	PCIDevice *pci = PCI_DEVICE(f);

	pcie_cap_deverr_init(pci);
	if (pcie_aer_init(pci, AER_VERSION, EXT_CAP_AER, PCI_ERR_SIZEOF, errp) < 0)
		return false;
	if (f->number == NIC_PF)
		return true;
	zero_controls(pci, pci->config);
	zero_controls(pci, pci->wmask);
	return true;
}

/* QEMU 7.2 shares its way to do this with the human monitor alone, which goes by id. */
static void report(PCIDevice *pci, const char *error)
{
	DeviceState *dev = DEVICE(pci);
	char name[] = "vvb-aer";
	char *id = dev->id;
	QDict *args = qdict_new();

	qdict_put_str(args, "id", name);
	qdict_put_str(args, "error_status", error);
	dev->id = name;
	hmp_pcie_aer_inject_error(NULL, args);
	dev->id = id;
	qobject_unref(args);
}

void vvb_aer_report(VvbNic *nic, unsigned int number, const char *error)
{
	PCIDevice *pci = vvb_function(nic, number);

	if (number == NIC_PF) {
		report(pci, error);
		return;
	}
	/* QEMU goes by the function's own controls. */
	copy_controls(pci, PCI_DEVICE(nic));
	report(pci, error);
	zero_controls(pci, pci->config);
}
